/** iptables against the kernel, in a network namespace of its own. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { iptables } from '../../src/modules/iptables.ts'
import { converge, decideOn } from './harness.ts'
import { type Namespace, namespace } from './namespace.ts'
import { runScript } from './shells.ts'

let space: Namespace | null = null
let why = 'no network namespaces here'

beforeAll(async () => {
  space = await namespace(['--net'])
  if (space === null) return
  const works = runScript(space.shell, 'iptables -S && ip6tables -S')
  if (works.code === 0) return
  why = `no packet filter here: ${works.stderr.toString().trim()}`
  space.stop()
  space = null
})
afterAll(() => space?.stop())

const SSH = { chain: 'INPUT', protocol: 'tcp', destination_port: 22, jump: 'ACCEPT' }

const EXAMPLES: readonly (readonly [string, object])[] = [
  ['a port', SSH],
  ['a port of IPv6 as well', { ...SSH, destination_port: '2222', ip_version: 'both' }],
  ['states of connections', { chain: 'INPUT', ctstate: 'ESTABLISHED,RELATED', jump: 'ACCEPT' }],
  ['everything but a network', { chain: 'INPUT', source: '!10.0.0.0/8', jump: 'DROP', comment: 'not ours' }],
  [
    'several ports, at the top',
    { ...SSH, destination_port: null, destination_ports: [80, '8000:8080'], action: 'insert' },
  ],
  ['a refusal', { chain: 'FORWARD', reject_with: 'icmp-host-prohibited' }],
  [
    'an address to the outside',
    { table: 'nat', chain: 'POSTROUTING', out_interface: 'lo', jump: 'MASQUERADE' },
  ],
  ['a policy', { chain: 'FORWARD', policy: 'DROP' }],
  ['a chain', { chain: 'OURS', chain_management: true }],
  [
    'a rule in a chain to be made',
    { chain: 'THEIRS', protocol: 'icmp', icmp_type: '8', jump: 'DROP', chain_management: true },
  ],
  [
    'flags',
    { chain: 'INPUT', protocol: 'tcp', tcp_flags: { flags: 'ALL', flags_set: 'ACK,RST' }, jump: 'DROP' },
  ],
  ['a beginning', { chain: 'INPUT', protocol: 'tcp', syn: 'negate', jump: 'ACCEPT' }],
]

describe('iptables', () => {
  test.each(EXAMPLES)('sets %s once, and takes it away', (_what, args) => {
    if (space === null) return console.log(`skipped: ${why}`)
    const { shell } = space
    expect(decideOn(iptables, args, { shell })).toMatchObject({ kind: 'change' })
    expect(converge(iptables, args, { shell })).toMatchObject({
      failed: false,
      changed: true,
      after: { kind: 'ok' },
    })
    if ('policy' in args) return
    const gone = converge(iptables, { ...args, state: 'absent' }, { shell })
    expect(gone).toMatchObject({ failed: false, changed: true, after: { kind: 'ok' } })
  })

  test('flushes', () => {
    if (space === null) return console.log(`skipped: ${why}`)
    const { shell } = space
    converge(iptables, SSH, { shell })
    expect(converge(iptables, { flush: true }, { shell })).toMatchObject({ failed: false, changed: true })
    expect(runScript(shell, 'iptables -S INPUT').stdout.toString()).toBe('-P INPUT ACCEPT\n')
  })
})
