import { describe, expect, it } from 'vitest'
import type { Context } from '../../src/modules/contract.ts'
import { ufw } from '../../src/modules/ufw.ts'
import { type Answers, brief, decideWith, drive, lines, textContent } from './tables.ts'

interface Host {
  readonly v4?: readonly string[]
  readonly v6?: readonly string[]
  readonly enabled?: boolean
  readonly ipv6?: boolean
  readonly active?: string
  readonly connection?: string
}

const tuples = (rules: readonly string[]) =>
  `*filter\n### RULES ###\n\n${rules.map(rule => `### tuple ### ${rule}\n-A x`).join('\n\n')}\n`

function host({
  v4 = [],
  v6 = [],
  enabled = false,
  ipv6 = false,
  active = '',
  connection = '',
}: Host = {}): Answers {
  const files: Record<string, string> = {
    '/etc/ufw/user.rules': tuples(v4),
    '/etc/ufw/user6.rules': tuples(v6),
    '/etc/ufw/ufw.conf': `# ENABLED=maybe\nENABLED=${enabled ? 'yes' : 'no'}\nLOGLEVEL=low\n`,
    '/etc/default/ufw': `DEFAULT_INPUT_POLICY="ACCEPT"\nIPV6=${ipv6 ? 'yes' : 'no'}\nDEFAULT_INPUT_POLICY="DROP"\nDEFAULT_OUTPUT_POLICY="ACCEPT"\nDEFAULT_FORWARD_POLICY="DROP"\n`,
    '/etc/services': 'ssh\t22/tcp\t# SSH\ndomain 53/tcp\ndomain 53/udp\nhttp 80/tcp www\n',
  }
  return key => {
    if (key.kind === 'content') return textContent(files[key.path] ?? '')
    if (key.kind === 'read')
      return { code: 0, stdout: key.name === 'ufw active' ? active : connection, stderr: '' }
    return undefined
  }
}

const decide = (args: object, seen: Host = {}, over: Partial<Context> = {}) =>
  decideWith(ufw, args, host(seen), over)

/** Arguments, and the line ufw itself writes for them. */
const WRITTEN: [string, object, string][] = [
  ['a port', { port: '443', proto: 'tcp' }, 'allow tcp 443 0.0.0.0/0 any 0.0.0.0/0 in'],
  ['a service', { port: 'ssh' }, 'allow tcp 22 0.0.0.0/0 any 0.0.0.0/0 in'],
  ['a service of both protocols', { port: 'domain' }, 'allow any 53 0.0.0.0/0 any 0.0.0.0/0 in'],
  ['an alias of a service', { port: 'www' }, 'allow tcp 80 0.0.0.0/0 any 0.0.0.0/0 in'],
  [
    'several ports, a comment',
    { port: '8010,8000:8005', proto: 'udp', comment: 'zwei ü' },
    'allow udp 8000:8005,8010 0.0.0.0/0 any 0.0.0.0/0 in comment=7a77656920c3bc',
  ],
  ['a network by an address in it', { from: '10.1.2.3/8' }, 'allow any any 0.0.0.0/0 any 10.0.0.0/8 in'],
  ['a netmask', { from: '10.1.2.3/255.255.0.0', port: '53' }, 'allow any 53 0.0.0.0/0 any 10.1.0.0/16 in'],
  [
    'both ends',
    { from: '192.168.1.7/32', to: '10.0.0.1', from_port: '99', to_port: '5432', proto: 'tcp' },
    'allow tcp 5432 10.0.0.1 99 192.168.1.7 in',
  ],
  [
    'an application on an interface',
    { name: 'WWW Full', direction: 'in', interface: 'eth0' },
    'allow tcp 80,443 0.0.0.0/0 any 0.0.0.0/0 WWW%20Full - in_eth0',
  ],
  [
    'outgoing on an interface',
    { direction: 'out', interface: 'eth0', port: '25' },
    'allow any 25 0.0.0.0/0 any 0.0.0.0/0 out_eth0',
  ],
  [
    'logging',
    { direction: 'incoming', interface: 'wg0', log: true },
    'allow_log any any 0.0.0.0/0 any 0.0.0.0/0 in_wg0',
  ],
  [
    'an interface without a direction',
    { interface_out: 'wg1', port: '1' },
    'allow any 1 0.0.0.0/0 any 0.0.0.0/0 out_wg1',
  ],
  [
    'a route',
    { route: true, interface_in: 'a', interface_out: 'b' },
    'route:allow any any 0.0.0.0/0 any 0.0.0.0/0 in_a!out_b',
  ],
  [
    'a route out',
    { route: true, interface_out: 'b', to: '10.0.0.0/24', port: '80', proto: 'tcp', log: true },
    'route:allow_log tcp 80 10.0.0.0/24 any 0.0.0.0/0 out_b',
  ],
  ['another protocol', { proto: 'esp' }, 'allow esp any 0.0.0.0/0 any 0.0.0.0/0 in'],
]

const WRITTEN_6: [string, string][] = [
  ['2001:DB8:0:0:1::/64', '2001:db8:0:0:1::/64'],
  ['2001:db8:0:0:1:0:0:5', '2001:db8::1:0:0:5'],
  ['::1', '::1'],
  ['1:0:0:2:0:0:0:3/128', '1:0:0:2::3'],
  ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
  ['::/0', '::/0'],
]

describe('ufw.decide', () => {
  it.each(WRITTEN)('knows the line of %s', (_what, args, line) => {
    expect(brief(decide({ rule: 'allow', ...args }, { v4: [line] }))).toBe('ok')
    expect(brief(decide({ rule: 'allow', ...args }))).toMatch(/^rule ufw >(route )?allow/)
    expect(brief(decide({ rule: 'allow', ...args, delete: true }, { v4: [line] }))).toMatch(
      /^rule ufw (route )?allow.*>$/,
    )
    expect(brief(decide({ rule: 'allow', ...args, delete: true }))).toBe('ok')
    expect(brief(decide({ rule: 'deny', ...args }, { v4: [line] }))).toMatch(
      /^rule ufw (route )?allow.*>(route )?deny/,
    )
  })

  it.each(WRITTEN_6)('writes the address %s as ufw does', (from, written) => {
    const line = `allow any 22 ::/0 any ${written} in`
    expect(brief(decide({ rule: 'allow', port: '22', from }, { v6: [line], ipv6: true }))).toBe('ok')
  })

  it.each<[string, object, Host, string]>([
    [
      'wants both kinds of address where IPv6 is on',
      { rule: 'allow', port: '22' },
      { ipv6: true, v4: ['allow any 22 0.0.0.0/0 any 0.0.0.0/0 in'] },
      'rule ufw >allow in 22 from any (v6)',
    ],
    [
      'has igmp for IPv4 alone',
      { rule: 'allow', proto: 'igmp' },
      { ipv6: true },
      'rule ufw >allow in any/igmp from any',
    ],
    [
      'changes a comment',
      { rule: 'allow', port: '22', comment: 'b' },
      { v4: ['allow any 22 0.0.0.0/0 any 0.0.0.0/0 in comment=61'] },
      'rule ufw allow in 22 from any # a>allow in 22 from any # b',
    ],
    [
      'deletes whatever the comment',
      { rule: 'allow', port: '22', delete: true },
      { v4: ['allow any 22 0.0.0.0/0 any 0.0.0.0/0 in comment=61'] },
      'rule ufw allow in 22 from any # a>',
    ],
    [
      'does not delete another action',
      { rule: 'deny', port: '22', delete: true },
      { v4: ['allow any 22 0.0.0.0/0 any 0.0.0.0/0 in'] },
      'ok',
    ],
    ['switches on', { state: 'enabled' }, {}, 'firewall ufw disabled>enabled'],
    ['is on', { state: 'enabled' }, { enabled: true }, 'ok'],
    [
      'loads what the kernel lost',
      { state: 'enabled' },
      { enabled: true, active: 'no\n' },
      'firewall ufw not loaded>enabled',
    ],
    ['switches off', { state: 'disabled' }, { enabled: true }, 'firewall ufw enabled>disabled'],
    ['is off', { state: 'disabled' }, {}, 'ok'],
    ['reloads without calling it a change', { state: 'reloaded' }, { enabled: true }, 'opaque: ufw reload'],
    [
      'resets',
      { state: 'reset' },
      { enabled: true, v4: ['allow any 1 0.0.0.0/0 any 0.0.0.0/0 in'] },
      'firewall ufw enabled, 1 rules>reset',
    ],
    ['has nothing to reset', { state: 'reset' }, {}, 'ok'],
    ['sets a policy', { default: 'allow' }, {}, 'policy incoming deny>allow'],
    ['has the policy', { policy: 'deny', direction: 'incoming' }, {}, 'ok'],
    [
      'sets the policy of routed packets',
      { default: 'reject', direction: 'routed' },
      {},
      'policy routed deny>reject',
    ],
    ['takes any logging for on', { logging: 'on' }, {}, 'ok'],
    ['sets logging', { logging: 'off' }, {}, 'logging ufw low>off'],
    [
      'refuses an unknown service',
      { rule: 'allow', port: 'gopher' },
      {},
      "fail: the host's /etc/services does not know gopher",
    ],
    [
      'refuses an IPv6 address where IPv6 is off',
      { rule: 'allow', from: 'fe80::1' },
      {},
      'fail: IPv6 is switched off in /etc/default/ufw (IPV6=no)',
    ],
    [
      'refuses to mix kinds of address',
      { rule: 'allow', from: 'fe80::1', to: '10.0.0.1' },
      { ipv6: true },
      "fail: Mixed IP versions for 'from' and 'to'",
    ],
  ])('%s', (_why, args, seen, says) => {
    expect(brief(decide(args, seen))).toBe(says)
  })

  it('does everything before it switches on', () => {
    const args = {
      state: 'enabled',
      default: 'deny',
      direction: 'outgoing',
      logging: 'high',
      rule: 'limit',
      port: 'ssh',
    }
    const steps = lines(drive(decide({ ...args, direction: 'out' })).actions)
    expect(steps).toEqual([
      'ufw limit out from any to any port ssh',
      'ufw default deny outgoing',
      'ufw logging high',
      'ufw --force enable',
    ])
  })

  it.each<[string, object, string]>([
    [
      'a rule with everything',
      {
        rule: 'allow',
        direction: 'in',
        interface: 'eth0',
        log: true,
        from: '10.0.0.0/8',
        port: '80',
        proto: 'tcp',
        comment: 'a b',
      },
      'ufw allow in on eth0 log from 10.0.0.0/8 to any port 80 proto tcp comment a b',
    ],
    [
      'a route',
      { rule: 'allow', route: true, interface_in: 'a', interface_out: 'b', to: '10.0.0.1' },
      'ufw route allow in on a out on b from any to 10.0.0.1',
    ],
    ['an application', { rule: 'allow', name: 'OpenSSH' }, 'ufw allow from any to any app OpenSSH'],
    ['in front', { rule: 'deny', from: '10.9.9.9', insert: 1 }, 'ufw insert 1 deny from 10.9.9.9 to any'],
    [
      'before the last',
      { rule: 'deny', from: '10.9.9.9', insert: -0, insert_relative_to: 'last-ipv4' },
      'ufw insert 2 deny from 10.9.9.9 to any',
    ],
    [
      'first of IPv6',
      { rule: 'deny', from: 'fe80::1', insert: 0, insert_relative_to: 'first-ipv6' },
      'ufw insert 3 deny from fe80::1 to any',
    ],
    ['behind the end', { rule: 'deny', from: '10.9.9.9', insert: 9 }, 'ufw deny from 10.9.9.9 to any'],
    [
      'in place of another action',
      { rule: 'deny', port: '1', from: '10.0.0.1', insert: 1 },
      'ufw deny from 10.0.0.1 to any port 1',
    ],
  ])('gives ufw the command of %s', (_what, args, says) => {
    const v4 = ['allow any 1 0.0.0.0/0 any 10.0.0.1 in', 'allow any 2 0.0.0.0/0 any 0.0.0.0/0 in']
    const verdict = decide(args, { ipv6: true, v4, v6: ['allow any 3 ::/0 any ::/0 in'] })
    expect(lines(drive(verdict).actions)).toEqual([says])
  })

  it.each<[string, object, Host, Partial<Context>, boolean]>([
    ['without a rule', {}, {}, {}, true],
    ['with a rule for another port', {}, { v4: ['allow tcp 80 0.0.0.0/0 any 0.0.0.0/0 in'] }, {}, true],
    ['with a rule that denies', {}, { v4: ['deny tcp 22 0.0.0.0/0 any 0.0.0.0/0 in'] }, {}, true],
    ['with a rule for udp', {}, { v4: ['allow udp 22 0.0.0.0/0 any 0.0.0.0/0 in'] }, {}, true],
    ['with a rule for going out', {}, { v4: ['allow tcp 22 0.0.0.0/0 any 0.0.0.0/0 out'] }, {}, true],
    ['with its rule', {}, { v4: ['limit tcp 22 0.0.0.0/0 any 0.0.0.0/0 in'] }, {}, false],
    ['with a range around it', {}, { v4: ['allow any 20:25,80 0.0.0.0/0 any 10.0.0.0/8 in'] }, {}, false],
    ['with the application', {}, { v4: ['allow tcp 22 0.0.0.0/0 any 0.0.0.0/0 OpenSSH - in'] }, {}, false],
    ['with the rule in the same task', { rule: 'allow', port: 'ssh' }, {}, {}, false],
    ['with an open policy', { default: 'allow' }, {}, {}, false],
    [
      'on the port of the connection',
      {},
      { v4: ['allow tcp 22 0.0.0.0/0 any 0.0.0.0/0 in'], connection: '10.0.0.1 5000 10.0.0.2 2222' },
      {},
      true,
    ],
    [
      'on the port of the inventory',
      { rule: 'allow', port: '2222' },
      {},
      { variable: name => (name === 'ansible_port' ? 2222 : undefined) },
      false,
    ],
    [
      'on this machine',
      {},
      {},
      { variable: name => (name === 'ansible_connection' ? 'local' : undefined) },
      false,
    ],
  ])('warns of a lock-out %s', (_when, args, seen, over, warns) => {
    const verdict = decide({ state: 'enabled', ...args }, seen, over)
    const told = 'warnings' in verdict ? (verdict.warnings ?? []).join() : ''
    expect(told.includes('without a rule that lets SSH in')).toBe(warns)
  })

  it('says that an unreadable file may need become', () => {
    const verdict = decideWith(ufw, { state: 'enabled' }, key =>
      key.kind === 'content' ? { state: 'unknown', reason: 'Permission denied' } : undefined,
    )
    expect(brief(verdict)).toBe(
      'fail: /etc/ufw/user.rules cannot be read: Permission denied; does the task need become?',
    )
  })

  it.each([
    ['nothing', {}, 'needs one of state, default, logging and rule'],
    ['an interface without a direction', { rule: 'allow', interface: 'eth0' }, 'Direction must be specified'],
    ['ports without a protocol', { rule: 'allow', port: '1,2' }, 'several ports need proto'],
    ['an application with a protocol', { rule: 'allow', name: 'X', proto: 'tcp' }, 'name excludes proto'],
    [
      'two interfaces without route',
      { rule: 'allow', interface_in: 'a', interface_out: 'b' },
      'Only route rules',
    ],
    ['an option as an address', { rule: 'allow', from: '--force' }, 'must not begin with a dash'],
    ['a quote in a comment', { rule: 'allow', comment: "it's" }, "may not contain '"],
  ])('refuses %s', (_what, args, says) => {
    expect(JSON.stringify(ufw.args().safeParse(args).error?.issues)).toContain(says)
  })
})
