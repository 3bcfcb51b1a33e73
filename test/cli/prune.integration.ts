import { existsSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { aPlace, type Place } from './io.ts'

const HOSTS = 'all: { children: { lab: { hosts: { one: { ansible_connection: local } } } } }\n'
let place: Place | undefined
afterEach(() => place?.remove())

const BOTH = '- { hosts: all, gather_facts: false, roles: [web, db] }\n'
const ONE = '- { hosts: all, gather_facts: false, roles: [db] }\n'
const role = (name: string) => `- copy: { content: x, dest: "{{ inventory_dir | dirname }}/${name}.made" }\n`

function project(): Place {
  place = aPlace({
    'vpai.yml': 'playbook: site.yml\n',
    'inventory/hosts.yml': HOSTS,
    'site.yml': BOTH,
    'roles/web/tasks/main.yml': role('web'),
    'roles/db/tasks/main.yml': role('db'),
  })
  return place
}
const made = (name: string) => existsSync(path.join(place?.folder ?? '', `${name}.made`))

it('a deploy tells what is no longer declared, a plan with --prune counts it, a deploy with --prune removes it', async () => {
  const { run, folder } = project()
  expect((await run(['deploy', 'lab'])).code).toBe(0)
  writeFileSync(path.join(folder, 'site.yml'), ONE)
  const told = await run(['plan', 'lab'])
  expect([told.code, told.out]).toEqual([0, expect.stringContaining('no longer declared: one: file ')])
  expect(told.out).toContain('(role web, “copy”)')
  expect(JSON.parse((await run(['deploy', 'lab', '--output', 'json'])).out).orphans).toHaveLength(1)
  expect((await run(['plan', 'lab', '--prune'])).code).toBe(2)
  expect(made('web')).toBe(true)
  expect(await run(['deploy', 'lab', '--prune'])).toMatchObject({ code: 0 })
  expect([made('web'), made('db')]).toEqual([false, true])
  const after = await run(['plan', 'lab', '--prune'])
  expect([after.code, after.out]).toEqual([0, expect.not.stringContaining('no longer declared')])
})

it('remove shows what a role has brought, asks, and takes it away', async () => {
  const { run } = project()
  await run(['deploy', 'lab'])
  expect(await run(['remove', 'web'])).toMatchObject({
    code: 1,
    err: expect.stringContaining('CONFIRM_NEEDED'),
  })
  const shown = await run(['remove', 'web', 'lab', '--check'])
  expect([shown.code, shown.out]).toEqual([0, expect.stringContaining('web.made')])
  expect(made('web')).toBe(true)
  expect((await run(['remove', 'web', 'lab', '--yes'])).code).toBe(0)
  expect([made('web'), made('db')]).toEqual([false, true])
  const again = await run(['remove', 'web', '--yes'])
  expect([again.code, again.err]).toEqual([
    0,
    expect.stringContaining('Nothing on these hosts is of role web'),
  ])
})

it.each([
  [['deploy', 'lab', '--prune', '--tags', 'x'], 'PRUNE_PARTLY'],
  [['plan', 'lab', '--prune', '-o', 'p.json'], 'PLAN_FLAGS'],
])('%j is refused', async (argv, code) => {
  expect(await project().run(argv)).toMatchObject({ code: 1, err: expect.stringContaining(code) })
})
