/**
 * The controller is killed at every write of its journal, before it and after it. After one more deploy the host has to
 * be what one is that was never disturbed.
 */
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { builtProgram } from '../cli/program.ts'
import { type FaultProject, makeProject } from './project.ts'
import { treeOf } from './tree.ts'

const KILL_AT = path.resolve(import.meta.dirname, 'kill-at.mjs')
const base = mkdtempSync(path.join(tmpdir(), 'vpai-faults-'))
const program = builtProgram()
afterAll(() => {
  for (const folder of [base, path.dirname(program)]) rmSync(folder, { recursive: true, force: true })
})

interface Twin {
  readonly tree: readonly string[]
  /** To its journal. */
  readonly writes: number
}

const DEPLOY = ['run', 'playbooks/site.yml', '--output', 'plain']
/** With commands that leave a line each time they run. */
const COUNTED = [...DEPLOY, '-e', 'counts=yes']
let plain: Twin
let counted: Twin
beforeAll(async () => {
  plain = await undisturbed('twin', DEPLOY)
  counted = await undisturbed('counted-twin', COUNTED)
})

async function undisturbed(name: string, argv: readonly string[]): Promise<Twin> {
  const twin = projectIn(name)
  const { status, told } = await vpai(twin, argv)
  expect({ status, told: status === 0 ? '' : told }).toEqual({ status: 0, told: '' })
  return { tree: treeOf(twin.target), writes: journalOf(twin).length }
}

function projectIn(name: string): FaultProject {
  const folder = path.join(base, name)
  mkdirSync(folder)
  return makeProject(folder)
}

interface Deployed {
  readonly status: number | null
  readonly signal: NodeJS.Signals | null
  readonly told: string
}

function vpai({ root, record }: FaultProject, argv: readonly string[], killAt?: string): Promise<Deployed> {
  const args = [...(killAt ? ['--import', KILL_AT] : []), program, ...argv]
  const env = { ...process.env, VPAI_HOST_STATE: record, VPAI_TEST_KILL_AT: killAt }
  const child = spawn(process.execPath, args, { cwd: root, env })
  let told = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text: Buffer) => {
      told += text
    })
  return new Promise(resolve => child.on('close', (status, signal) => resolve({ status, signal, told })))
}

/** Of the newest run. */
function journalOf({ root }: FaultProject): string[] {
  const runs = path.join(root, '.vpai/runs')
  const newest = readdirSync(runs).sort().at(-1) as string
  return readFileSync(path.join(runs, newest, 'journal.ndjson'), 'utf8')
    .trim()
    .split('\n')
}

function pendingOf({ record }: FaultProject): readonly string[] {
  return readdirSync(path.join(record, 'faults', 'pending'))
}

/** One point after the other on each core. */
const AT_A_TIME = 2

interface Disturbance {
  readonly when: string
  readonly first: readonly string[]
  readonly then: readonly string[]
  readonly twin: Twin
}

async function disturb({ when, first, then, twin }: Disturbance, at: number): Promise<void> {
  const project = projectIn(`${when}-${at}-${then[0]}`)
  const killed = await vpai(project, first, `${when} ${at}`)
  expect({ at, signal: killed.signal }).toEqual({ at, signal: 'SIGKILL' })
  const { status, told } = await vpai(project, then)
  expect({ at, status, told: status === 0 ? '' : told }).toEqual({ at, status: 0, told: '' })
  expect({ at, tree: treeOf(project.target) }).toEqual({ at, tree: twin.tree })
  expect({ at, pending: pendingOf(project) }).toEqual({ at, pending: [] })
  rmSync(path.dirname(project.root), { recursive: true })
}

async function disturbAll(how: Disturbance, points: readonly number[]): Promise<void> {
  const rows = Array.from({ length: AT_A_TIME }, (_, row) =>
    points.filter((_point, index) => index % AT_A_TIME === row),
  )
  await Promise.all(
    rows.map(async row => {
      for (const at of row) await disturb(how, at)
    }),
  )
  const count = `${points.length} of ${points.length}`
  console.log(`killed ${how.when} a write of the journal, then ${how.then[0]}: ${count} hosts whole again`)
}

/** A machine may do other things as well. */
const PATIENCE_MS = 1_800_000

const upTo = (writes: number) => Array.from({ length: writes }, (_, index) => index + 1)

describe('after the controller was killed', () => {
  it.each(['before', 'after'])(
    '%s any write of its journal, one more deploy makes the host whole',
    async when => {
      await disturbAll({ when, first: DEPLOY, then: DEPLOY, twin: plain }, upTo(plain.writes))
      expect(plain.writes).toBeGreaterThan(100)
    },
    PATIENCE_MS,
  )

  it(
    'resume makes it whole and does no command twice',
    async () => {
      const points = upTo(counted.writes).filter(at => at > 1 && at % 4 === 0)
      await disturbAll({ when: 'after', first: COUNTED, then: ['resume'], twin: counted }, points)
      expect(points.length).toBeGreaterThan(20)
    },
    PATIENCE_MS,
  )
})
