import { expect, it } from 'vitest'
import type { Spent, TimedEvent } from '../../src/base/event.ts'
import { Profiler, profileLines } from '../../src/report/profile.ts'
import { bare } from '../../src/report/style.ts'

const NOTHING: Spent = { connect: 0, probe: 0, decide: 0, upload: 0, act: 0, wait: 0 }

function result(given: {
  task: string
  host: string
  role?: string
  from: number
  to: number
  spent: Partial<Spent>
}) {
  return {
    type: 'task.result',
    taskId: given.task,
    name: given.task,
    module: 'command',
    role: given.role ?? null,
    host: given.host,
    delegatedTo: null,
    status: 'ok',
    changes: [],
    result: {},
    reason: null,
    position: { file: 'site.yml', line: 7, column: 3 },
    elapsedMs: given.to - given.from,
    item: null,
    handler: false,
    time: given.to,
    spent: { ...NOTHING, ...given.spent },
  } as const satisfies TimedEvent
}

const EVENTS = [
  result({ task: 'one', host: 'h1', role: 'web', from: 100, to: 110, spent: { connect: 4, probe: 6 } }),
  result({ task: 'one', host: 'h2', role: 'web', from: 100, to: 130, spent: { connect: 10, act: 20 } }),
  result({ task: 'two', host: 'h1', from: 130, to: 140.06, spent: { decide: 10.06 } }),
]

it('adds up by host, role and task, the dearest first', () => {
  const profiler = new Profiler(12)
  for (const event of EVENTS) profiler.on(event)
  const { hosts, roles, tasks, loadMs } = profiler.read()
  expect(loadMs).toBe(12)
  // h1 waited 20 ms for h2 before its second task began.
  expect(hosts).toEqual([
    {
      name: 'h1',
      at: null,
      spent: { ...NOTHING, connect: 4, probe: 6, decide: 10.1, wait: 20 },
      total: 40.1,
    },
    { name: 'h2', at: null, spent: { ...NOTHING, connect: 10, act: 20 }, total: 30 },
  ])
  expect(roles.map(({ name, total }) => [name, total])).toEqual([
    ['web', 40],
    ['(no role)', 30.1],
  ])
  expect(tasks.map(({ name, at, total }) => [name, at, total])).toEqual([
    ['web : one', 'site.yml:7', 40],
    ['two', 'site.yml:7', 30.1],
  ])
})

it('is shown in tables, with the number of what is left out', () => {
  const profiler = new Profiler(12)
  for (let n = 0; n < 20; n++)
    profiler.on(
      result({ task: `t${n}`, host: 'h1', from: n * 10, to: n * 10 + 10, spent: { act: 10 - n / 10 } }),
    )
  const lines = profileLines(profiler.read(), bare())
  expect(lines.slice(1, 6)).toEqual([
    'PROFILE (milliseconds)',
    'read and checked the project in 12 ms',
    '',
    '   total connect   probe  decide  upload     act    wait  Hosts',
    '     181       0       0       0       0     181       0  h1',
  ])
  expect(lines.at(-1)?.trim()).toBe('and 5 more')
})
