import { expect, it } from 'vitest'
import { type Stage, theatre } from './stage.ts'

async function told(tasks: string, stage: Partial<Stage> = {}) {
  const files = { 'site.yml': `- hosts: all\n  tasks:\n${tasks}` }
  const { events } = await theatre({ files, hosts: ['h1', 'h2'], ...stage }).play()
  const ended = events.find(event => event.type === 'run.ended')
  return ended?.type === 'run.ended' ? ended.customStats : null
}

it.each([
  ['numbers are added', '{ n: 2 }', { n: 4 }],
  ['a float makes a float of it', '{ n: 1.5 }', { n: 3 }],
  ['texts are joined', '{ t: ab }', { t: 'abab' }],
  ['lists are joined', '{ l: [1] }', { l: [1, 1] }],
  [
    'mappings are merged',
    '{ m: { a: "{{ { inventory_hostname: 1 } }}", b: [x] } }',
    { m: { a: { h1: 1, h2: 1 }, b: ['x'] } },
  ],
  [
    'kinds that do not fit leave the first',
    `{ x: "{{ 1 if inventory_hostname == 'h1' else 'one' }}" }`,
    { x: 1 },
  ],
])('%s', async (_what, data, run) => {
  expect(JSON.parse(JSON.stringify(await told(`    - set_stats: { data: ${data} }\n`)))).toEqual({
    run,
    hosts: {},
  })
})

it('the last counts without aggregate', async () => {
  const tasks = '    - set_stats: { data: { n: "{{ item }}" }, aggregate: false }\n      loop: [1, 2]\n'
  expect(await told(tasks)).toEqual({ run: { n: 2 }, hosts: {} })
})

it('per_host keeps them apart, with run_once for every host of the batch', async () => {
  const tasks = '    - set_stats: { data: { n: 1 }, per_host: true }\n      run_once: true\n'
  const more = '    - set_stats: { data: { n: 2 }, per_host: true }\n      when: inventory_hostname == "h2"\n'
  expect(await told(tasks + more)).toEqual({ run: {}, hosts: { h1: { n: 1 }, h2: { n: 3 } } })
})

it('a task that fails or is skipped tells nothing', async () => {
  const tasks = [
    '    - set_stats: { data: { a: 1 } }\n      failed_when: true\n      ignore_errors: true\n',
    '    - set_stats: { data: { b: 1 } }\n      when: false\n',
    '    - set_stats: { data: { c: 1 } }\n      changed_when: true\n',
  ]
  expect(await told(tasks.join(''))).toEqual({ run: { c: 2 }, hosts: {} })
})

it('secrets and what no_log hides are not told', async () => {
  const tasks = [
    '    - set_stats: { data: { a: "it is {{ token }}" }, aggregate: false }\n',
    '    - set_stats: { data: { b: quiet }, aggregate: false }\n      no_log: true\n',
  ]
  const figures = JSON.stringify(await told(tasks.join(''), { secrets: { token: 'tell-nobody-this' } }))
  expect(figures).toContain('"a":"it is ')
  expect(figures).toContain('"b":"hidden: the task has no_log"')
  expect(figures).not.toContain('nobody')
  expect(figures).not.toContain('quiet')
})
