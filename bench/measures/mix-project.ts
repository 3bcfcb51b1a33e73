/** The mix as a project for one host, and what Ansible's share of it is. */
import path from 'node:path'
import { execa } from 'execa'
import type { Lab } from '../kit/lab.ts'
import { writeAnsibleConfig, writeInventory, writeProject } from '../kit/project.ts'
import type { Scale } from '../kit/rounds.ts'
import type { Target } from '../kit/target.ts'
import { BASE, mix } from '../plays/mix.ts'

export interface MixProject {
  readonly folder: string
  readonly knownHosts: string
}

export interface MixRequest {
  readonly tasks: number
  readonly always: number
  readonly port: number
  readonly forks?: number
}

/** Projects of one size share a folder: vpai remembers there what it asked for the last time. */
export function mixProject(
  lab: Lab,
  target: Target,
  { tasks, always, port, forks = 5 }: MixRequest,
): MixProject {
  const folder = writeProject(path.join(lab.work, `mix-${tasks}-${always}`), mix({ tasks, always }))
  writeInventory(folder, [{ name: 'host1', port }], target)
  writeAnsibleConfig(folder, 'ansible', { forks, mitogen: false })
  writeAnsibleConfig(folder, 'mitogen', { forks, mitogen: true })
  return { folder, knownHosts: path.join(folder, 'known_hosts') }
}

/** As before a first run. */
export async function emptyHost(target: Target): Promise<void> {
  const [program = '', ...rest] = target.machine.inside('/')
  await execa(program, [...rest, 'rm', '-rf', BASE])
}

/** Whole twenties, the mix's own length, so that a share is the same mix. */
export function shareOf(tasks: number, share: number): { readonly tasks: number; readonly scale?: Scale } {
  const part = Math.min(tasks, Math.max(20, Math.round((tasks * share) / 20) * 20))
  return part === tasks
    ? { tasks }
    : { tasks: part, scale: { factor: tasks / part, text: `from ${part} of ${tasks} tasks` } }
}
