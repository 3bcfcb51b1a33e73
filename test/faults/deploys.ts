/** Deploys of the fault project by the built program: one that nothing disturbs, and what a disturbed one is held against. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect } from 'vitest'
import { builtProgram } from '../cli/program.ts'
import type { Place } from './place.ts'
import { type FaultProject, makeProject } from './project.ts'
import { treeOf } from './tree.ts'

const KILL_AT = path.resolve(import.meta.dirname, 'kill-at.mjs')

export const DEPLOY = ['run', 'playbooks/site.yml', '--output', 'plain']
/** With commands that leave a line each time they run. */
export const COUNTED = [...DEPLOY, '-e', 'counts=yes']

export interface Ended {
  readonly status: number | null
  readonly signal: NodeJS.Signals | null
  readonly told: string
}

/** `killAt`: see kill-at.mjs. */
interface How {
  readonly killAt?: string
}

export interface Started {
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
  readonly told: () => string
}

export interface Twin {
  readonly tree: readonly string[]
  /** To its journal. */
  readonly writes: number
}

/** Whoever takes longer hangs. */
const LONGEST_MS = 300_000

export class Deploys {
  /** Of this machine; removed at the end. */
  readonly folder = mkdtempSync(path.join(tmpdir(), 'vpai-faults-'))
  readonly #program = builtProgram()
  readonly #placeOf: (name: string) => Place

  /** `placeOf` gives a place that nothing else uses. */
  constructor(placeOf: (name: string, folder: string) => Place) {
    this.#placeOf = name => placeOf(name, this.folder)
  }

  project(name: string, place: Place = this.#placeOf(name)): FaultProject {
    const root = path.join(this.folder, name, 'project')
    mkdirSync(root, { recursive: true })
    return makeProject(root, place)
  }

  vpai(project: FaultProject, argv: readonly string[], how: How = {}): Promise<Ended> {
    return this.start(project, argv, how).ended
  }

  start({ root }: FaultProject, argv: readonly string[], { killAt }: How = {}): Started {
    const args = [...(killAt ? ['--import', KILL_AT] : []), this.#program, ...argv]
    const child = spawn(process.execPath, args, {
      cwd: root,
      timeout: LONGEST_MS,
      env: { ...process.env, HOME: path.join(root, 'home'), VPAI_TEST_KILL_AT: killAt },
    })
    child.stdin.end()
    let told = ''
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (text: Buffer) => {
        told += text
      })
    const ended = new Promise<Ended>(resolve =>
      child.on('close', (status, signal) => resolve({ status, signal, told })),
    )
    return { child, ended, told: () => told }
  }

  /** Leaves nothing of it. */
  async undisturbed(name: string, argv: readonly string[]): Promise<Twin> {
    const twin = this.project(name)
    const { status, told } = await this.vpai(twin, argv)
    expect({ status, told: status === 0 ? '' : told }).toEqual({ status: 0, told: '' })
    const found = { tree: hostTree(twin), writes: journalOf(twin).length }
    twin.remove()
    return found
  }

  /** One more run of `argv`: the host has to be what `twin` is, and nothing may be left of the run before. */
  async makesWhole(project: FaultProject, argv: readonly string[], { tree }: Twin): Promise<void> {
    const { status, told } = await this.vpai(project, argv)
    expect({ status, told: status === 0 ? '' : told }).toEqual({ status: 0, told: '' })
    expect(hostTree(project)).toEqual(tree)
    expect(leftIn(project)).toEqual([])
  }

  remove(): void {
    for (const folder of [this.folder, path.dirname(this.#program)])
      rmSync(folder, { recursive: true, force: true })
  }
}

export function hostTree({ place }: FaultProject): readonly string[] {
  return treeOf(place.seen.target, place.target)
}

/** Handlers that are due, and files that bear a temporary name. */
export function leftIn({ place }: FaultProject): readonly string[] {
  const { target, record } = place.seen
  const folders = [target, record].filter(folder => existsSync(folder))
  const names = folders.flatMap(folder => readdirSync(folder, { recursive: true }).map(String))
  return names.filter(name => /^faults\/pending\/|(^|\/)\.|\.tmp$/.test(name))
}

/** Of the newest run. */
export function journalOf({ root }: FaultProject): string[] {
  const runs = path.join(root, '.vpai/runs')
  const newest = readdirSync(runs).sort().at(-1) as string
  return readFileSync(path.join(runs, newest, 'journal.ndjson'), 'utf8')
    .trim()
    .split('\n')
}
