import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { ANSWERS } from '../wizard/a-wizard.ts'
import { aPlace, type Place } from './io.ts'

let place: Place

beforeEach(() => {
  place = aPlace({ 'answers.yml': stringify(ANSWERS) })
})
afterEach(() => place.remove())

const wizard = (...argv: string[]) => place.run(['wizard', '--answers', 'answers.yml', ...argv])

describe('vpai wizard --answers', () => {
  it('writes a project whose inventory loads and whose secrets open', async () => {
    const { code, out, err } = await wizard()
    expect(err).toContain('Made an identity')
    expect([code, out]).toEqual([0, expect.stringContaining('wrote  inventory/secrets.age\n')])
    const shown = await place.run(['inventory', '--output', 'json'])
    expect(shown).toMatchObject({ code: 0, err: '' })
    expect(JSON.parse(shown.out).groups.prod).toHaveLength(1)
    expect((await place.run(['secrets', 'get', 's3_secret_key'])).out).toBe('S3-SECRET-KEY-0001')
    expect(out + err).not.toContain('S3-SECRET-KEY-0001')
  })

  it('takes the public keys of this machine where none are given, and looks at the key to log in with', async () => {
    const key =
      'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl me@example.org'
    mkdirSync(path.join(place.home, '.ssh'))
    writeFileSync(path.join(place.home, '.ssh/mine.pub'), `${key}\n`)
    const { ssh_authorized_keys: _keys, ...rest } = ANSWERS as Record<string, unknown>
    place.write('answers.yml', stringify(rest))
    const { code, err } = await wizard()
    expect([code, err]).toEqual([0, expect.stringMatching(/there is no ~\/\.ssh\/\S+ on this machine/)])
    expect(readFileSync(path.join(place.folder, 'inventory/group_vars/all/main.yml'), 'utf8')).toContain(key)
  })

  it('a second time, with no secret given anew, writes nothing', async () => {
    await wizard()
    const {
      s3_access_key: _key,
      s3_secret_key: _secret,
      telegram_monitoring_bot_token: _token,
      ...rest
    } = ANSWERS
    place.write('answers.yml', stringify(rest))
    const before = readFileSync(path.join(place.folder, 'inventory/secrets.age'))
    expect((await wizard()).out).toContain('Nothing to write')
    expect(readFileSync(path.join(place.folder, 'inventory/secrets.age'))).toEqual(before)
  })

  it('keeps the secrets where vpai.yml says, the first time and later', async () => {
    place.write('vpai.yml', 'secrets: private/all.age\n')
    expect((await wizard()).out).toContain('wrote  private/all.age\n')
    expect(existsSync(path.join(place.folder, 'inventory/secrets.age'))).toBe(false)
    expect(readFileSync(path.join(place.folder, '.gitignore'), 'utf8')).toContain('private/all.age.draft\n')
    const made = (await place.run(['secrets', 'get', 'postgresql_admin_password'])).out
    expect((await wizard()).code).toBe(0)
    expect((await place.run(['secrets', 'get', 'postgresql_admin_password'])).out).toBe(made)
  })

  it('tells all that is wrong with the answers, and makes nothing, not even an identity', async () => {
    place.write('answers.yml', stringify({ ...ANSWERS, prod_ip: 'nowhere', domain_nam: 'x' }))
    const { code, err } = await wizard()
    expect(code).toBe(1)
    expect(err).toContain('prod_ip')
    expect(err).toContain('domain_nam')
    expect(existsSync(path.join(place.folder, 'inventory'))).toBe(false)
    expect(existsSync(path.join(place.home, '.config'))).toBe(false)
  })

  it.each([
    ['a file that is not there', ['wizard', '--answers', 'nope.yml'], 'nope.yml'],
    ['nobody to ask', ['wizard'], '--answers'],
    ['an unknown system', ['wizard', '--system', 'moon'], 'Allowed choices'],
  ])('tells of %s', async (_what, argv, message) => {
    const { code, err } = await place.run(argv)
    expect([code, err]).toEqual([1, expect.stringContaining(message)])
  })
})
