import path from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { Declared } from '../../src/engine/declared.ts'
import { type Played, type Stage, type Theatre, theatre } from './stage.ts'

let open: Theatre | null = null
afterEach(() => open?.close())

function stage(tasks: string, over: Partial<Stage> = {}): Theatre {
  const site = `- hosts: all\n  roles: [web]\n  tasks:\n${tasks}${HANDLERS}`
  open = theatre({ ...over, files: { 'site.yml': site, 'roles/web/tasks/main.yml': ROLE, ...over.files } })
  return open
}

const ROLE = `
- name: Folder
  file: { path: "{{ dir }}/web", state: directory }
- name: Page
  copy: { content: a, dest: "{{ dir }}/web/{{ item }}" }
  loop: [one, two]
  notify: Tell {{ inventory_hostname }}
`
const NOTHING = '    - debug: { msg: x }\n'
const HANDLERS = `  handlers:
    - name: Tell {{ inventory_hostname }}
      file: { path: "{{ dir }}/told", state: directory }
`

function shown(played: Played, host = 'h1'): string[] {
  const all: readonly Declared[] = played.summary.declared[host] ?? []
  return all.map(({ resource, role, task, notifies }) =>
    [
      'path' in resource ? path.relative(played.dir, resource.path) : resource.kind,
      role ?? 'play',
      task,
      ...notifies,
    ].join(': '),
  )
}

const WEB = ['web: web: Folder', 'web/one: web: Page: Tell h1', 'web/two: web: Page: Tell h1']

describe('what hosts have by the tasks of a run', () => {
  it('is told with its role, its task and the handlers that it notifies, whether it changed or not', async () => {
    const theatre = stage(NOTHING)
    const first = await theatre.play()
    const second = await theatre.play()
    const dry = await theatre.play({ options: { check: true } })
    expect([shown(first), shown(second), shown(dry)]).toEqual([WEB, WEB, WEB])
    expect(second.summary.declared.h1?.[0]).toMatchObject({
      playbook: 'site.yml',
      module: 'file',
      from: 'h1',
    })
  })

  it('is of the host that was acted on', async () => {
    const task = `    - copy: { content: x, dest: "{{ dir }}/x" }
      delegate_to: h2
      run_once: true\n`
    const played = await stage(task, { hosts: ['h1', 'h2'] }).play()
    expect(shown(played, 'h2')).toContain('x: play: copy')
    expect(shown(played).join()).not.toContain('x: play')
  })

  it('is nothing where a condition does not hold, or the task fails', async () => {
    const tasks = `    - copy: { content: x, dest: "{{ dir }}/x" }
      when: false
    - copy: { content: x, dest: "{{ dir }}/no/such/y" }
      ignore_errors: true\n`
    expect(shown(await stage(tasks).play())).toEqual(WEB)
  })

  it('leaves out what has a secret in its name, and keeps what no_log hides', async () => {
    const tasks = `    - cron: { name: "{{ pin }}", job: x, cron_file: "{{ dir }}/cron" }
    - copy: { content: "{{ pin }}", dest: "{{ dir }}/plain" }
      no_log: true\n`
    const played = await stage(tasks, { secrets: { pin: 'correct-horse-battery' } }).play()
    expect(shown(played)).toEqual([...WEB, 'plain: play: copy'])
  })
})
