import path from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { aPlace, type Place } from './io.ts'

const HOSTS = 'all: { children: { prod: { hosts: { one: { ansible_connection: local } } } } }\n'
const SITE = `
- hosts: all
  gather_facts: false
  vars: { made: "{{ inventory_dir }}/../made" }
  tasks:
    - file: { path: "{{ made }}", state: directory }
    - copy: { content: "{{ text }}\\n", dest: "{{ made }}/open", mode: "0644" }
      notify: Tell
    - copy: { content: "hidden {{ text }}\\n", dest: "{{ made }}/closed", mode: "0600" }
    - copy: { content: "x", dest: "{{ made }}/later" }
      when: text == 'two'
  handlers:
    - name: Tell
      shell: cat {{ made }}/open >>{{ inventory_dir }}/../told
`
const FILES = { 'inventory/hosts.yml': HOSTS, 'playbooks/site.yml': SITE, 'vpai.yml': 'name: shop\n' }
let place: Place | undefined
afterEach(() => place?.remove())

async function deployed(...texts: readonly string[]): Promise<Place> {
  const made = aPlace(FILES)
  place = made
  for (const text of texts) {
    const { code, err } = await made.run(['deploy', 'prod', '--yes', '-e', `text=${text}`])
    expect([code, err]).toEqual([0, ''])
  }
  return made
}

describe('releases of an environment', () => {
  it('are listed newest first, shown, and compared without contents that are not for everybody', async () => {
    const { run } = await deployed('one', 'two', 'two')
    const history = await run(['history', 'prod'])
    expect([history.code, history.out]).toEqual([0, expect.stringMatching(/^ {3}2 .* UTC .*\n {3}1 .*\n$/)])
    const shown = await run(['show', '2', 'prod'])
    expect(shown.out).toMatch(/made\/closed {2}0600 /)
    const differs = await run(['diff', '1', '2', 'prod'])
    expect(differs.code).toBe(2)
    expect(differs.out).toContain('-one\n      +two')
    expect(differs.out).toMatch(/~ .*\/closed {2}0600 \S+ \w+ → 0600 /)
    expect(differs.out).not.toContain('hidden')
    expect((await run(['diff', '2', '2', 'prod'])).code).toBe(0)
  })

  it('are told as JSON', async () => {
    const { run } = await deployed('one', 'two')
    const json = async (...argv: string[]) => JSON.parse((await run([...argv, '--output', 'json'])).out)
    expect(await json('history', 'prod')).toMatchObject({
      version: 1,
      proposed: 1,
      changedSince: [],
      releases: [{ number: 2, hosts: ['one'] }, { number: 1 }],
    })
    expect(await json('show', '1', 'prod')).toMatchObject({ hosts: { one: { number: 1, env: 'prod' } } })
    const { hosts } = await json('diff', '1', '2', 'prod')
    const files: { path: string; diff: string | null }[] = hosts.one.files
    expect(files.map(one => [path.basename(one.path), one.diff === null])).toEqual([
      ['closed', true],
      ['later', false],
      ['open', false],
    ])
  })

  it('that are not there are an error that names those that are', async () => {
    const { run } = await deployed('one')
    expect((await run(['show', '7', 'prod'])).err).toContain('There are: 1.')
    expect((await run(['show', 'last', 'prod'])).err).toContain('RELEASE_NUMBER')
    expect((await run(['history', 'nowhere'])).err).toContain('INVENTORY_NO_MATCH')
  })
})
