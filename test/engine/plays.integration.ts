import { existsSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { RunEvent } from '../../src/base/event.ts'
import { type Played, type Stage, type Theatre, theatre } from './stage.ts'

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

const ALL = ['h1', 'h2']

describe('errors that end a play', () => {
  it('keep the plays after it from running, when any_errors_fatal says so', async () => {
    const { results, summary } = await on(
      `
- hosts: h1,h2
  any_errors_fatal: true
  tasks:
    - name: breaks
      command: "false"
      when: inventory_hostname == 'h1'
- hosts: h3
  tasks:
    - name: later
      command: "true"
`,
      { hosts: ['h1', 'h2', 'h3'] },
    ).play()
    expect(results).toEqual(['h2 breaks: skipped', 'h1 breaks: failed'])
    expect(summary.unfinished).toEqual(['h1', 'h2'])
  })

  it('keep the plays after it from running, when all its hosts failed', async () => {
    const { results } = await on(
      `
- hosts: h1
  tasks:
    - name: breaks
      command: "false"
- hosts: h2
  tasks:
    - name: later
      command: "true"
`,
      { hosts: ALL },
    ).play()
    expect(results).toEqual(['h1 breaks: failed'])
  })

  it('wait for a rescue, with any_errors_fatal and max_fail_percentage', async () => {
    const { results } = await on(
      `
- hosts: all
  any_errors_fatal: true
  max_fail_percentage: 10
  tasks:
    - block:
        - name: breaks
          command: "false"
          when: inventory_hostname == 'h1'
      rescue:
        - name: saved
          command: "true"
    - name: later
      command: "true"
`,
      { hosts: ALL },
    ).play()
    expect(results).toEqual(
      expect.arrayContaining(['h1 saved: changed', 'h1 later: changed', 'h2 later: changed']),
    )
  })

  it('are no hosts that left the play by themselves', async () => {
    const { results } = await on(
      `
- hosts: all
  max_fail_percentage: 40
  tasks:
    - meta: end_host
      when: inventory_hostname == 'h1'
    - name: breaks
      command: "false"
      when: inventory_hostname == 'h2'
    - name: later
      command: "true"
`,
      { hosts: ['h1', 'h2', 'h3'] },
    ).play()
    expect(results.at(-1)).toBe('h3 later: changed')
  })
})

describe('meta', () => {
  it('end_play ends all batches, end_batch only its own', async () => {
    const site = (how: string) => `
- hosts: all
  serial: 1
  tasks:
    - name: begins
      command: "true"
    - meta: ${how}
    - name: never
      command: "true"
`
    const stage = on(site('end_play'), { hosts: ALL })
    expect((await stage.play()).results).toEqual(['h1 begins: changed'])
    const { results } = await stage.play({ files: { 'site.yml': site('end_batch') } })
    expect(results).toEqual(['h1 begins: changed', 'h2 begins: changed'])
  })
})

describe('run_once', () => {
  it('shares an unknown result as unknown in check mode', async () => {
    const { results } = await on(
      `
- hosts: all
  tasks:
    - name: once
      command: "true"
      run_once: true
      register: asked
    - name: looks
      assert: { that: asked.rc == 0 }
`,
      { hosts: ALL, options: { check: true } },
    ).play()
    expect([...results].sort()).toEqual(['h1 looks: late', 'h1 once: changed', 'h2 looks: late'])
  })

  it('fails all hosts when it fails, and all are rescued', async () => {
    const { results, summary } = await on(
      `
- hosts: all
  tasks:
    - block:
        - name: once
          command: "false"
          run_once: true
      rescue:
        - name: saved
          command: "true"
`,
      { hosts: ALL },
    ).play()
    expect([...results].sort()).toEqual(['h1 once: failed', 'h1 saved: changed', 'h2 saved: changed'])
    expect(summary.stats.h1).toMatchObject({ failed: 0, rescued: 1 })
    expect(summary.stats.h2).toMatchObject({ failed: 0, rescued: 0 })
  })
})

describe('--start-at-task', () => {
  const SITE = `
- hosts: all
  roles: [web]
  tasks:
    - name: last
      command: "true"
`
  const also = {
    'roles/web/tasks/main.yml': '- name: first\n  command: "true"\n- name: second\n  command: "true"\n',
  }

  it.each(['second', 'web : second', 'sec*'])('finds %s', async startAtTask => {
    const { results } = await on(SITE, { also, options: { startAtTask } }).play()
    expect(results).toEqual(['h1 second: changed', 'h1 last: changed'])
  })

  it('refuses a name that no task has', async () => {
    const played = on(SITE, { also, options: { startAtTask: 'secund' } }).play()
    await expect(played).rejects.toMatchObject({ code: 'START_AT_TASK_UNKNOWN' })
  })
})

describe('an interrupt', () => {
  it('lets the hosts at work end, and begins nothing on the others', async () => {
    const interrupt = new AbortController()
    const { results, summary } = await on(
      `
- hosts: all
  tasks:
    - name: works
      command: "true"
`,
      {
        hosts: ['h1', 'h2', 'h3'],
        options: { forks: 1 },
        signal: interrupt.signal,
        watch: event => {
          if (event.type === 'task.result') interrupt.abort()
        },
      },
    ).play()
    expect(results).toEqual(['h1 works: changed'])
    expect(summary).toMatchObject({ interrupted: true, unfinished: ['h1', 'h2', 'h3'] })
  })

  it('stops a command on the host, and says so', async () => {
    const { results, summary, events } = await interrupted('touch {{ dir }}/begun; sleep 60')
    expect(results).toEqual([])
    expect(summary).toMatchObject({ interrupted: true, unfinished: ['h1'] })
    expect(warningsOf(events)).toEqual(['works: is being stopped'])
  })

  it('that comes twice is not kept up by a host', async () => {
    const leave = new AbortController()
    // Deaf to TERM, and gone by itself soon after the test.
    const command = "trap '' TERM; touch {{ dir }}/begun; sleep 15"
    const { summary, events } = await interrupted(command, leave)
    expect(summary).toMatchObject({ interrupted: true, unfinished: ['h1'] })
    expect(events.at(-1)).toMatchObject({ type: 'run.ended', interrupted: true })
  })

  it('waits for the steps of a module, and says so', async () => {
    const interrupt = new AbortController()
    const server = createServer((request, response) => {
      if (request.method === 'GET') interrupt.abort()
      response.end('content')
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const task = `get_url: { url: "http://127.0.0.1:${port}/x", dest: "{{ dir }}/x" }`
    const { results, events } = await on(`[{ hosts: all, tasks: [{ name: works, ${task} }] }]`, {
      signal: interrupt.signal,
    }).play()
    server.close()
    expect(results).toEqual(['h1 works: changed'])
    expect(warningsOf(events)).toEqual(['works: is waited for'])
  })
})

/** Interrupted when the command has made {{ dir }}/begun; `leave` follows as soon as that was told. */
async function interrupted(command: string, leave?: AbortController): Promise<Played> {
  const interrupt = new AbortController()
  const stage = on(`[{ hosts: all, tasks: [{ name: works, shell: ${JSON.stringify(command)} }] }]`, {
    signal: interrupt.signal,
    ...(leave ? { leave: leave.signal } : {}),
    watch: event => {
      if (event.type === 'warning') leave?.abort()
    },
  })
  const playing = stage.play()
  await vi.waitFor(() => expect(existsSync(path.join(stage.dir, 'begun'))).toBe(true), { timeout: 10_000 })
  interrupt.abort()
  return playing
}

function warningsOf(events: readonly RunEvent[]): string[] {
  return events.flatMap(event => (event.type === 'warning' ? [event.message] : []))
}

describe('any_errors_fatal', () => {
  it('takes everybody to the rescue when one fails in its block', async () => {
    const { results, summary } = await on(
      `
- hosts: all
  tasks:
    - any_errors_fatal: true
      block:
        - { name: fails, fail: { msg: x }, when: inventory_hostname == 'h1' }
      rescue:
        - { name: saved, command: "true" }
    - { name: goes on, command: "true" }
`,
      { hosts: ALL },
    ).play()
    expect([...results].sort()).toEqual([
      'h1 fails: failed',
      'h1 goes on: changed',
      'h1 saved: changed',
      'h2 fails: skipped',
      'h2 goes on: changed',
      'h2 saved: changed',
    ])
    expect(summary.stats.h2).toMatchObject({ failed: 0, rescued: 0 })
  })
})
