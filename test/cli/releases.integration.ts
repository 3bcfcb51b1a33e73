import { existsSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { deploy, deployed, made, SITE, told } from './released-project.ts'

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

it('a deploy with --limit gives a number that no other host of the environment has', async () => {
  const place = await deployed()
  const local = { ansible_connection: 'local' }
  const other = path.join(place.folder, '../record-of-two')
  const hosts = { one: local, two: { ...local, vpai_host_state: other } }
  place.write('inventory/hosts.yml', JSON.stringify({ all: { children: { prod: { hosts } } } }))
  for (const [text, host] of [
    ['one', 'one'],
    ['two', 'two'],
    ['one', 'one'],
  ] as const)
    expect((await deploy(place, text, '--limit', host)).code).toBe(0)
  const { releases } = JSON.parse((await place.run(['history', 'prod', '--output', 'json'])).out)
  const told = releases.map(({ number, hosts }: { number: number; hosts: string[] }) => [number, hosts])
  expect(told).toEqual([
    [3, ['one']],
    [2, ['two']],
    [1, ['one']],
  ])
})

describe('rollback', () => {
  it('proposes the release before the newest, shows what it means, and asks', async () => {
    const { run } = await deployed('one', 'two')
    const shown = await run(['rollback', 'prod'])
    expect([shown.code, shown.err]).toEqual([1, expect.stringContaining('vpai rollback prod --to 1 --yes')])
    expect(shown.out).toMatch(/^ {4}2 .*\n→ {3}1 /)
    expect(shown.out).toContain('-two\n      +one')
    expect(shown.out).toMatch(/- .*made\/later\n/)
    expect(shown.out).toContain('then: Tell')
    expect((await run(['rollback', 'prod', '--check'])).code).toBe(2)
  })

  it('puts back content, mode and handlers, removes what came since, and is a release itself', async () => {
    const place = await deployed('one', 'two')
    const { run } = place
    const back = await run(['rollback', 'prod', '--yes'])
    expect([back.code, back.err], back.out).toEqual([0, ''])
    expect(readFileSync(made(place, 'open'), 'utf8')).toBe('one\n')
    expect(readFileSync(made(place, 'closed'), 'utf8')).toBe('hidden one\n')
    expect(statSync(made(place, 'closed')).mode & 0o777).toBe(0o600)
    expect(existsSync(made(place, 'later'))).toBe(false)
    expect(told(place)).toBe('one\ntwo\none\n')
    expect((await run(['diff', '1', '3', 'prod'])).out).toBe('one: no difference\n')
    expect((await run(['history', 'prod'])).out).toContain('back to 1')
    expect((await run(['lock', 'prod'])).out).toBe('one: free\n')
    const again = await run(['rollback', 'prod', '--to', '1', '--yes'])
    expect([again.code, again.out]).toEqual([0, expect.stringContaining('nothing to do')])
  })

  it('asks the smoke tests of roles, and brings the newer one back where they fail', async () => {
    const place = await deployed()
    place.write('playbooks/site.yml', SITE.replace('  tasks:', '  roles: [shop]\n  tasks:'))
    place.write('roles/shop/tasks/main.yml', '- debug: { msg: the shop }\n')
    const test = 'grep -c . {{ made }}/open; ! grep one {{ made }}/open || [ ! -e {{ made }}.closed ]'
    place.write(
      'roles/shop/tasks/smoke.yml',
      `- { name: The shop answers, shell: "${test}", changed_when: false }\n`,
    )
    for (const text of ['one', 'two']) expect((await deploy(place, text)).code).toBe(0)
    const back = await place.run(['rollback', 'prod', '--yes'])
    expect([back.code, back.err, back.out]).toEqual([0, '', expect.stringContaining('The shop answers')])
    expect((await place.run(['rollback', 'prod', '--to', '2', '--yes'])).code).toBe(0)
    place.write('made.closed', '')
    const failed = await place.run(['rollback', 'prod', '--to', '1', '--yes'])
    expect([failed.code, failed.err]).toEqual([2, expect.stringMatching(/Release \d+ is back/)])
    expect(readFileSync(made(place, 'open'), 'utf8')).toBe('two\n')
  })

  it('says that there is nothing to go back to', async () => {
    const { run } = await deployed('one')
    expect((await run(['rollback', 'prod'])).err).toContain('RELEASE_NONE')
    expect((await run(['rollback', 'prod', '--to', '9'])).err).toContain('RELEASE_UNKNOWN')
    expect((await run(['rollback', 'prod', '--to', '1', '--service', 'web'])).err).toContain(
      'SERVICE_UNKNOWN',
    )
  })
})
