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

const HOSTS = ['h1', 'h2', 'h3']

/** h1 waits in its first task for something that h2 makes in its last: in step that would never end. */
const WAITS = (keywords: string) => `
- hosts: all
  ${keywords}
  pre_tasks:
    - name: waits
      shell: until [ -e {{ dir }}/go ]; do sleep 0.05; done
      when: inventory_hostname == 'h1'
  tasks:
    - { name: works, command: "true", notify: told }
  post_tasks:
    - { name: ends, file: { path: "{{ dir }}/go", state: touch }, when: inventory_hostname == 'h2' }
  handlers:
    - { name: told, command: "true" }
`

describe('strategy free', () => {
  it.each(['strategy: free', 'strategy: ansible.builtin.free', 'strategy: "{{ \'free\' }}"'])(
    'lets hosts run ahead of each other, with their handlers (%s)',
    async strategy => {
      const { results, summary } = await on(WAITS(strategy), { hosts: HOSTS.slice(0, 2) }).play()
      const of = (host: string) => results.filter(line => line.startsWith(host)).map(line => line.slice(3))
      expect(of('h1')).toEqual(['waits: changed', 'works: changed', 'told: changed', 'ends: skipped'])
      expect(of('h2')).toEqual(['waits: skipped', 'works: changed', 'told: changed', 'ends: changed'])
      expect(results.indexOf('h2 told: changed')).toBeLessThan(results.indexOf('h1 waits: changed'))
      expect(summary.unfinished).toEqual([])
    },
  )

  it('does a run_once task on every host, and lets no error of one host end the others', async () => {
    const { results, summary, events } = await on(
      `
- hosts: all
  strategy: free
  any_errors_fatal: true
  max_fail_percentage: 0
  tasks:
    - { name: once, command: "true", run_once: true }
    - { name: breaks, command: "false", when: inventory_hostname == 'h1' }
    - { name: later, command: "true" }
- hosts: all
  tasks:
    - { name: last, command: "true" }
`,
      { hosts: HOSTS },
    ).play()
    expect(results.filter(line => line.includes('once: changed'))).toHaveLength(3)
    expect(results.filter(line => line.includes('later'))).toEqual(
      expect.arrayContaining(['h2 later: changed', 'h3 later: changed']),
    )
    expect(results.slice(-2).map(line => line.slice(3))).toEqual(['last: changed', 'last: changed'])
    expect(summary.unfinished).toEqual(['h1'])
    expect(events.filter(event => event.type === 'play.started')).toHaveLength(2)
  })

  it('keeps to throttle across hosts', async () => {
    const { results, dir } = await on(
      `
- hosts: all
  strategy: free
  tasks:
    - name: alone
      shell: mkdir {{ dir }}/lock && sleep 0.1 && rmdir {{ dir }}/lock
      throttle: 1
`,
      { hosts: HOSTS },
    ).play()
    expect(dir).toBeTruthy()
    expect([...results].sort()).toEqual(HOSTS.map(host => `${host} alone: changed`))
  })

  it('brings what each host includes to that host, with rescue and end_host of its own', async () => {
    const { results } = await on(
      `
- hosts: all
  strategy: free
  tasks:
    - include_tasks: "{{ inventory_hostname }}.yml"
    - block: [{ name: breaks, command: "false", when: inventory_hostname == 'h2' }]
      rescue: [{ name: saved, command: "true" }]
    - meta: end_host
      when: inventory_hostname == 'h1'
    - { name: last, command: "true" }
`,
      {
        hosts: HOSTS.slice(0, 2),
        also: {
          'h1.yml': '- { name: own one, command: "true" }\n',
          'h2.yml': '- { name: own two, command: "true" }\n',
        },
      },
    ).play()
    const of = (host: string) => results.filter(line => line.startsWith(host)).map(line => line.slice(3))
    expect(of('h1')).toEqual(['own one: changed', 'breaks: skipped'])
    expect(of('h2')).toEqual(['own two: changed', 'breaks: failed', 'saved: changed', 'last: changed'])
  })

  it('starts every host at the task to start at', async () => {
    const { results } = await on(
      `
- hosts: all
  strategy: free
  tasks:
    - { name: first, command: "true" }
    - { name: second, command: "true" }
`,
      { hosts: HOSTS, options: { startAtTask: 'second' } },
    ).play()
    expect([...results].sort()).toEqual(HOSTS.map(host => `${host} second: changed`))
  })
})

it('strategy host_pinned brings a host to its end before the next takes its place', async () => {
  const { results } = await on(
    `
- hosts: all
  strategy: host_pinned
  tasks:
    - { name: one, command: "true" }
    - { name: two, command: "true" }
`,
    { hosts: HOSTS, options: { forks: 1 } },
  ).play()
  expect(results).toEqual(HOSTS.flatMap(host => [`${host} one: changed`, `${host} two: changed`]))
})
