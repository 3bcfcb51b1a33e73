import { describe, expect, it } from 'vitest'
import { verifyText } from '../../src/cli/verify/verify-text.ts'
import { bare } from '../../src/report/style.ts'
import { exitCodeOf, type Verified, verifiedOf } from '../../src/verify/checks.ts'
import { verifyDocument } from '../../src/verify/document.ts'

const PRINTED =
  'pass\tredis\tanswers\t\nwarn\tcaddy\tcertificate\t9 days\nsome noise\nfail\tn8n\thealth\tgone\n'

describe('checks of a stack', () => {
  it('are read line by line, and other lines are no checks', () => {
    expect(verifiedOf(PRINTED)).toEqual({
      state: 'ill',
      checks: [
        { result: 'pass', service: 'redis', name: 'answers', why: '' },
        { result: 'warn', service: 'caddy', name: 'certificate', why: '9 days' },
        { result: 'fail', service: 'n8n', name: 'health', why: 'gone' },
      ],
    })
  })

  it('that only warn leave a host well', () => {
    expect(verifiedOf('warn\tcaddy\tcertificate\t9 days\n').state).toBe('well')
  })

  it('that are not there are no good news', () => {
    expect(verifiedOf('sh: not found\n')).toEqual({ state: 'failed', reason: 'its answer holds no check' })
  })

  it.each<[string, readonly Verified[], number]>([
    ['nobody', [], 0],
    ['all well', [verifiedOf('pass\ta\tb\t')], 0],
    ['one ill', [verifiedOf('pass\ta\tb\t'), verifiedOf(PRINTED)], 2],
    ['one not asked', [verifiedOf(PRINTED), { state: 'failed', reason: 'no sudo' }], 3],
    [
      'one not reached',
      [
        { state: 'unreachable', reason: 'off' },
        { state: 'failed', reason: 'no sudo' },
      ],
      4,
    ],
  ])('end with the worst: %s', (_what, hosts, code) => {
    expect(exitCodeOf(hosts)).toBe(code)
  })

  it('are a line each for people, and keep their schema', () => {
    const hosts = new Map<string, Verified>([
      ['web1', verifiedOf(PRINTED)],
      ['web2', { state: 'unreachable', reason: 'refused' }],
    ])
    expect(verifyText(hosts, bare())).toBe(`web1
  PASS  redis  answers
  WARN  caddy  certificate: 9 days
  FAIL  n8n    health: gone
  1 of 3 hold

web2  unreachable
  refused
`)
    const document = { version: 1, env: 'prod', exitCode: 4, hosts: Object.fromEntries(hosts) }
    expect(verifyDocument.parse(document)).toEqual(document)
  })
})
