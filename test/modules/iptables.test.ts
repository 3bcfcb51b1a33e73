import { describe, expect, it } from 'vitest'
import { iptables } from '../../src/modules/iptables.ts'
import { type Answers, brief, decideWith, drive, lines } from './tables.ts'

const chain =
  (text: string): Answers =>
  key =>
    key.kind === 'read' ? { code: 0, stdout: text, stderr: '' } : undefined

const RULE = { chain: 'INPUT', protocol: 'tcp', destination_port: '22', jump: 'ACCEPT' }
const EMPTY = '-P INPUT ACCEPT\n'

describe('iptables.decide', () => {
  it.each<[string, object, string, string]>([
    ['is done', RULE, `${EMPTY}rule: present\n`, 'ok'],
    ['adds', RULE, EMPTY, 'rule filter INPUT >-p tcp -j ACCEPT --destination-port 22'],
    ['removes', { ...RULE, state: 'absent' }, `${EMPTY}rule: present\n`, 'rule filter INPUT present>'],
    ['has the policy', { chain: 'INPUT', policy: 'ACCEPT' }, EMPTY, 'ok'],
    ['sets the policy', { chain: 'INPUT', policy: 'DROP' }, EMPTY, 'policy filter INPUT ACCEPT>DROP'],
    [
      'sets no policy of an own chain',
      { chain: 'OURS', policy: 'DROP' },
      '-N OURS\n',
      'fail: the chain OURS of filter has no policy: only built-in chains have one',
    ],
    ['makes a chain', { chain: 'OURS', chain_management: true }, '', 'chain filter OURS >OURS'],
    ['has the chain', { chain: 'OURS', chain_management: true }, '-N OURS\n', 'ok'],
    ['flushes each time', { chain: 'INPUT', flush: true }, '', 'flush filter INPUT >empty'],
  ])('%s', (_why, args, text, says) => {
    expect(brief(decideWith(iptables, args, chain(text)))).toBe(says)
  })

  it.each<[string, object, string]>([
    ['negation', { chain: 'INPUT', source: '!10.0.0.0/8', jump: 'DROP' }, '-A INPUT ! -s 10.0.0.0/8 -j DROP'],
    [
      'a place',
      { ...RULE, action: 'insert', rule_num: 2 },
      '-I INPUT 2 -p tcp -j ACCEPT --destination-port 22',
    ],
    [
      'states',
      { chain: 'INPUT', ctstate: ['NEW'], jump: 'ACCEPT' },
      '-A INPUT -j ACCEPT -m conntrack --ctstate NEW',
    ],
    [
      'the older match of states',
      { chain: 'INPUT', match: 'state', ctstate: ['NEW'], jump: 'ACCEPT' },
      '-A INPUT -m state -j ACCEPT --state NEW',
    ],
    [
      'limits',
      { chain: 'INPUT', limit: '5/min', limit_burst: 9, jump: 'LOG', log_prefix: 'x: ', log_level: 'info' },
      '-A INPUT -j LOG --log-prefix x:  --log-level info -m limit --limit 5/min --limit-burst 9',
    ],
    [
      'sets',
      { chain: 'INPUT', match_set: 'bad', match_set_flags: 'src', jump: 'DROP' },
      '-A INPUT -j DROP -m set --match-set bad src',
    ],
    ['a refusal', { chain: 'INPUT', reject_with: 'tcp-reset' }, '-A INPUT -j REJECT --reject-with tcp-reset'],
  ])('writes %s', (_what, args, words) => {
    const { actions } = drive(decideWith(iptables, args, chain(EMPTY)))
    expect(lines(actions)).toEqual([`iptables -t filter ${words}`])
  })

  it.each([
    {},
    { chain: 'A', jump: 'A', goto: 'B' },
    { chain: 'A', ctstate: 'OLD' },
    { chain: 'A', match_set: 'x' },
  ])('refuses %j', args => {
    expect(iptables.args().safeParse(args).success).toBe(false)
  })

  it('names the package where the program is missing', () => {
    const answers: Answers = key => (key.kind === 'which' ? { path: null } : undefined)
    expect(brief(decideWith(iptables, RULE, answers))).toBe(
      'fail: this host has no iptables: install the package iptables',
    )
  })
})
