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

describe('a loop', () => {
  it('makes its host unreachable when an item is, and asks no further item', async () => {
    let dials = 0
    const { summary } = await on(
      `
- hosts: all
  tasks:
    - name: looped
      command: "true"
      loop: [1, 2, 3]
    - name: never
      command: "true"
`,
      {
        dial() {
          dials++
          throw new VpaiError('SSH_REFUSED', 'nobody answers')
        },
      },
    ).play()
    expect(summary.stats.h1).toMatchObject({ unreachable: 1, ok: 0 })
    expect(dials).toBe(1)
  })

  it('is registered as failed when errors of its items are passed over', async () => {
    const { results } = await on(`
- hosts: all
  tasks:
    - name: looped
      command: "{{ item }}"
      loop: ["true", "false"]
      ignore_errors: true
      register: tried
    - name: seen
      assert: { that: tried is failed }
`).play()
    expect(results).toEqual(['h1 looped: ignored', 'h1 seen: ok'])
  })

  it('of commands has no result in check mode', async () => {
    const { results } = await on(
      `
- hosts: all
  tasks:
    - name: looped
      command: "true"
      loop: [1, 2]
      register: tried
    - name: looks
      assert: { that: "tried.results[0].rc == 0" }
`,
      { options: { check: true } },
    ).play()
    expect(results).toEqual(['h1 looped: changed', 'h1 looks: late'])
  })

  it('of set_fact sees what the items before have set', async () => {
    const { results } = await on(`
- hosts: all
  tasks:
    - name: collect
      set_fact: { all: "{{ all | default([]) + [item] }}" }
      loop: [1, 2, 3]
    - name: seen
      assert: { that: "all == [1, 2, 3]" }
`).play()
    expect(results.at(-1)).toBe('h1 seen: ok')
  })

  it('gives facts to the host it is delegated to with delegate_facts', async () => {
    const site = `
- hosts: h1
  tasks:
    - name: tell
      set_fact: { colour: "{{ item }}" }
      loop: [red, blue]
      delegate_to: h2
      delegate_facts: true
    - name: seen
      assert: { that: "hostvars.h2.colour == 'blue' and colour is undefined" }
`
    const { results } = await on(site, { hosts: ['h1', 'h2'] }).play()
    expect(results.at(-1)).toBe('h1 seen: ok')
  })

  it('tells to which host each item was delegated', async () => {
    const site = `
- hosts: h1
  tasks:
    - { name: there, command: "true", delegate_to: "{{ item }}", loop: [h1, h2] }
`
    const { events } = await on(site, { hosts: ['h1', 'h2'] }).play()
    const items = events.flatMap(event => (event.type === 'task.item' ? [event.delegatedTo] : []))
    expect(items).toEqual(['h1', 'h2'])
  })

  it('judges until also when nothing is retried', async () => {
    const { results } = await on(`
- hosts: all
  tasks:
    - name: once
      command: "true"
      register: tried
      retries: 0
      until: tried.rc == 7
`).play()
    expect(results).toEqual(['h1 once: failed'])
  })
})
