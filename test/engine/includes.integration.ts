import { afterEach, describe, expect, it } from 'vitest'
import { type Stage, type Theatre, theatre } from './stage.ts'

let open: Theatre | null = null

function on(site: string, more: Partial<Stage> & { also?: Record<string, string> } = {}): Theatre {
  const { also, ...stage } = more
  open = theatre({ files: { 'site.yml': site, ...also }, ...stage })
  return open
}

afterEach(() => {
  open?.close()
  open = null
})

const ONE = `
- name: "one {{ item | default('') }}"
  command: "true"
`

describe('an include', () => {
  it('runs once for each item, also for items that are equal', async () => {
    const { results } = await on(
      `
- hosts: all
  tasks:
    - include_tasks: one.yml
      loop: [a, a]
`,
      { also: { 'one.yml': ONE }, hosts: ['h1', 'h2'] },
    ).play()
    expect([...results.slice(0, 2)].sort()).toEqual(['h1 one a: changed', 'h2 one a: changed'])
    expect([...results.slice(2)].sort()).toEqual(['h1 one a: changed', 'h2 one a: changed'])
  })

  it('never gives one host the mapping of another', async () => {
    const { results } = await on(
      `
- hosts: all
  tasks:
    - include_tasks: seen.yml
      loop: ["{{ ports }}"]
`,
      {
        also: { 'seen.yml': '- name: seen\n  assert: { that: "item[80] == inventory_hostname" }\n' },
        hosts: ['h1', 'h2'],
        hostVars: Object.fromEntries(['h1', 'h2'].map(name => [name, { ports: new Map([[80, name]]) }])),
      },
    ).play()
    expect(results).toEqual(['h1 seen: ok', 'h2 seen: ok'])
  })

  it('of a file that is not there fails its hosts, and a rescue takes over', async () => {
    const { results } = await on(`
- hosts: all
  tasks:
    - block:
        - name: brings
          include_tasks: "{{ 'gone' }}.yml"
      rescue:
        - name: saved
          command: "true"
`).play()
    expect(results).toEqual(['h1 brings: failed', 'h1 saved: changed'])
  })

  it('whose condition hangs on an unapplied change is known after apply', async () => {
    const { results, summary } = await on(
      `
- hosts: all
  tasks:
    - name: asked
      command: "true"
      register: asked
    - name: brings
      include_tasks: one.yml
      when: asked.rc == 0
`,
      { also: { 'one.yml': ONE }, options: { check: true } },
    ).play()
    expect(results).toEqual(['h1 asked: changed', 'h1 brings: late'])
    expect(summary.stats.h1).toMatchObject({ late: 1, failed: 0 })
  })

  it('with run_once brings its tasks to one host', async () => {
    const { results } = await on(
      `
- hosts: all
  tasks:
    - include_tasks: one.yml
      run_once: true
`,
      { also: { 'one.yml': ONE }, hosts: ['h1', 'h2'] },
    ).play()
    expect(results).toEqual(['h1 one : changed'])
  })
})
