import { chmodSync, existsSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { generateIdentity, recipientOf } from '../../src/secrets/age.ts'
import { aPlace, type Place } from './io.ts'

let place: Place

beforeEach(() => {
  place = aPlace({ 'vpai.yml': 'name: shop\n' })
})
afterEach(() => place.remove())

const secretsFile = () => path.join(place.folder, 'inventory/secrets.age')
const identity = () => path.join(place.home, '.config/vpai/identity')

describe('vpai secrets init', () => {
  it('makes an identity only its owner may read, and a file that opens for it', async () => {
    const { code, out, err } = await place.run(['secrets', 'init'])
    expect(code).toBe(0)
    expect(out).toMatch(/^age1[0-9a-z]{58}\n$/)
    expect(err).toContain(identity())
    expect(statSync(identity()).mode & 0o777).toBe(0o600)
    expect(readFileSync(secretsFile(), 'latin1')).not.toContain('vpai_signing_key')
    expect((await place.run(['secrets', 'view'])).code).toBe(0)
  })

  it('takes the identity that is there', async () => {
    const own = path.join(place.home, 'key')
    await place.run(['secrets', 'init', '--identity', own])
    const former = readFileSync(own, 'utf8')
    expect((await place.run(['secrets', 'init', '--identity', own], { cwd: place.home })).code).toBe(0)
    expect(readFileSync(own, 'utf8')).toBe(former)
  })

  it('a second time is refused and changes nothing', async () => {
    await place.run(['secrets', 'init'])
    const before = readFileSync(secretsFile())
    const { code, err } = await place.run(['secrets', 'init'])
    expect(code).toBe(1)
    expect(err).toContain('exists already')
    expect(readFileSync(secretsFile())).toEqual(before)
  })

  it('tells a newcomer to a project with secrets how to be let in', async () => {
    await place.run(['secrets', 'init'])
    const newcomer = { HOME: path.join(place.home, 'newcomer') }
    const { code, out, err } = await place.run(['secrets', 'init'], { env: newcomer })
    expect(code).toBe(0)
    expect(err).toContain(`vpai secrets recipients add ${out.trim()}`)
    expect((await place.run(['secrets', 'view'], { env: newcomer })).code).toBe(1)
    expect((await place.run(['secrets', 'recipients', 'add', out.trim()])).code).toBe(0)
    expect((await place.run(['secrets', 'view'], { env: newcomer })).code).toBe(0)
  })
})

describe('vpai secrets set and get', () => {
  beforeEach(async () => {
    await place.run(['secrets', 'init'])
  })

  it.each([
    ['a line, without its line break', 'pa ss\n', 'pa ss'],
    ['a line without one', 'pa ss', 'pa ss'],
    ['a longer text, with its last line break', 'one\ntwo\n', 'one\ntwo\n'],
    ['text that looks like a number', '0123\n', '0123'],
  ])('bring back %s', async (_what, stdin, expected) => {
    expect((await place.run(['secrets', 'set', 'db.password'], { stdin })).code).toBe(0)
    expect(await place.run(['secrets', 'get', 'db.password'])).toEqual({ code: 0, out: expected, err: '' })
  })

  it('end with a line break on a terminal', async () => {
    await place.run(['secrets', 'set', 'token'], { stdin: 'abc' })
    expect((await place.run(['secrets', 'get', 'token'], { stdoutIsTty: true })).out).toBe('abc\n')
  })

  it('show several secrets as YAML', async () => {
    await place.run(['secrets', 'set', 'db.user'], { stdin: 'ada' })
    await place.run(['secrets', 'set', 'db.password'], { stdin: 'open sesame' })
    expect((await place.run(['secrets', 'get', 'db'])).out).toBe('user: ada\npassword: open sesame\n')
  })

  it.each([
    ['a value on the command line', ['set', 'token', 'hunter22'], 'too many arguments'],
    ['no value at all', ['set', 'token'], 'no value was given'],
    ['an unknown name', ['get', 'nope'], 'no secret called nope'],
    ['the signing key', ['get', 'vpai_signing_key'], 'neither shown nor set'],
  ])('refuse %s', async (_what, argv, message) => {
    const { code, out, err } = await place.run(['secrets', ...argv])
    expect([code, out]).toEqual([1, ''])
    expect(err).toContain(message)
    expect(err).not.toContain('hunter22')
  })
})

describe('vpai secrets', () => {
  it('without a file says how to make one', async () => {
    await place.run(['secrets', 'init'])
    const { code, err } = await place.run(['secrets', 'view'], { cwd: place.home })
    expect(code).toBe(1)
    expect(err).toContain('vpai secrets init')
  })

  it('refuses an identity that others may read', async () => {
    await place.run(['secrets', 'init'])
    chmodSync(identity(), 0o644)
    const { code, err } = await place.run(['secrets', 'view'])
    expect(code).toBe(1)
    expect(err).toContain('chmod 600')
  })

  it('view asks on a terminal, which needs somebody to ask', async () => {
    await place.run(['secrets', 'init'])
    await place.run(['secrets', 'set', 'token'], { stdin: 'abc' })
    const asked = await place.run(['secrets', 'view'], { stdoutIsTty: true })
    expect([asked.code, asked.out]).toEqual([1, ''])
    expect((await place.run(['secrets', 'view', '--yes'], { stdoutIsTty: true })).out).toContain('abc')
  })

  it('a place in the clear text is told without a line of the encrypted one', async () => {
    await place.run(['secrets', 'init'])
    const editor = place.write('editor.sh', '#!/bin/sh\necho "token: [" > "$1"\n')
    chmodSync(editor, 0o755)
    const { code, err } = await place.run(['secrets', 'edit'], { env: { EDITOR: editor } })
    expect([code, err]).toEqual([1, expect.stringMatching(/--> .*secrets\.age:\d+:\d+\n {2}hint:/)])
  })

  it('edit saves what the editor leaves, and says when that is nothing new', async () => {
    await place.run(['secrets', 'init'])
    const editor = place.write('editor.sh', '#!/bin/sh\necho "token: abc" > "$1"\n')
    chmodSync(editor, 0o755)
    const saved = await place.run(['secrets', 'edit'], { env: { EDITOR: editor } })
    expect(saved).toMatchObject({ code: 0, err: expect.stringContaining('is written') })
    expect((await place.run(['secrets', 'get', 'token'])).out).toBe('abc')
    const again = await place.run(['secrets', 'edit'], { env: { EDITOR: 'true' } })
    expect(again).toMatchObject({ code: 0, err: expect.stringContaining('is as it was') })
  })

  it('recipients lists, adds and removes; rekey follows the list', async () => {
    await place.run(['secrets', 'init'])
    const own = (await place.run(['secrets', 'recipients'])).out.trim()
    const other = await generateIdentity()
    const recipient = await recipientOf(other)
    await place.run(['secrets', 'recipients', 'add', recipient])
    expect((await place.run(['secrets', 'recipients', 'list'])).out).toBe(`${own}\n${recipient}\n`)
    const asOther = { env: { VPAI_AGE_IDENTITY: other.reveal() } }
    expect((await place.run(['secrets', 'view'], asOther)).code).toBe(0)
    expect((await place.run(['secrets', 'recipients', 'remove', recipient])).code).toBe(0)
    expect((await place.run(['secrets', 'view'], asOther)).code).toBe(1)
    place.write('inventory/secrets.recipients', `${own}\n${recipient}\n`)
    expect((await place.run(['secrets', 'rekey'])).out).toBe(`${own}\n${recipient}\n`)
    expect((await place.run(['secrets', 'view'], asOther)).code).toBe(0)
  })

  it.each([
    [['recipients', 'remvoe'], 'did you mean remove'],
    [['recipients', 'add'], 'was not given'],
    [['recipients', 'add', 'ssh-ed25519'], 'SSH key'],
    [['veiw'], 'Did you mean view'],
  ])('%j is told what is wrong', async (argv, message) => {
    await place.run(['secrets', 'init'])
    const { code, err } = await place.run(['secrets', ...argv])
    expect(code).toBe(1)
    expect(err.toLowerCase()).toContain(message.toLowerCase())
  })

  it('lies in the inventory folder without being read as an inventory', async () => {
    place.write('inventory/hosts.yml', 'prod: { hosts: { web1: } }\n')
    await place.run(['secrets', 'init'])
    expect(await place.run(['inventory'])).toEqual({ code: 0, out: 'web1  prod\n', err: '' })
  })

  it('stop at a wrong vpai.yml before anything is made', async () => {
    place.write('vpai.yml', 'nmae: shop\n')
    const { code, err } = await place.run(['secrets', 'init'])
    expect(code).toBe(1)
    expect(err).toContain('vpai.yml')
    expect(existsSync(identity())).toBe(false)
  })
})
