/** What all cases of a shard share: images, the control container with ansible-core, the built vpai, a work folder. */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { docker } from '../../src/sandbox/docker-engine.ts'
import { builtProgram } from '../cli/program.ts'
import { generateKey } from '../connections/sshd.ts'
import { exclusively } from '../testbed/exclusive.ts'
import { ownedByThisProcess, removeLeftovers } from '../testbed/leftovers.ts'
import { useOuterEngine } from '../testbed/outer-engine.ts'
import { ensureControl, ensureTarget } from './images.ts'

export interface Stage {
  /** Mounted in the control container under the same path. */
  readonly work: string
  /** host_key, id and authorized_keys of the hosts without systemd. */
  readonly keys: string
  readonly targetImage: string
  readonly controlImage: string
  /** Kept between runs of the suite. */
  readonly cache: string
  readonly control: string
  /** The path of vpai.mjs. */
  readonly program: string
  close(): Promise<void>
}

export async function openStage(): Promise<Stage> {
  const cache = process.env.VPAI_TESTBED_CACHE ?? path.join(tmpdir(), 'vpai-testbed')
  mkdirSync(cache, { recursive: true })
  const work = mkdtempSync(path.join(tmpdir(), 'vpai-differential-'))
  const undo: (() => Promise<unknown>)[] = [async () => rmSync(work, { recursive: true, force: true })]
  const close = async () => {
    for (const step of undo.splice(0).reverse()) await step()
  }
  try {
    undo.push(await useOuterEngine(cache))
    const [targetImage, controlImage] = await exclusively(path.join(cache, 'building'), async () => {
      await removeLeftovers()
      return [await ensureTarget(), await ensureControl()] as const
    })
    const control = path.basename(work)
    undo.push(() => docker(['rm', '-f', control]))
    await docker([
      ...['run', '-d', '--init', '--name', control, '--network', 'host', ...ownedByThisProcess()],
      ...['-v', `${work}:${work}`, controlImage],
    ])
    const program = builtProgram()
    undo.push(async () => rmSync(path.dirname(program), { recursive: true, force: true }))
    return { work, cache, keys: writeKeys(work), targetImage, controlImage, control, program, close }
  } catch (error) {
    await close()
    throw error
  }
}

function writeKeys(work: string): string {
  const keys = path.join(work, 'keys')
  mkdirSync(keys)
  generateKey(path.join(keys, 'host_key'), ['-t', 'ed25519'])
  generateKey(path.join(keys, 'id'), ['-t', 'ed25519'])
  copyFileSync(path.join(keys, 'id.pub'), path.join(keys, 'authorized_keys'))
  return keys
}
