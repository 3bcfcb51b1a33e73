import { describe, expect, it } from 'vitest'
import * as checks from '../../src/wizard/checks.ts'
import type { Check, Context } from '../../src/wizard/variable.ts'

const NOTHING: Context = { systems: ['vpai'], get: () => undefined }
const VPN: Context = { systems: ['vpai'], get: () => '100.64.0.0/10' }
const ED25519 = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHsKLqeplhpW+uObz5dvMgjz1OxfM/XXUB+VHtZ6isGN me@laptop'

/** Check, what it takes, what it refuses. */
const TABLE: readonly (readonly [string, Check, readonly string[], readonly string[]])[] = [
  [
    'projectName',
    checks.projectName,
    ['vpai', 'a1', 'my-project'],
    ['Vpai', 'a', '1a', 'my_project', 'a'.repeat(32)],
  ],
  ['dnsLabel', checks.dnsLabel, ['n8n', 'a', 'a-b'], ['-a', 'a-', 'A', 'a.b', 'a'.repeat(64)]],
  [
    'gitUrl',
    checks.gitUrl,
    ['https://example.org/a/b.git', 'git@example.org:a/b.git', 'ssh://git@h/a'],
    ['example.org', 'ftp://x/y'],
  ],
  [
    'httpsUrl',
    checks.httpsUrl,
    ['https://vpn.example.org', 'https://h:8443/x'],
    ['http://h', 'https://', 'vpn.example.org'],
  ],
  ['webUrl', checks.webUrl, ['http://h', 'https://h'], ['h', 'ssh://h']],
  [
    'email',
    checks.email,
    ['me@example.org', 'a.b+c@x-y.example.org'],
    ['me', 'me@host', 'me@@example.org', 'a b@example.org'],
  ],
  ['absolutePath', checks.absolutePath, ['/a', '~/.ssh/key'], ['a/b', './a', '~root/x']],
  ['locale', checks.locale, ['fr_FR.UTF-8', 'C.UTF-8', 'en_US'], ['french', 'fr-FR', 'fr_fr']],
  [
    'telegramToken',
    checks.telegramToken,
    [`123456:${'a'.repeat(30)}`],
    ['123456', `x:${'a'.repeat(30)}`, '1:short'],
  ],
  ['size', checks.size, ['10GiB', '512M', '1.5 GB'], ['0GiB', 'ten', '-1G']],
  ['logSize', checks.logSize, ['10m', '1g'], ['10', '10MB']],
  ['memory', checks.memory, ['768M', '1g'], ['768', '0M', '1.5G']],
  ['snapshotPattern', checks.snapshotPattern, ['snap%d', 'snap-{{ creation_date }}'], ['snap']],
  ['loginName', checks.loginName, ['deploy', '_x', 'a-b1'], ['Deploy', '1a', 'a b']],
  ['modelName', checks.modelName, ['llama2:7b', 'org/model:latest', 'mistral'], ['a b', ':7b']],
  ['serverType', checks.serverType, ['cx23', 'cpx-11'], ['CX23', 'c']],
  ['collection', checks.collection, ['semantic_cache'], ['a b', '']],
  ['bucket', checks.bucket, ['vpai-backups'], ['Vpai', 'ab', '-ab']],
  ['wholeNumber', checks.wholeNumber, ['-100', '7'], ['1.5', 'x']],
  ['hostName', checks.hostName, ['vps-prod-01', 'a.b.c'], ['-a', 'a..b', 'a b']],
  [
    'domainName',
    checks.domainName,
    ['example.org', 'a.example.co.uk', 'yourdomain.local'],
    ['localhost', 'example', 'a.1', 'x.test'],
  ],
  [
    'ipAddress',
    checks.ipAddress,
    ['192.0.2.1', '2001:db8::1', '::ffff:192.0.2.1', '::'],
    ['192.0.2.256', '192.0.2', '01.2.3.4', '1::2::3', 'x'],
  ],
  [
    'publicIp',
    checks.publicIp,
    ['192.0.2.1', '203.0.113.9', '2001:db8::1'],
    ['10.0.0.1', '100.64.0.14', '127.0.0.1', 'fd00::1', 'x'],
  ],
  [
    'cidr',
    checks.cidr,
    ['10.0.0.0/24', '2001:db8::/32', '0.0.0.0/0'],
    ['10.0.0.7/24', '10.0.0.0', '10.0.0.0/33', 'x/8'],
  ],
  ['cidrOrIp', checks.cidrOrIp, ['192.0.2.1', '192.0.2.0/24'], ['192.0.2.1/24', 'x']],
  [
    'timezone',
    checks.timezone,
    ['Europe/Paris', 'UTC', 'America/Argentina/Buenos_Aires'],
    ['Paris', 'Europe/Nowhere', '+02:00'],
  ],
  ['tailnet', checks.tailnet, ['100.64.0.5', '100.100.0.0/16'], ['100.0.0.0/8', '192.0.2.1', '100.64.0.0/9']],
  [
    'addressAndPort',
    checks.addressAndPort,
    ['10.10.0.100:1883', '[2001:db8::1]:1883'],
    ['10.10.0.100', 'host:1883', '10.0.0.1:0', '10.0.0.1:70000'],
  ],
  ['cron', checks.cron, ['0 2 * * *', '*/15 0-6 1,15 * 1-5', '@daily'], ['0 2 * *', 'x * * * *', '@often']],
  ['duration', checks.duration, ['24h', '30d', '7d'], ['24', '0h', 'day']],
  ['durationBetween', checks.durationBetween('1h', '168h'), ['1h', '7d', '60m'], ['30m', '8d', 'x']],
  [
    'sshPublicKey',
    checks.sshPublicKey,
    [ED25519, ED25519.replace(' me@laptop', '')],
    ['ssh-ed25519 AAAA', '-----BEGIN OPENSSH PRIVATE KEY-----', 'key'],
  ],
  ['startsWith', checks.startsWith('sk-ant-'), ['sk-ant-0123456789'], ['sk-0123456789', 'sk-ant-']],
  ['atLeast', checks.atLeast(12), ['123456789012'], ['12345678901', '🔑🔑🔑🔑🔑🔑']],
  ['not', checks.not('changeme'), ['other'], ['changeme', 'ChangeMe']],
  ['all', checks.all(checks.ipAddress, checks.tailnet), ['100.64.0.5'], ['x', '192.0.2.1', '100.64.0.0/16']],
]

describe.each(TABLE)('checks.%s', (_, check, good, bad) => {
  it.each(good)('takes %j', text => expect(check(text, NOTHING)).toBeUndefined())
  it.each(bad)('refuses %j and says what it must be', text =>
    expect(check(text, NOTHING)).toMatch(/^(must|has|is|may) /),
  )
})

describe('checks.within', () => {
  it.each([
    ['an address inside', '100.64.0.14', undefined],
    ['an address outside', '192.0.2.1', 'must lie inside vpn_network_cidr (100.64.0.0/10)'],
    ['a word', 'x', 'must be an IPv4 or IPv6 address'],
  ])('judges %s by the other answer', (_, text, objection) => {
    expect(checks.within('vpn_network_cidr')(text, VPN)).toBe(objection)
  })

  it('takes any address while the range is unknown', () => {
    expect(checks.within('vpn_network_cidr')('192.0.2.1', NOTHING)).toBeUndefined()
  })
})
