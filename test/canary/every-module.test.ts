/** The canaries promise to go through every module, where it works and where it fails: a new one must join them. */
import path from 'node:path'
import { expect, it } from 'vitest'
import { ALL_MODULES, findModule } from '../../src/modules/index.ts'
import { CANARIES } from './canaries.ts'
import { RUNS } from './host/on-a-host.ts'
import { type ModuleRow, moduleRows, playsOfEveryModule, TABLE, type Task, TURNS } from './host/plays.ts'

const ROWS = moduleRows()
const NAMES = ALL_MODULES.map(module => module.name)
const FILE = path.relative(process.cwd(), TABLE)

it.each(NAMES)('%s has a row: a task that works and one that fails, or why it has not', name => {
  const add = `add to ${FILE} a line such as\n${name}: { works: [{ ${name}: {arguments} }], fails: [{ ${name}: {arguments} }] }`
  const row = ROWS[name]
  if (row === undefined) throw new Error(`no canary goes through ${name}: ${add}`)
  expect(problemsOf(name, row), add).toEqual([])
})

it('no row is left over', () => {
  expect(Object.keys(ROWS).filter(name => !NAMES.includes(name))).toEqual([])
})

function problemsOf(name: string, row: ModuleRow): string[] {
  return [
    ...problemsOfSide(name, { side: 'works', tasks: row.works, why: row.cannot_work }),
    ...problemsOfSide(name, { side: 'fails', tasks: row.fails, why: row.cannot_fail }),
  ]
}

interface Side {
  readonly side: string
  readonly tasks: readonly Task[] | undefined
  /** Why there are none. */
  readonly why: string | undefined
}

function problemsOfSide(name: string, { side, tasks, why }: Side): string[] {
  if (why !== undefined) return tasks === undefined ? [] : [`${side}: tasks, and a reason to have none`]
  const uses = (tasks ?? []).filter(task => Object.keys(task).some(key => findModule(key)?.name === name))
  return uses.length > 0 ? [] : [`${side}: no task with ${name}`]
}

it('every canary goes through the modules of a host', () => {
  expect(Object.values(RUNS).flat().sort()).toEqual(Object.keys(CANARIES).sort())
})

it('every task of the table is done in a run, those that take a canary in all', () => {
  const runs = Object.keys(RUNS).map((_, turn) => playsOfEveryModule(turn).flatMap(({ tasks }) => tasks))
  expect(runs).toHaveLength(TURNS)
  for (const [module, { works = [], fails = [] }] of Object.entries(ROWS))
    for (const [side, tasks] of Object.entries({ works, fails }))
      for (const [index, task] of tasks.entries()) {
        const name = `${module} ${side}: ${index + 1}`
        const inRuns = runs.filter(run => run.some(one => one.name === name)).length
        const takesCanary = /{{ *(one\.value|secret)/.test(JSON.stringify(task))
        expect({ name, inRuns }).toEqual({ name, inRuns: takesCanary || inRuns > 1 ? TURNS : 1 })
      }
})
