import { describe, expect, it } from 'vitest'
import { authorizedKey } from '../../src/modules/authorized_key.ts'
import type { Action } from '../../src/modules/contract.ts'
import { knownHosts } from '../../src/modules/known_hosts.ts'
import { type Answers, aFile, brief, decideWith, drive, textContent } from './tables.ts'

const A = 'ssh-ed25519 AAAAC3A ada@laptop'
const B = 'ssh-rsa AAAAB3B bob'
const ada = { exists: true, name: 'ada', uid: 1000, gid: 1000, home: '/home/ada' }

const host =
  (text: string | null): Answers =>
  key => {
    if (key.kind === 'user') return key.name === 'ada' ? ada : undefined
    if (key.kind === 'content') return text === null ? undefined : textContent(text)
    return key.kind === 'path' && text !== null ? aFile({ type: 'directory' }) : undefined
  }

const written = (actions: readonly Action[]) =>
  actions.flatMap(action => (action.do === 'put' ? [new TextDecoder().decode(action.content)] : []))[0]

describe('authorized_key.decide', () => {
  it.each<[string, object, string | null, string]>([
    ['is done', { key: A }, `${A}\n`, 'ok'],
    ['is done whatever the spaces', { key: A }, `# note\nssh-ed25519   AAAAC3A   ada@laptop`, 'ok'],
    ['adds', { key: A }, `${B}\n`, 'key ada@laptop >present'],
    ['adds two of a text', { key: `${A}\n${B}\n` }, null, 'key ada@laptop >present; key bob >present'],
    ['adds a list', { key: [A, B] }, null, 'key ada@laptop >present; key bob >present'],
    [
      'replaces the options',
      { key: B, key_options: 'from="10.0.0.1",no-pty' },
      `${B}\n`,
      `key bob ${B}>from="10.0.0.1",no-pty ${B}`,
    ],
    ['keeps what has the options', { key: B, key_options: 'command="a b"' }, `command="a b" ${B}\n`, 'ok'],
    [
      'keeps a comment as it is',
      { key: `ssh-ed25519 AAAAC3C it's "ada's"  '"` },
      null,
      `key it's "ada's"  '" >present`,
    ],
    ['removes', { key: A, state: 'absent' }, `${A}\n${B}\n`, 'key ada@laptop present>'],
    ['is done when gone', { key: A, state: 'absent' }, null, 'ok'],
    ['leaves the others out', { key: A, exclusive: true }, `${A}\n${B}\n`, 'key bob present>'],
    ['fails for no key', { key: 'nonsense' }, null, 'fail: invalid key specified: nonsense'],
    [
      'fails for nobody',
      { key: A, user: 'eve' },
      null,
      'fail: Failed to lookup user eve: the host has no such user',
    ],
  ])('%s', (_why, args, text, says) => {
    expect(brief(decideWith(authorizedKey, { user: 'ada', ...args }, host(text)))).toBe(says)
  })

  it('makes directory and file for the user alone', () => {
    const { actions } = drive(decideWith(authorizedKey, { user: 'ada', key: A }, host(null)))
    expect(actions).toMatchObject([
      { do: 'mkdir', path: '/home/ada/.ssh', mode: 0o700, owner: 1000 },
      { do: 'put', path: '/home/ada/.ssh/authorized_keys', mode: 0o600, owner: 1000 },
    ])
    expect(written(actions)).toBe(`${A}\n`)
  })
})

const SALT = Buffer.from('abcdefghijklmnopqrst').toString('base64')

describe('known_hosts.decide', () => {
  const K = 'box ssh-ed25519 AAAAC3A'
  const home: Answers = key => (key.kind === 'user' ? { ...ada, name: 'root', home: '/root' } : undefined)
  const file =
    (text: string): Answers =>
    key =>
      home(key) ?? host(text)(key)
  it.each<[string, object, string, string]>([
    ['is done', { key: K }, `${K}\n`, 'ok'],
    ['is done among other names', { key: K }, 'web,box ssh-ed25519 AAAAC3A\n', 'ok'],
    ['adds', { key: K }, 'web ssh-ed25519 AAAAZZZ\n', 'host key box other>present'],
    [
      'replaces another key of the type',
      { key: K },
      'box ssh-ed25519 AAAAZZZ\n',
      'host key box other>present',
    ],
    ['removes', { state: 'absent' }, `${K}\n`, 'host key box present>'],
    ['is done when gone', { state: 'absent' }, '', 'ok'],
    [
      'refuses a key of another host',
      { key: 'web ssh-ed25519 AAAAC3A' },
      '',
      'fail: Host parameter does not match hashed host field in supplied key: box is not in web ssh-ed25519 AAAAC3A',
    ],
  ])('%s', (_why, args, text, says) => {
    expect(brief(decideWith(knownHosts, { name: 'box', ...args }, file(text)))).toBe(says)
  })

  it('hashes the name, and knows it again', () => {
    const { actions } = drive(decideWith(knownHosts, { name: 'box', key: K, hash_host: true }, file('')))
    const text = written(actions) ?? ''
    expect(text).toMatch(/^\|1\|/)
    expect(text).toContain(SALT)
    expect(brief(decideWith(knownHosts, { name: 'box', key: K, hash_host: true }, file(text)))).toBe('ok')
  })

  it.each([
    [authorizedKey, { user: 'a', key: A }],
    [knownHosts, { name: 'a', state: 'absent' }],
  ] as const)('refuses a key it does not know', (module, args) => {
    expect(module.args().safeParse({ ...args, colour: 'red' }).success).toBe(false)
    expect(module.args().safeParse(args).success).toBe(true)
  })
})
