import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { aPlace, type Place } from './io.ts'

const HOSTS = 'all: { hosts: { one: { ansible_connection: local } } }\n'
let place: Place | undefined
afterEach(() => place?.remove())

it('a handler that is due is told by lock, until it has run', async () => {
  const site = `
- hosts: all
  gather_facts: false
  tasks:
    - copy: { content: x, dest: "{{ inventory_dir }}/../made" }
      notify: Tell
    - command: "{{ then | default('true') }}"
  handlers:
    - name: Tell
      command: "true"
`
  place = aPlace({ 'inventory/hosts.yml': HOSTS, 'site.yml': site })
  expect(await place.run(['lock'])).toMatchObject({ code: 0, out: 'one: free\n' })
  await place.run(['run', 'site.yml', '-e', 'then=false'])
  expect(await place.run(['lock'])).toMatchObject({ code: 0, out: 'one: free; handlers due: Tell\n' })
  await place.run(['run', 'site.yml'])
  expect(await place.run(['lock'])).toMatchObject({ code: 0, out: 'one: free\n' })
})

const SITE = `
- hosts: all
  gather_facts: false
  tasks:
    - shell: echo once >>{{ inventory_dir }}/../said
    - shell: test -e {{ inventory_dir }}/../mended
`

it('goes on with a run of which a task failed, and does no command twice', async () => {
  place = aPlace({
    'inventory/hosts.yml': HOSTS,
    'site.yml': SITE,
  })
  expect((await place.run(['run', 'site.yml'])).code).toBe(2)
  writeFileSync(path.join(place.folder, 'mended'), '')
  const resumed = await place.run(['resume'])
  expect([resumed.code, resumed.err]).toEqual([0, expect.stringContaining('vpai run site.yml')])
  expect(readFileSync(path.join(place.folder, 'said'), 'utf8')).toBe('once\n')
  const again = await place.run(['resume'])
  expect([again.code, again.err]).toEqual([1, expect.stringContaining('RESUME_NOTHING')])
  expect(existsSync(path.join(place.folder, 'said'))).toBe(true)
})
