/** The state folder of one throw-away host: sandbox.json and the files that `up` wrote beside it. */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { VpaiError } from '../base/error.ts'
import type { ProcessIdentity } from './process-identity.ts'
import type { SandboxInfo } from './sandbox-info.ts'

export interface SandboxState {
  readonly version: 1
  /** `starting` is left behind when `up` died half way. */
  readonly phase: 'starting' | 'up'
  readonly info: SandboxInfo
  readonly processes: readonly ProcessIdentity[]
}

const STATE_FILE = 'sandbox.json'
const FILES = [
  STATE_FILE,
  `${STATE_FILE}.new`,
  'id_ed25519',
  'id_ed25519.pub',
  'known_hosts',
  'host_key',
  'sandbox.log',
]

export function readState(dir: string): SandboxState | null {
  const path = join(dir, STATE_FILE)
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    return null
  }
  try {
    const state = JSON.parse(text) as SandboxState
    if (state.version === 1 && Array.isArray(state.processes) && typeof state.info.name === 'string')
      return state
  } catch {
    // Told below, with the path.
  }
  throw new VpaiError(
    'SANDBOX_STATE_UNREADABLE',
    `${path} is not a sandbox state file this version can read.`,
    {
      hint: `Remove the folder ${dir} when no sandbox of that name runs.`,
    },
  )
}

export function writeState(dir: string, state: SandboxState): void {
  const path = join(dir, STATE_FILE)
  writeFileSync(`${path}.new`, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 })
  renameSync(`${path}.new`, path)
}

export function createStateFolder(dir: string): void {
  mkdirSync(dir, { recursive: true, mode: 0o700 })
}

/** Removes what `up` wrote and nothing else; the folder goes too when that leaves it empty. */
export function removeState(dir: string): void {
  for (const file of FILES) rmSync(join(dir, file), { force: true })
  removeEmptyFolder(join(dir, 'mnt'))
  removeEmptyFolder(dir)
}

/** Names of the folders under `parent` that hold a state file. */
export function stateFolders(parent: string): string[] {
  try {
    return readdirSync(parent, { withFileTypes: true })
      .filter(entry => entry.isDirectory())
      .map(entry => join(parent, entry.name))
      .filter(dir => readdirSync(dir).includes(STATE_FILE))
  } catch {
    return []
  }
}

/** Does nothing where there is no folder, or somebody's files are in it. */
export function removeEmptyFolder(dir: string): void {
  try {
    rmdirSync(dir)
  } catch {
    // Told in the contract.
  }
}
