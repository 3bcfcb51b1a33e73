import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { aPlace, type Place } from './io.ts'

const HOSTS = 'all: { children: { prod: { hosts: { one: { ansible_connection: local } } } } }\n'
const SITE = `
- hosts: prod
  gather_facts: false
  vars: { made: "{{ inventory_dir | dirname }}/made" }
  pre_tasks:
    - command: "true"
      changed_when: false
    - file: { path: "{{ made }}", state: directory }
  roles:
    - { role: store, tags: [store] }
  tasks:
    - copy: { content: "{{ text }}\\n", dest: "{{ made }}/app", mode: "0644" }
    - shell: "{{ then }}"
      when: then is defined
`
const ROLE = {
  main: '- copy: { content: x, dest: "{{ made }}/store" }',
  snapshot: `- shell: test ! -e {{ data }} || cp {{ data }} {{ vpai_snapshot }}/data
- shell: "{{ breaks }}"
  when: breaks is defined`,
  schema: `- shell: test ! -e {{ data }} || echo store $(head -n 1 {{ data }})
  register: vpai_schema
  changed_when: false`,
  restore: '- shell: cp {{ vpai_snapshot }}/data {{ data }}',
}
const DATA = 'data: "{{ inventory_dir | dirname }}/data"\n'

/** A file stands for the data: its first line is its schema. */
describe('data', () => {
  let place: Place
  const data = () => path.join(place.folder, 'data')
  const made = (name: string) => path.join(place.folder, 'made', name)
  const write = (...lines: readonly string[]) => writeFileSync(data(), `${lines.join('\n')}\n`)
  const lines = () => readFileSync(data(), 'utf8').trimEnd().split('\n')
  const deploy = (vars: Readonly<Record<string, string>>, ...flags: string[]) => {
    place.write('inventory/group_vars/all.yml', `${JSON.stringify(vars)}\n`)
    return place.run(['deploy', 'prod', '--yes', ...flags])
  }
  const snapshots = () => {
    const folder = path.join(place.folder, '../record/shop/snapshots')
    return existsSync(folder) ? readdirSync(folder).sort() : []
  }
  beforeEach(() => {
    place = aPlace({
      'vpai.yml': 'name: shop\n',
      'inventory/hosts.yml': HOSTS,
      'playbooks/site.yml': SITE,
      ...Object.fromEntries(
        Object.entries(ROLE).map(([name, text]) => [`roles/store/tasks/${name}.yml`, text]),
      ),
      'roles/store/defaults/main.yml': DATA,
    })
    onTestFinished(() => place.remove())
  })

  it('is kept before the first change, once, and not where nothing changes', async () => {
    expect((await deploy({ text: 'one' })).code).toBe(0)
    expect(snapshots()).toEqual([])
    write('v1', 'row')
    const second = await deploy({ text: 'two', then: 'date >>{{ made }}/two' })
    expect([second.code, second.err], second.out).toEqual([0, ''])
    expect(snapshots()).toEqual([expect.stringMatching(/^0000000001\./)])
    const folder = path.join(place.folder, '../record/shop/snapshots', String(snapshots()[0]))
    expect(readFileSync(path.join(folder, 'store', 'data'), 'utf8')).toBe('v1\nrow\n')
    await deploy({ text: 'two' })
    expect(snapshots()).toHaveLength(1)
  })

  it('that cannot be kept stops the deploy before anything is changed', async () => {
    await deploy({ text: 'one' })
    write('v1', 'row')
    const failed = await deploy({ text: 'two', breaks: 'echo no room >&2; exit 1' })
    expect([failed.code, failed.out]).toEqual([2, expect.stringContaining('no room')])
    expect(failed.out).toContain('so nothing is changed')
    expect(readFileSync(made('app'), 'utf8')).toBe('one\n')
    expect(snapshots()).toEqual([])
    expect((await deploy({ text: 'two', breaks: 'false' }, '--no-snapshot')).code).toBe(0)
    expect(readFileSync(made('app'), 'utf8')).toBe('two\n')
  })

  it('of no bytes is no snapshot', async () => {
    await deploy({ text: 'one' })
    writeFileSync(data(), '')
    const failed = await deploy({ text: 'two' })
    expect([failed.code, failed.out]).toEqual([2, expect.stringContaining('store/data is empty')])
    expect(readFileSync(made('app'), 'utf8')).toBe('one\n')
  })

  it('comes back with its release, and is said to have moved where it does not', async () => {
    await deploy({ text: 'one' })
    write('v1', 'row')
    expect((await deploy({ text: 'two', then: `printf 'v2\\n' >{{ data }}` })).code).toBe(0)
    expect(lines()).toEqual(['v2'])
    const told = await place.run(['rollback', 'prod', '--check'])
    expect(told.out, told.err).toContain('the schema has moved since release 1 (store)')
    const back = await place.run(['rollback', 'prod', '--with-data', '--yes'])
    expect([back.code, back.err], back.out).toEqual([0, ''])
    expect(back.out).toContain('comes back')
    expect([lines(), readFileSync(made('app'), 'utf8')]).toEqual([['v1', 'row'], 'one\n'])
    const forth = await place.run(['rollback', 'prod', '--to', '2', '--with-data', '--yes'])
    expect([forth.code, forth.err], forth.out).toEqual([0, ''])
    expect(lines()).toEqual(['v2'])
  })

  it('that cannot be kept as it is now is not exchanged for older data, unless told so', async () => {
    await deploy({ text: 'one' })
    write('v1', 'row')
    await deploy({ text: 'two' })
    const breaks = ['-e', 'breaks=false']
    const back = await place.run(['rollback', 'prod', '--with-data', '--yes', ...breaks])
    expect([back.code, back.out], back.err).toEqual([2, expect.stringContaining('so nothing is changed')])
    expect(readFileSync(made('app'), 'utf8')).toBe('two\n')
    const without = ['--to', '1', '--with-data', '--no-snapshot', '--yes', ...breaks]
    expect((await place.run(['rollback', 'prod', ...without])).code).toBe(0)
    expect(readFileSync(made('app'), 'utf8')).toBe('one\n')
  })

  it('is that from before a deploy that failed, however often it failed', async () => {
    await deploy({ text: 'one' })
    write('v1', 'row')
    const failed = await deploy({ text: 'two', then: `printf 'v2\\n' >{{ data }}; exit 1` })
    expect([failed.code, failed.err]).toEqual([2, expect.stringContaining('--with-data')])
    for (const _ of [1, 2, 3]) await deploy({ text: 'two', then: 'false' })
    expect(snapshots()).toHaveLength(3)
    const back = await place.run(['rollback', 'prod', '--with-data', '--yes'])
    expect([back.code, back.err], back.out).toEqual([0, ''])
    expect(lines()).toEqual(['v1', 'row'])
  })

  it('that there is no snapshot of is an error that says of which there are', async () => {
    await deploy({ text: 'one' })
    write('v1')
    await deploy({ text: 'two' }, '--no-snapshot')
    await deploy({ text: 'three' })
    const none = await place.run(['rollback', 'prod', '--to', '1', '--with-data', '--yes'])
    expect([none.code, none.err]).toEqual([1, expect.stringContaining('There are of: 2')])
  })

  it('that is kept and cannot come back is refused when the project is read', async () => {
    rmSync(path.join(place.folder, 'roles/store/tasks/restore.yml'))
    const refused = await deploy({ text: 'one' })
    expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('no tasks/restore.yml')])
  })
})
