import { describe, expect, it } from 'vitest'
import { exitCodeOf, type HostStatus, statusDocument, statusOf } from '../../src/status/report.ts'

const NOW = 1_700_000_000
const HOLDER = { run: 'r1', user: 'ann', machine: 'desk', started: '2026-11-21 10:00 UTC' }
const ran = (ended: string, command = 'deploy prod') =>
  `ran\t${ended}\t${JSON.stringify({ ...HOLDER, command })}`
const container = (name: string, status: string, health = '', code = 0, policy = 'always') =>
  [
    'container',
    'id',
    `/${name}`,
    '',
    '',
    '',
    '',
    status,
    health,
    code,
    0,
    policy,
    '',
    'x:1',
    'sha256:1',
  ].join('\t')

interface Parts {
  readonly look?: readonly string[]
  readonly more?: readonly string[]
}

function answer({ look = [], more = [] }: Parts): string {
  return [...look, 'end', '==more', `state\t${NOW}\t5000`, ...more, '==end', ''].join('\n')
}

const PENDING = `pending 1 ${JSON.stringify({ handler: 'Restart', by: 'x', run: 'r' })}`
const OPEN = ['run 0000000002 -', `holder ${JSON.stringify({ command: 'deploy prod' })}`]

describe('ill is', () => {
  it.each<[string, Parts, string | null]>([
    [
      'nothing of all that is well',
      { more: [ran('ok'), 'units', container('web', 'running', 'healthy')] },
      null,
    ],
    ['a last run that failed', { more: [ran('ok'), ran('failed')] }, '“vpai deploy prod”, failed'],
    ['not one before it', { more: [ran('failed'), ran('ok')] }, null],
    ['a run that was cut off', { look: [...OPEN, 'open gone 1 1000'], more: [ran('-')] }, 'was cut off'],
    ['not one that is at work', { look: [...OPEN, 'open busy 999 1000'], more: [ran('-')] }, null],
    ['a handler that is due', { look: [PENDING] }, 'the handler “Restart” is due'],
    ['a unit that failed', { more: ['units', 'failed\tweb.service'] }, 'the unit web.service failed'],
    ['an unhealthy container', { more: [container('web', 'running', 'unhealthy')] }, 'web is unhealthy'],
    ['one that restarts', { more: [container('web', 'restarting')] }, 'web is restarting'],
    ['one that ended badly', { more: [container('web', 'exited', '', 3)] }, 'web ended with code 3'],
    ['not one that ended well', { more: [container('web', 'exited')] }, null],
    ['not one that nobody starts again', { more: [container('web', 'exited', '', 3, 'no')] }, null],
    ['a full disk', { more: ['disk\t/dev/vda1\t90%\t/'] }, '/ is 90 % full'],
    ['not one with room', { more: ['disk\t/dev/vda1\t89%\t/', 'inodes\t/dev/vda1\t-\t/'] }, null],
    [
      'one without inodes',
      { more: ['disk\t/dev/vda1\t5%\t/', 'inodes\t/dev/vda1\t95%\t/'] },
      '95 % of its inodes',
    ],
    ['nothing that lives in memory', { more: ['disk\ttmpfs\t100%\t/run'] }, null],
    [
      'a restore that failed',
      { more: [`restore\t{"at":${NOW},"result":"failed"}`] },
      'restore that was tried failed',
    ],
    ['not a host that has to be rebooted', { more: ['reboot\tyes\tlinux-image '] }, null],
  ])('%s', (_what, parts, text) => {
    const host = statusOf(answer(parts), () => false)
    expect(host.state).toBe(text === null ? 'fine' : 'ill')
    if (text !== null && 'ills' in host) expect(host.ills.join()).toContain(text)
  })
})

it('an answer that is cut short is no answer', () => {
  expect(statusOf(answer({}).slice(0, -10), () => false)).toMatchObject({ state: 'failed' })
})

it('what the host cannot tell is named', () => {
  const document = statusDocument(statusOf(answer({ more: ['blind\tcontainers\tno docker'] }), () => false))
  expect(document).toMatchObject({
    restore: null,
    containers: null,
    notLookedAt: [
      { what: 'units' },
      { what: 'containers', why: 'no docker' },
      { what: 'disks' },
      { what: 'reboot' },
    ],
  })
})

it('a certificate that cannot be read is told without days', () => {
  const more = ['certificate\t/etc/ssl/a.crt\t-----BEGIN CERTIFICATE-----AAAA-----END CERTIFICATE-----']
  expect(statusDocument(statusOf(answer({ more }), () => false))).toMatchObject({
    certificates: [{ path: '/etc/ssl/a.crt', daysLeft: null, isIll: false }],
  })
})

const FINE = statusOf(answer({}), () => false)
const ILL = statusOf(answer({ more: ['units', 'failed\tx.service'] }), () => false)

it.each<[readonly HostStatus[], number]>([
  [[FINE], 0],
  [[FINE, ILL], 2],
  [[ILL, { state: 'failed', reason: 'no sudo' }], 3],
  [
    [
      { state: 'failed', reason: 'no sudo' },
      { state: 'unreachable', reason: 'no route' },
    ],
    4,
  ],
])('of several exit codes the highest counts (%#)', (hosts, code) => {
  expect(exitCodeOf(hosts)).toBe(code)
})
