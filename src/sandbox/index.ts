/** Throw-away hosts to try a project on: `vpai sandbox up`, `make demo` and the test bed. */
import { resolve } from 'node:path'
import { VpaiError } from '../base/error.ts'
import { dockerTrouble, downDocker, upDocker } from './docker.ts'
import { downEmbedded, embeddedTrouble, upEmbedded } from './embedded.ts'
import type { SandboxInfo, SandboxStatus, UpOptions } from './sandbox-info.ts'
import {
  createStateFolder,
  readState,
  removeEmptyFolder,
  removeState,
  stateFolders,
} from './sandbox-state.ts'

export type { Backend, SandboxInfo, SandboxStatus, Tier, UpOptions } from './sandbox-info.ts'

/** Letters, digits and dashes: the name becomes a hostname and a container name. */
const NAME = /^[a-z0-9]([a-z0-9-]{0,40}[a-z0-9])?$/i

/**
 * Starts the host, or gives back the one that already runs there. Leftovers of one that died are removed first.
 * The host outlives this process until `down`.
 */
export async function up(options: UpOptions): Promise<SandboxInfo> {
  if (!NAME.test(options.name)) {
    throw new VpaiError('SANDBOX_NAME_INVALID', `"${options.name}" cannot be the name of a sandbox.`, {
      hint: 'Use letters, digits and dashes, at most 42 of them.',
    })
  }
  const dir = resolve(options.dir)
  const found = await status(options.name, dir)
  if (found.kind === 'running') {
    if (found.info.backend === options.backend) return found.info
    throw new VpaiError(
      'SANDBOX_ALREADY_UP',
      `The sandbox ${options.name} runs with the backend ${found.info.backend}.`,
      {
        hint: `End it first: vpai sandbox down --name ${options.name}`,
      },
    )
  }
  if (found.kind === 'broken') await down(options.name, dir)
  createStateFolder(dir)
  const resolved = { ...options, dir }
  try {
    return options.backend === 'docker' ? await upDocker(resolved) : await upEmbedded(resolved)
  } catch (error) {
    // Both backends end what they started; an empty state folder may be left.
    removeEmptyFolder(dir)
    throw error
  }
}

/** Ends the host and removes everything `up` made. Resolves to false when there was none. */
export async function down(name: string, dir: string): Promise<boolean> {
  const state = readState(resolve(dir))
  if (state === null) {
    removeState(resolve(dir))
    return false
  }
  if (state.info.name !== name) {
    throw new VpaiError(
      'SANDBOX_NAME_MISMATCH',
      `The folder ${dir} belongs to the sandbox ${state.info.name}, not ${name}.`,
    )
  }
  if (state.info.backend === 'docker') await downDocker(state)
  else await downEmbedded(state)
  removeState(resolve(dir))
  return true
}

export async function status(_name: string, dir: string): Promise<SandboxStatus> {
  const state = readState(resolve(dir))
  if (state === null) return { kind: 'absent' }
  const reason = state.info.backend === 'docker' ? await dockerTrouble(state) : embeddedTrouble(state)
  return reason === null
    ? { kind: 'running', info: state.info }
    : { kind: 'broken', info: state.info, reason }
}

/** Every host with a state folder under `parent` (for example `.vpai/sandbox`), with how it is. */
export async function list(parent: string): Promise<Exclude<SandboxStatus, { kind: 'absent' }>[]> {
  const found = await Promise.all(stateFolders(resolve(parent)).map(dir => status('', dir)))
  return found.filter(each => each.kind !== 'absent')
}
