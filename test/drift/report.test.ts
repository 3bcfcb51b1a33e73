import { describe, expect, it } from 'vitest'
import { exitCodeOf, type HostReport, hostDocument, reportOf } from '../../src/drift/report.ts'
import { aHeader } from '../release/manifests.ts'

const DECLARED = {
  files: [{ path: '/f', notifies: [], isNew: false }],
  compose: [],
  containers: [],
  units: ['web.service', 'own.service', 'getty@.service'],
  userUnits: ['own.service'],
  packages: [],
}
const HASH = 'a'.repeat(64)
const FILE = `file\t0\tfile\troot\troot\t0\t0\t644\t2\t${HASH}\tkept`
const UNIT = 'unit\tweb.service\tLoadState=loaded ActiveState=active SubState=running UnitFileState=enabled '
const RUN = JSON.stringify({ command: 'deploy prod' })

interface Parts {
  readonly declared?: object
  readonly then?: readonly string[]
  readonly now?: readonly string[]
  readonly look?: readonly string[]
}

function answer({ declared = DECLARED, then = [], now = then, look = [] }: Parts): string {
  const state = 'state\t1000000\t5000'
  return [
    ...look,
    'end',
    '==release',
    JSON.stringify(aHeader(1)),
    JSON.stringify(declared),
    FILE,
    ...(then.length === 0 ? [] : [state, ...then]),
    '==now',
    FILE,
    ...(now.length === 0 ? [] : [state, ...now]),
    '==end',
    '',
  ].join('\n')
}

function unseenOf(text: string) {
  const report = reportOf(text)
  return 'unseen' in report ? report.unseen.map(({ what, isFailure }) => [what, isFailure]) : []
}

describe('what is said of a host', () => {
  it.each([
    ['the same as the release', answer({ then: [UNIT] }), 'same'],
    ['a unit stopped', answer({ then: [UNIT], now: [UNIT.replace('=active', '=inactive')] }), 'drift'],
    ['systemd out of reach', answer({ then: [UNIT], now: ['blind\tunits\tit does not run'] }), 'partly'],
    ['no release', 'end\n==end\n', 'none'],
    ['an answer that is cut short', answer({ then: [UNIT] }).slice(0, -10), 'failed'],
    ['a release that cannot be read', 'end\n==release\n{}\n==now\n==end\n', 'none'],
  ])('%s', (_what, text, state) => {
    expect(reportOf(text).state).toBe(state)
  })

  it('what cannot be compared is named, each with its reason', () => {
    expect(unseenOf(answer({ then: [UNIT, 'blind\tports\tno ss'] }))).toEqual([
      ['ports', false],
      ['unit own.service', false],
      ['unit getty@.service', false],
    ])
    expect(unseenOf(answer({ then: [UNIT], now: [UNIT, 'blind\tports\tno ss'] }))).toContainEqual([
      'ports',
      true,
    ])
  })

  it('a release of before states were kept is compared by its files, and says so', () => {
    const { packages: _packages, userUnits: _userUnits, ...old } = DECLARED
    const report = reportOf(answer({ declared: old, now: [UNIT] }))
    expect(report).toMatchObject({
      state: 'same',
      unseen: [{ what: 'units, packages, containers and ports' }],
    })
  })

  it('a run that came after the release is told', () => {
    const look = ['run 0000000001 ok', 'run 0000000002 failed']
    expect(reportOf(answer({ then: [UNIT], look }))).toMatchObject({
      notes: ['a run has changed something since the release'],
    })
    const open = ['run 0000000002 -', `holder ${RUN}`, 'open busy 1 2']
    expect(reportOf(answer({ then: [UNIT], look: open }))).toMatchObject({
      notes: ['“vpai deploy prod” is at work here, or was cut off'],
    })
  })
})

const same = reportOf(answer({ then: [UNIT] }))
const drift = reportOf(answer({ then: [UNIT], now: [UNIT.replace('=active', '=inactive')] }))
const partly = reportOf(answer({ then: [UNIT], now: ['blind\tunits\tit does not run'] }))
const lost: HostReport = { state: 'unreachable', reason: 'no route' }

it.each<[readonly HostReport[], number]>([
  [[], 0],
  [[same], 0],
  [[same, drift], 2],
  [[partly], 3],
  [[drift, { state: 'none' }], 3],
  [[drift, { state: 'failed', reason: 'no sudo' }, lost], 4],
])('of several exit codes the highest counts (%#)', (reports, code) => {
  expect(exitCodeOf(reports)).toBe(code)
})

it('contents are never in the document', () => {
  const text = JSON.stringify(hostDocument(drift, new Map()))
  expect(text).toContain('"problem":"stopped"')
  expect(text).not.toContain('diff')
})
