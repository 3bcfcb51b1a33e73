import { expect, test } from 'vitest'
import { type SshConfigContext, type SshWish, sshTarget } from '../../src/connections/ssh-config.ts'

const context = (text: string, changes: Partial<SshConfigContext> = {}): SshConfigContext => ({
  text,
  home: '/home/me',
  localUser: 'me',
  env: {},
  exists: file => file.endsWith('id_ed25519'),
  ...changes,
})
const target = (text: string, wish: Partial<SshWish> = {}) =>
  sshTarget({ name: 'web1', ...wish }, context(text))

test('without a configuration, everything is as usual', () => {
  expect(target('')).toEqual({
    host: 'web1',
    port: 22,
    user: 'me',
    identityFiles: ['/home/me/.ssh/id_ed25519'],
    identitiesOnly: false,
    agent: null,
    hostKeys: {
      pinned: [],
      knownHostsFiles: [
        '/home/me/.ssh/known_hosts',
        '/home/me/.ssh/known_hosts2',
        '/etc/ssh/ssh_known_hosts',
        '/etc/ssh/ssh_known_hosts2',
      ],
      policy: 'strict',
      appendTo: '/home/me/.ssh/known_hosts',
    },
    proxyJump: [],
    compression: false,
  })
})

test.each<[string, string, object]>([
  ['HostName', 'Host web1\n  HostName 10.0.0.1', { host: '10.0.0.1' }],
  ['HostName with a token', 'Host web*\n  HostName %h.example.com', { host: 'web1.example.com' }],
  [
    'keywords in any case, with =',
    'host web1\n  hostname=10.0.0.1\n  PORT = 2222',
    { host: '10.0.0.1', port: 2222 },
  ],
  ['the first value', 'Host web1\n  Port 1\nHost *\n  Port 2\n  User u', { port: 1, user: 'u' }],
  ['a negated pattern', 'Host * !web1\n  Port 2222', { port: 22 }],
  [
    'IdentityFile',
    'IdentityFile ~/.ssh/%r_%n\nIdentityFile /k/%%\nUser bob',
    { identityFiles: ['/home/me/.ssh/bob_web1', '/k/%'] },
  ],
  ['a quoted IdentityFile', 'IdentityFile "~/my keys/id"', { identityFiles: ['/home/me/my keys/id'] }],
  ['IdentityFile none', 'IdentityFile none', { identityFiles: [] }],
  ['IdentitiesOnly', 'IdentitiesOnly yes', { identitiesOnly: true }],
  ['IdentityAgent', 'IdentityAgent ~/agent.sock', { agent: '/home/me/agent.sock' }],
  ['ConnectTimeout', 'ConnectTimeout 3', { connectTimeoutMs: 3000 }],
  [
    'ServerAliveInterval',
    'ServerAliveInterval 7\nServerAliveCountMax 4',
    { keepalive: { intervalMs: 7000, countMax: 4 } },
  ],
  ['ServerAliveInterval 0', 'ServerAliveInterval 0', { keepalive: null }],
  ['Compression', 'Compression yes', { compression: true }],
  ['Match user', 'Match user nosuchuser\n  Port 2222', { port: 22 }],
  ['Match host', 'Match host web1\n  Port 2222', { port: 2222 }],
])('%s is understood', (_, text, expected) => {
  expect(target(text)).toMatchObject(expected)
})

test.each<[string, string, object]>([
  ['accept-new', 'StrictHostKeyChecking accept-new', { policy: 'accept-new' }],
  ['no, but never for a changed key', 'StrictHostKeyChecking no', { policy: 'accept-new' }],
  ['ask', 'StrictHostKeyChecking ask', { policy: 'strict' }],
  [
    'several files',
    'UserKnownHostsFile ~/a ~/b\nGlobalKnownHostsFile none',
    { knownHostsFiles: ['/home/me/a', '/home/me/b'], appendTo: '/home/me/a' },
  ],
  ['an alias', 'HostKeyAlias prod', { alias: 'prod' }],
])('host key checking: %s', (_, text, expected) => {
  expect(target(text).hostKeys).toMatchObject(expected)
})

test('what the project says goes first', () => {
  const text =
    'Host web1\n  Port 1\n  User u\n  IdentityFile /k\n  ProxyJump gate\n  StrictHostKeyChecking no'
  const wish = {
    port: 9,
    user: 'x',
    identityFiles: ['/mine'],
    proxyJump: 'none',
    hostKeys: { policy: 'strict' },
  } as const
  expect(target(text, wish)).toMatchObject({
    port: 9,
    user: 'x',
    identityFiles: ['/mine'],
    proxyJump: [],
    hostKeys: { policy: 'strict' },
  })
})

test('the agent of the environment is used unless told otherwise', () => {
  const env = { SSH_AUTH_SOCK: '/run/agent', OTHER: '/run/other' }
  const agent = (text: string) => sshTarget({ name: 'web1' }, context(text, { env })).agent
  expect([
    agent(''),
    agent('IdentityAgent none'),
    agent('IdentityAgent $OTHER'),
    agent('IdentityAgent ${OTHER}'),
  ]).toEqual(['/run/agent', null, '/run/other', '/run/other'])
})

const places = (text: string, wish: Partial<SshWish> = {}) =>
  target(text, wish).proxyJump?.map(hop => `${hop.user}@${hop.host}:${hop.port}`)

test.each<[string, string, string[]]>([
  ['one', 'Host web1\n  ProxyJump gate', ['me@gate:22']],
  ['with user and port', 'Host web1\n  ProxyJump ops@gate:2222', ['ops@gate:2222']],
  ['an IPv6 address', 'Host web1\n  ProxyJump ops@[::1]:2222', ['ops@::1:2222']],
  ['several', 'Host web1\n  ProxyJump a,b', ['me@a:22', 'me@b:22']],
  [
    'resolved by the configuration',
    'Host web1\n  ProxyJump gate\nHost gate\n  HostName 10.0.0.9\n  User ops',
    ['ops@10.0.0.9:22'],
  ],
  [
    'the way to the first',
    'Host web1\n  ProxyJump a,b\nHost a\n  ProxyJump z\nHost b\n  ProxyJump y',
    ['me@z:22', 'me@a:22', 'me@b:22'],
  ],
  ['none', 'Host web1\n  ProxyJump none\nHost *\n  ProxyJump gate', []],
  ['a ProxyCommand that is one', 'Host web1\n  ProxyCommand ssh -W %h:%p ops@gate', ['ops@gate:22']],
  [
    'a ProxyCommand that is one, the other way round',
    'Host web1\n  ProxyCommand ssh -q gate -W %h:%p',
    ['me@gate:22'],
  ],
])('jump hosts: %s', (_, text, expected) => {
  expect(places(text)).toEqual(expected)
})

test.each([
  ['a ProxyCommand that is something else', 'ProxyCommand nc -X 5 %h %p', 'SSH_PROXY_COMMAND'],
  ['a jump in a circle', 'ProxyJump gate', 'SSH_PROXY_LOOP'],
  ['a jump host that is none', 'Host web1\n ProxyJump a@b@c:x', 'SSH_CONFIG_SYNTAX'],
])('%s is an error', (_, text, code) => {
  expect(() => target(text)).toThrowError(expect.objectContaining({ code }))
})
