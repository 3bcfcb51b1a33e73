/** What every measure works with: the hosts, the machine Ansible runs on, a scratch folder, and the way to run each side. */
import { mkdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import type { Options, PeerName } from '../options.ts'
import { freePorts } from './free-ports.ts'
import { insideEnvironment, type Machine, startMachine } from './machine.ts'
import { CONTROL, ensureRoot, TARGET } from './root-folders.ts'
import type { Command } from './run.ts'
import { startTarget, type Target } from './target.ts'

export interface Lab {
  readonly options: Options
  /** Projects are written below; Ansible's machine sees it under the same name. */
  readonly work: string
  readonly log: (line: string) => void
  /** The hosts are started with the first that asks for so many. */
  hosts(count: number): Promise<Target>
  has(peer: PeerName): boolean
  /** `vpai run play.yml`, and what else is given. */
  vpai(folder: string, args?: readonly string[]): Command
  /** `ansible-playbook play.yml` with `NAME.cfg` of the folder. */
  ansible(folder: string, config: string, args?: readonly string[]): Command
  /** Anything on Ansible's machine. */
  onControl(folder: string, argv: readonly string[]): Command
  /** Ends the masters that ControlPersist keeps, so that the next run begins with a login, too. */
  forgetConnections(): Promise<void>
  close(): Promise<void>
}

export interface LabRequest {
  readonly options: Options
  readonly cache: string
  readonly work: string
  readonly vpaiProgram: string
  readonly log: (line: string) => void
}

export async function openLab({ options, cache, work, vpaiProgram, log }: LabRequest): Promise<Lab> {
  const projects = path.join(work, 'projects')
  mkdirSync(projects, { recursive: true })
  const usesAnsible = options.peers.includes('ansible') || options.peers.includes('mitogen')
  const controlRoot = usesAnsible ? await ensureRoot(cache, CONTROL, log) : null
  const targetRoot = await ensureRoot(cache, TARGET, log)
  let control: Machine | null = null
  let target: Target | null = null
  let generation = 0
  const startControl = async (): Promise<Machine | null> =>
    controlRoot === null
      ? null
      : startMachine({
          root: controlRoot,
          scratch: path.join(work, `control${generation++}`),
          shared: [projects],
          script: 'echo up; while :; do sleep 3600 & wait $!; done',
        })
  const inControl = (folder: string) => {
    if (control === null) throw new Error('Ansible is not among the peers')
    return control.inside(folder)
  }
  control = await startControl()
  const node = options.profile === null ? [] : ['--cpu-prof', `--cpu-prof-dir=${options.profile}`]
  return {
    options,
    work: projects,
    log,
    hosts: async count => {
      if (target !== null && target.ports.length >= count) return target
      await target?.stop()
      if (target !== null) rmSync(path.join(projects, 'keys'), { recursive: true })
      target = await startTarget(
        targetRoot,
        { work, keys: path.join(projects, 'keys') },
        await freePorts(count),
      )
      return target
    },
    has: peer => options.peers.includes(peer),
    vpai: (folder, args = []) => ({
      argv: [
        process.execPath,
        ...node,
        vpaiProgram,
        'run',
        'play.yml',
        '-i',
        'inventory.yml',
        '--timeout',
        '60',
        '--output',
        'plain',
        ...args,
      ],
      cwd: folder,
      env: ownEnvironment(),
    }),
    ansible: (folder, config, args = []) => ({
      argv: [...inControl(folder), 'ansible-playbook', '-i', 'inventory.yml', 'play.yml', ...args],
      cwd: '/',
      env: { ...insideEnvironment(), ANSIBLE_CONFIG: path.join(folder, `${config}.cfg`) },
    }),
    onControl: (folder, argv) => ({
      argv: [...inControl(folder), ...argv],
      cwd: '/',
      env: insideEnvironment(),
    }),
    forgetConnections: async () => {
      await control?.stop()
      control = await startControl()
    },
    close: async () => {
      await control?.stop()
      await target?.stop()
    },
  }
}

/** Without what would change how vpai, ssh or node behave for the one who runs the bench. */
function ownEnvironment(): Record<string, string> {
  return { PATH: process.env.PATH ?? '/usr/bin:/bin', HOME: process.env.HOME ?? '/root', LANG: 'C.UTF-8' }
}
