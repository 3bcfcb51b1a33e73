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

describe('a handler', () => {
  it('may include tasks or a role, also from its own role', async () => {
    const { results } = await on(
      `
- hosts: all
  roles: [web]
  tasks:
    - name: change
      command: "true"
      notify: [more, reload]
  handlers:
    - name: more
      include_tasks: more.yml
    - name: whole role
      include_role: { name: extra }
      listen: more
`,
      {
        also: {
          'more.yml': '- name: included\n  command: "true"\n',
          'roles/extra/tasks/main.yml': '- name: extra\n  command: "true"\n',
          'roles/web/tasks/main.yml': '- name: web\n  command: "true"\n',
          'roles/web/tasks/reload.yml': '- name: reloaded\n  command: "true"\n',
          'roles/web/handlers/main.yml': '- name: reload\n  include_tasks: reload.yml\n',
        },
      },
    ).play()
    expect(results).toEqual([
      'h1 web: changed',
      'h1 change: changed',
      'h1 reloaded: changed',
      'h1 included: changed',
      'h1 extra: changed',
    ])
  })

  it('is the last one of its name, also when a role that is included later brings it', async () => {
    const { results } = await on(
      `
- hosts: all
  tasks:
    - { name: first, include_role: { name: web } }
    - { name: second, include_role: { name: web }, vars: { x: 1 } }
`,
      {
        also: {
          'roles/web/tasks/main.yml': '- name: web\n  command: "true"\n  notify: reload\n',
          'roles/web/handlers/main.yml': '- name: reload\n  command: "true"\n',
        },
      },
    ).play()
    expect(results).toEqual(['h1 web: changed', 'h1 web: changed', 'h1 reload: changed'])
  })

  it('runs whatever the tags, on one host with run_once', async () => {
    const { results } = await on(
      `
- hosts: all
  tasks:
    - name: change
      command: "true"
      notify: told
      tags: mine
  handlers:
    - name: told
      command: "true"
      run_once: true
      tags: other
`,
      { hosts: ['h1', 'h2'], options: { tags: ['mine'] } },
    ).play()
    expect(results.filter(line => line.includes('told'))).toEqual(['h1 told: changed'])
  })

  it('is not notified by an error that was passed over', async () => {
    const { results } = await on(`
- hosts: all
  tasks:
    - name: change
      command: "false"
      ignore_errors: true
      notify: told
  handlers:
    - name: told
      command: "true"
`).play()
    expect(results).toEqual(['h1 change: ignored'])
  })

  it('listens once although its role is used twice', async () => {
    const { results } = await on(
      `
- hosts: all
  roles:
    - { role: web, site: 1 }
    - { role: web, site: 2 }
`,
      {
        also: {
          'roles/web/tasks/main.yml': '- name: web\n  command: "true"\n  notify: reload all\n',
          'roles/web/handlers/main.yml': '- name: reload\n  command: "true"\n  listen: reload all\n',
        },
      },
    ).play()
    expect(results).toEqual(['h1 web: changed', 'h1 web: changed', 'h1 reload: changed'])
  })

  it('runs where a task failed, with force_handlers that a variable gives', async () => {
    const { results } = await on(`
- hosts: all
  force_handlers: "{{ forced }}"
  vars: { forced: true }
  tasks:
    - name: change
      command: "true"
      notify: told
    - name: breaks
      command: "false"
  handlers:
    - name: told
      command: "true"
`).play()
    expect(results.at(-1)).toBe('h1 told: changed')
  })

  it('that is not there fails the host that wanted it, and a rescue takes over', async () => {
    const { results } = await on(
      `
- hosts: all
  tasks:
    - block:
        - name: change
          command: "true"
          notify: "{{ wanted }}"
      rescue:
        - { name: saved, command: "true" }
  handlers:
    - { name: told, command: "true" }
`,
      { hosts: ['h1', 'h2'], hostVars: { h1: { wanted: 'nobody' }, h2: { wanted: 'told' } } },
    ).play()
    expect(results.filter(line => line.startsWith('h1'))).toEqual([
      'h1 change: changed',
      'h1 change: failed',
      'h1 saved: changed',
    ])
    expect(results.filter(line => line.startsWith('h2'))).toEqual(['h2 change: changed', 'h2 told: changed'])
  })
})

describe('meta', () => {
  it('whose condition cannot be worked out fails its hosts', async () => {
    const { results } = await on(`
- hosts: all
  tasks:
    - block:
        - name: perhaps
          meta: end_host
          when: not_there_at_all.stdout == 'x'
      rescue:
        - { name: saved, command: "true" }
`).play()
    expect(results).toEqual(['h1 perhaps: failed', 'h1 saved: changed'])
  })
})
