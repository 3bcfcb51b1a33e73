import { afterEach, describe, expect, it } from 'vitest'
import { VpaiError } from '../../src/base/error.ts'
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

const HOSTS = ['h1', 'h2']

/** h2 answers only from the given dial on. */
function awayUntil(dial: number): Partial<Stage> {
  let dials = 0
  return {
    hosts: HOSTS,
    dial({ name }) {
      if (name === 'h2' && ++dials < dial) throw new VpaiError('SSH_TIMEOUT', 'h2 does not answer')
    },
  }
}

describe('an unreachable host', () => {
  it('leaves the play; no rescue, always or handler runs for it', async () => {
    const { results, summary } = await on(
      `
- hosts: all
  tasks:
    - block:
        - { name: asks, command: "true", notify: told }
      rescue:
        - { name: saved, command: "true" }
      always:
        - { name: always, command: "true" }
  handlers:
    - { name: told, command: "true" }
`,
      awayUntil(99),
    ).play()
    expect(results.filter(line => line.startsWith('h2'))).toEqual(['h2 asks: unreachable'])
    expect(results.at(-1)).toBe('h1 told: changed')
    expect(summary.stats.h2).toMatchObject({ unreachable: 1, failed: 0, rescued: 0 })
  })

  it('stays with ignore_unreachable, and is asked again by the next task', async () => {
    const { results, summary } = await on(
      `
- hosts: all
  tasks:
    - { name: asks, command: "true", ignore_unreachable: true, register: asked }
    - { name: seen, assert: { that: "(asked.unreachable | default(false)) == (inventory_hostname == 'h2')" } }
    - { name: again, command: "true" }
`,
      awayUntil(2),
    ).play()
    expect(results.filter(line => line.startsWith('h2'))).toEqual([
      'h2 asks: ignored',
      'h2 seen: ok',
      'h2 again: changed',
    ])
    expect(summary.stats.h2).toMatchObject({ unreachable: 0, ignored: 1 })
  })

  it('comes back with clear_host_errors', async () => {
    const { results } = await on(
      `
- hosts: all
  tasks:
    - { name: asks, command: "true" }
    - meta: clear_host_errors
    - { name: again, command: "true" }
`,
      awayUntil(2),
    ).play()
    expect(results.filter(line => line.startsWith('h2'))).toEqual([
      'h2 asks: unreachable',
      'h2 again: changed',
    ])
  })
})

describe('a connection', () => {
  function dialled(site: string, more: Partial<Stage>): Promise<string[]> {
    const dials: string[] = []
    const dial: Stage['dial'] = ({ name, connection, variables }) => {
      dials.push(`${name} ${connection ?? 'default'} ${String(variables('ansible_host') ?? '')}`.trim())
    }
    return on(site, { ...more, dial })
      .play()
      .then(() => dials)
  }

  it('is another one where a later play reaches the host another way', async () => {
    const site = `
- hosts: all
  connection: local
  tasks: [{ name: here, command: "true" }]
- hosts: all
  tasks: [{ name: there, command: "true" }, { name: there again, command: "true" }]
`
    expect(await dialled(site, {})).toEqual(['h1 local', 'h1 default'])
  })

  it('to a delegate is made with the variables of the delegate', async () => {
    const site = `
- hosts: h1
  vars: { ansible_host: "{{ address }}" }
  tasks: [{ name: there, command: "true", delegate_to: h2 }]
`
    const hostVars = { h1: { address: 'one' }, h2: { address: 'two' } }
    expect(await dialled(site, { hosts: HOSTS, hostVars })).toEqual(['h2 default two'])
  })

  it('is what the variables of the host say, whatever the play says', async () => {
    const site = `
- hosts: h1
  connection: local
  tasks: [{ name: there, command: "true" }]
`
    expect(await dialled(site, { hostVars: { h1: { ansible_connection: 'ssh' } } })).toEqual(['h1 ssh'])
  })
})

describe('become', () => {
  it('is what the variables of the host say, whatever the task says', async () => {
    const { results } = await on(
      `
- hosts: all
  tasks:
    - { name: asks, command: id -un, become: true, become_user: nobody_of_that_name, register: who }
    - { name: seen, assert: { that: who.rc == 0 } }
`,
      { hostVars: { h1: { ansible_become: false } } },
    ).play()
    expect(results).toEqual(['h1 asks: changed', 'h1 seen: ok'])
  })

  it('that is refused fails the task, so that a rescue takes over', async () => {
    const { results } = await on(`
- hosts: all
  tasks:
    - block: [{ name: asks, command: "true", become: true, become_user: nobody_of_that_name }]
      rescue: [{ name: saved, command: "true" }]
`).play()
    expect(results).toEqual(['h1 asks: failed', 'h1 saved: changed'])
  })
})

describe('hostvars', () => {
  it('run the lookups of other hosts, and hold what include_vars brought them', async () => {
    const { results } = await on(
      `
- hosts: all
  tasks:
    - include_vars: more.yml
    - name: seen
      assert: { that: "hostvars.h2.piped == 'out' and hostvars.h2.more == 1" }
`,
      {
        hosts: HOSTS,
        also: { 'vars/more.yml': "piped: \"{{ lookup('pipe', 'echo out') }}\"\nmore: 1\n" },
      },
    ).play()
    expect(results.slice(-2)).toEqual(['h1 seen: ok', 'h2 seen: ok'])
  })
})

it('throttle keeps hosts apart', async () => {
  let running = 0
  const site = '\n- hosts: all\n  tasks: [{ name: one, command: "true", throttle: 1, loop: [1, 2] }]\n'
  const { results } = await on(site, {
    hosts: ['h1', 'h2', 'h3'],
    watch(event) {
      if (event.type === 'host.connected') running++
      if (event.type === 'host.connected') expect(running).toBe(1)
      if (event.type === 'task.result') running--
    },
  }).play()
  expect(results).toHaveLength(3)
})
