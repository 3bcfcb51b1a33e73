import { expect, it } from 'vitest'
import { checkDryRun } from './dry-run.ts'
import { theatre } from './stage.ts'

it('a dry run says of each task what the run that follows does, or that it cannot be known', async () => {
  const { known } = await checkDryRun({ runs: 8 })
  expect(known).toBeGreaterThan(0)
})

/** A first deploy of folders, files in them, edits of these, links to them, and what takes away. */
const FIRST = `
- hosts: all
  tasks:
    - file: { path: "{{ dir }}/app/etc", state: directory, owner: daemon, mode: "0750" }
    - copy: { content: "port=80\\n", dest: "{{ dir }}/app/etc/app.conf", mode: "0640", owner: daemon }
    - lineinfile: { path: "{{ dir }}/app/etc/app.conf", line: "name=one" }
    - lineinfile: { path: "{{ dir }}/app/etc/app.conf", regexp: "^port=", line: "port=80" }
    - file: { path: "{{ dir }}/app/etc/app.conf", mode: "0600" }
    - file: { src: "{{ dir }}/app/etc/app.conf", path: "{{ dir }}/conf", state: link }
    - copy: { content: old, dest: "{{ dir }}/old" }
    - file: { path: "{{ dir }}/old", state: absent }
    - stat: { path: "{{ dir }}/old" }
      register: old
    - copy: { content: "{{ old.stat.exists }}", dest: "{{ dir }}/app/old" }
`

it('a dry run of a first deploy knows it all', async () => {
  const stage = theatre({ files: { 'site.yml': FIRST } })
  try {
    const dry = await stage.play({ options: { check: true } })
    const real = await stage.play()
    expect(dry.results).toEqual(real.results)
    expect(real.results.filter(line => line.endsWith('changed'))).toHaveLength(8)
  } finally {
    stage.close()
  }
})

it.each([
  [
    'a file stands where its folder should be',
    'copy: { content: x, dest: "{{ dir }}/f/x" }',
    'is not a directory',
  ],
  ['a folder is to be made below a file', 'file: { path: "{{ dir }}/f/x/y", state: directory }', 'above it'],
  [
    'a link has no folder to be made in',
    'file: { src: f, path: "{{ dir }}/n/l", state: link, force: true }',
    'does not exist',
  ],
  [
    'a full folder would give way to a link',
    'file: { src: f, path: "{{ dir }}/d", state: link, force: true }',
    'not empty',
  ],
  [
    'a link would lead to itself',
    'file: { src: "{{ dir }}/f", path: "{{ dir }}/f", state: link, force: true }',
    'itself',
  ],
])('a dry run fails as the run would: %s', async (_what, task, message) => {
  const before =
    'copy: { content: x, dest: "{{ dir }}/f" }\n    - file: { path: "{{ dir }}/d/e", state: directory }'
  const site = (text: string) => `- hosts: all\n  tasks:\n    - ${text}\n`
  const stage = theatre({ files: { 'site.yml': site(before) } })
  try {
    await stage.play()
    for (const check of [true, false]) {
      const { events } = await stage.play({ files: { 'site.yml': site(task) }, options: { check } })
      const result = events.find(event => event.type === 'task.result')
      expect([check, result]).toEqual([check, expect.objectContaining({ status: 'failed' })])
      expect(JSON.stringify(result)).toContain(message)
    }
  } finally {
    stage.close()
  }
})
