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
import type { Case } from './cases.ts'
import { ensureControl, ensureTarget, ensureTargetWithPrograms } from './images.ts'

export interface Stage {
  /** Mounted in the control container under the same path. */
  readonly work: string
  /** host_key, id and authorized_keys of the hosts without systemd. */
  readonly keys: string
  readonly targetImage: string
  /** The target with a program for every module; built when a case of the shard wants it. */
  readonly programsImage: string | null
  readonly controlImage: string
  /** Kept between runs of the suite. */
  readonly cache: string
  readonly control: string
  /** The path of vpai.mjs. */
  readonly program: string
  close(): Promise<void>
}

export async function openStage(options: { readonly programs: boolean }): Promise<Stage> {
  const cache = process.env.VPAI_TESTBED_CACHE ?? path.join(tmpdir(), 'vpai-testbed')
  mkdirSync(cache, { recursive: true })
  const work = mkdtempSync(path.join(tmpdir(), 'vpai-differential-'))
  const undo: (() => Promise<unknown>)[] = [async () => rmSync(work, { recursive: true, force: true })]
  const close = async () => {
    for (const step of undo.splice(0).reverse()) await step()
  }
  try {
    undo.push(await useOuterEngine(cache))
    const images = await exclusively(path.join(cache, 'building'), async () => {
      await removeLeftovers()
      const programsImage = options.programs ? await ensureTargetWithPrograms() : null
      return { targetImage: await ensureTarget(), controlImage: await ensureControl(), programsImage }
    })
    const control = path.basename(work)
    undo.push(() => docker(['rm', '-f', control]))
    await docker([
      ...['run', '-d', '--init', '--name', control, '--network', 'host', ...ownedByThisProcess()],
      ...['-v', `${work}:${work}`, images.controlImage],
    ])
    const program = builtProgram()
    undo.push(async () => rmSync(path.dirname(program), { recursive: true, force: true }))
    return { work, cache, keys: writeKeys(work), ...images, control, program, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** The image of a case's host. */
export function imageOf(stage: Stage, { programs }: Case): string {
  if (!programs) return stage.targetImage
  if (stage.programsImage === null) throw new Error('the stage was opened without programs')
  return stage.programsImage
}

function writeKeys(work: string): string {
  const keys = path.join(work, 'keys')
  mkdirSync(keys)
  generateKey(path.join(keys, 'host_key'), ['-t', 'ed25519'])
  generateKey(path.join(keys, 'id'), ['-t', 'ed25519'])
  copyFileSync(path.join(keys, 'id.pub'), path.join(keys, 'authorized_keys'))
  return keys
}
