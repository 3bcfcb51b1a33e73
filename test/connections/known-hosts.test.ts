import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import {
  checkHostKey,
  fingerprint,
  keyType,
  knownHostLine,
  knownHostName,
  knownKeyTypes,
  matchesHost,
  parseKnownHosts,
} from '../../src/connections/known-hosts.ts'

/** A key blob that names its type; the rest does not matter here. */
const blob = (type: string, rest: string): Buffer => {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(type.length)
  return Buffer.concat([length, Buffer.from(type), Buffer.from(rest)])
}
const ED = blob('ssh-ed25519', 'one')
const ED2 = blob('ssh-ed25519', 'two')
const RSA = blob('ssh-rsa', 'three')
const line = (hosts: string, key: Buffer) => knownHostLine(hosts, key)
const parse = (...lines: readonly string[]) => parseKnownHosts(lines.join('\n'), 'known_hosts')
const hashed = (name: string) => {
  const salt = Buffer.alloc(20, 3)
  return `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update(name).digest('base64')}`
}

test.each([
  ['web1', 22, 'web1'],
  ['WEB1', 22, 'web1'],
  ['web1', 2222, '[web1]:2222'],
  ['::1', 22, '::1'],
  ['::1', 2222, '[::1]:2222'],
])('%s port %s is looked up as %s', (host, port, name) => {
  expect(knownHostName(host, port)).toBe(name)
})

test.each([
  ['web1', 'web1', true],
  ['Web1', 'web1', true],
  ['web1,web2', 'web2', true],
  ['web1', 'web10', false],
  ['web?', 'web1', true],
  ['*.example.com', 'a.b.example.com', true],
  ['*.example.com', 'example.com', false],
  ['*.example.com,!db.example.com', 'db.example.com', false],
  ['!db.example.com,*.example.com', 'web.example.com', true],
  ['web.1', 'webx1', false],
  ['web1', '[web1]:2222', false],
  ['[web1]:2222', '[web1]:2222', true],
  ['[web1]:*', '[web1]:2222', true],
  [hashed('web1'), 'web1', true],
  [hashed('web1'), 'web2', false],
  [hashed('[web1]:2222'), '[web1]:2222', true],
])('%s stands for %s: %s', (hosts, name, expected) => {
  expect(matchesHost(hosts, name)).toBe(expected)
})

test.each([
  ['no entry', [], 'unknown'],
  ['the key', [line('web1', ED)], 'known'],
  ['another key of the same type', [line('web1', ED2)], 'changed'],
  ['a key of another type only', [line('web1', RSA)], 'changed'],
  ['an old and the right key', [line('web1', ED2), line('web1', ED)], 'known'],
  ['another host', [line('web2', ED)], 'unknown'],
  ['a revoked key, although listed', [line('web1', ED), `@revoked * ${line('', ED).trim()}`], 'revoked'],
  ['another revoked key', [line('web1', ED), `@revoked * ${line('', ED2).trim()}`], 'known'],
  ['a certificate authority only', [`@cert-authority * ${line('', ED).trim()}`], 'unknown'],
])('with %s, a key is judged right', (_, lines, kind) => {
  expect(checkHostKey(parse(...lines), 'web1', ED).kind).toBe(kind)
})

test('a changed key names the line of the same type', () => {
  expect(checkHostKey(parse('# ours', line('web1', RSA), line('web1', ED2)), 'web1', ED)).toMatchObject({
    known: { file: 'known_hosts', line: 3 },
  })
})

test('comments, blank lines and lines that cannot be understood are skipped', () => {
  const entries = parse(
    '',
    '# web1',
    'web1',
    'web1 ssh-ed25519',
    'web1 ssh-ed25519 ????',
    `web1 ssh-rsa ${ED.toString('base64')}`,
    '@strange * x y',
    `${line('web1', ED)} a comment`,
  )
  expect(entries.map(entry => entry.line)).toEqual([8])
})

test('only the types known for a host count', () => {
  const entries = parse(
    line('web1', RSA),
    line('web1', ED),
    line('web2', ED2),
    `@revoked web1 ${line('', ED2).trim()}`,
  )
  expect(knownKeyTypes(entries, 'web1')).toEqual(['ssh-rsa', 'ssh-ed25519'])
  expect(knownKeyTypes(entries, 'web3')).toEqual([])
})

test('fingerprints look as ssh-keygen shows them', () => {
  const github = 'AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl'
  expect(fingerprint(Buffer.from(github, 'base64'))).toBe(
    'SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU',
  )
})

test.each([[Buffer.alloc(0)], [Buffer.alloc(4, 255)], [Buffer.from([0, 0, 0, 9, 65])]])(
  'bytes that are no key have no type',
  bytes => {
    expect(keyType(bytes)).toBe('')
  },
)
