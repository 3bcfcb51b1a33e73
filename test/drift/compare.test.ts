import { describe, expect, it } from 'vitest'
import { compareContainers } from '../../src/drift/compare-containers.ts'
import { compareFiles } from '../../src/drift/compare-files.ts'
import { comparePackages } from '../../src/drift/compare-packages.ts'
import { comparePorts } from '../../src/drift/compare-ports.ts'
import { compareUnits } from '../../src/drift/compare-units.ts'
import type { Finding } from '../../src/drift/finding.ts'
import type { FoundFile } from '../../src/release/facts.ts'
import type { ReleasedFile } from '../../src/release/manifest.ts'
import type { ContainerState, PortState, UnitState } from '../../src/release/system-state.ts'
import { aFile } from '../release/manifests.ts'
import { aContainer, aPort, aState, aUnit } from './states.ts'

const told = (findings: readonly Finding[]) =>
  findings.map(({ problem, isDrift }) => (isDrift ? problem : `(${problem})`)).join(' ')

const { path: _path, notifies: _notifies, isNew: _isNew, ...FILE } = aFile('/f')
const LINK = { type: 'link', target: 'a', owner: 'root', group: 'root' } as const
const FOLDER = { type: 'directory', mode: '755', owner: 'root', group: 'root' } as const
const released = (found: FoundFile): ReleasedFile => ({ ...found, path: '/f', notifies: [], isNew: false })

describe('a file', () => {
  it.each<[string, FoundFile, FoundFile, string]>([
    ['as it was', FILE, FILE, ''],
    ['of another content', FILE, { ...aFile('/f'), sha256: 'b'.repeat(64) } as FoundFile, 'content'],
    ['of another mode', FILE, { ...FILE, mode: '600' } as FoundFile, 'attributes'],
    ['of another owner', FILE, { ...FILE, owner: 'ann' } as FoundFile, 'attributes'],
    ['that is gone', FILE, { type: 'absent' }, 'gone'],
    ['that came', { type: 'absent' }, FILE, 'came'],
    ['that is a folder now', FILE, FOLDER, 'type'],
    ['that leads elsewhere', LINK, { ...LINK, target: 'b' }, 'target'],
    ['that is a folder of another mode', FOLDER, { ...FOLDER, mode: '700' }, 'attributes'],
    ['that was missing and is', { type: 'absent' }, { type: 'absent' }, ''],
  ])('%s', (_what, was, is, problems) => {
    const seen = { files: new Map([[0, is]]), times: new Map() }
    expect(told(compareFiles([released(was)], seen).findings)).toBe(problems)
  })

  it.each([
    ['with a newline in its name', { ...aFile('/a\nb') }],
    ['that was a device', { ...released({ type: 'other' }) }],
    ['that the host said nothing of', aFile('/silent')],
  ])('%s is told as not looked at', (what, file) => {
    const files = new Map<number, FoundFile>(what.endsWith('nothing of') ? [] : [[0, FILE]])
    const { findings, unseen } = compareFiles([file], { files, times: new Map() })
    expect([findings, unseen.length]).toEqual([[], 1])
  })
})

describe('a unit', () => {
  it.each<[string, Partial<UnitState>, Partial<UnitState>, string]>([
    ['as it was', {}, {}, ''],
    ['that was stopped', {}, { active: 'inactive', sub: 'dead' }, 'stopped'],
    ['that failed', {}, { active: 'failed', sub: 'failed' }, 'failed'],
    ['that had failed before', { active: 'failed', sub: 'failed' }, { active: 'failed', sub: 'failed' }, ''],
    ['that fails again and again', {}, { active: 'activating', sub: 'auto-restart' }, 'failed'],
    ['that was starting, and ended', { active: 'activating' }, { active: 'inactive' }, ''],
    ['that is just reloading', {}, { active: 'reloading' }, ''],
    ['that was disabled', {}, { file: 'disabled' }, 'enabling'],
    ['that was disabled and stopped', {}, { file: 'disabled', active: 'inactive' }, 'stopped enabling'],
    ['that was masked', {}, { load: 'masked', active: 'inactive', file: 'masked' }, 'masked'],
    ['that is gone', {}, { load: 'not-found', active: 'inactive', file: '' }, 'gone'],
    ['that was not there', { load: 'not-found' }, { active: 'failed' }, ''],
  ])('%s', (_what, was, is, problems) => {
    expect(told(compareUnits([aUnit(was)], [aUnit(is)], 0))).toBe(problems)
  })
})

describe('a package', () => {
  it.each([
    ['as it was', '1.0', '1.0', ''],
    ['of another version', '1.0', '1.1', 'version'],
    ['that is gone', '1.0', null, 'gone'],
  ])('%s', (_what, version, is, problems) => {
    const now = is === null ? [] : [{ name: 'app:amd64', version: is }]
    const log = new Map([['app', '2026-11-21 10:00:00 upgrade app:amd64 1.0 1.1']])
    const findings = comparePackages([{ name: 'app:amd64', version }], now, log)
    expect(told(findings)).toBe(problems)
    expect(findings.flatMap(({ evidence }) => evidence)).toEqual(
      problems === '' ? [] : ['dpkg.log: 2026-11-21 10:00:00 upgrade app:amd64 1.0 1.1'],
    )
  })
})

describe('a container', () => {
  const manifest = {
    compose: [{ project: 'shop', directory: '/opt', files: [] }],
    containers: ['alone'],
  }
  it.each<[string, Partial<ContainerState>, Partial<ContainerState> | null, string]>([
    ['as it was', {}, {}, ''],
    ['made anew from the same', {}, { id: 'c2' }, ''],
    ['that is gone', {}, null, 'gone'],
    ['of another image', {}, { image: 'sha256:two' }, 'image'],
    ['of another configuration', {}, { config: 'other' }, 'configuration'],
    ['that was stopped', {}, { status: 'exited', exitCode: 0 }, 'stopped'],
    [
      'of a job that ended well',
      { restartPolicy: 'no' },
      { status: 'exited', restartPolicy: 'no' },
      '(ended)',
    ],
    ['of a job that ended badly', {}, { status: 'exited', exitCode: 1, restartPolicy: 'no' }, 'stopped'],
    ['that is unhealthy', {}, { health: 'unhealthy' }, 'unhealthy'],
    ['that was unhealthy before', { health: 'unhealthy' }, { health: 'unhealthy' }, ''],
    ['that keeps restarting', {}, { status: 'restarting' }, 'restarting'],
    ['that Docker restarted', {}, { restarts: 2 }, '(restarted)'],
    ['of somebody else', { project: 'other' }, null, ''],
    ['that compose ran once', { isOneOff: true }, null, ''],
    ['that is declared by its name', { project: '', name: 'alone' }, null, 'gone'],
  ])('%s', (_what, was, is, problems) => {
    const now = is === null ? [] : [aContainer({ ...was, ...is })]
    expect(told(compareContainers(manifest, [aContainer(was)], now))).toBe(problems)
  })

  it('of a declared project that no release has is told', () => {
    expect(told(compareContainers(manifest, [], [aContainer()]))).toBe('undeclared')
  })
})

describe('a port', () => {
  const fresh = aUnit({ since: 999_990 })
  it.each<[string, readonly PortState[], readonly PortState[], string]>([
    ['as it was', [aPort(80)], [aPort(80)], ''],
    ['that came', [], [aPort(80)], 'came'],
    ['that is gone', [aPort(80)], [], 'gone'],
    ['on another address', [aPort(80, { address: '127.0.0.1' })], [aPort(80)], 'came gone'],
    ['on both kinds of address', [], [aPort(80), aPort(80, { address: '[::]' })], 'came'],
    ['of a client of UDP', [], [aPort(40_000, { protocol: 'udp' })], ''],
    ['of the kernel, as wireguard', [], [aPort(51_820, { protocol: 'udp', program: null })], 'came'],
    ['that is another each time', [aPort(40_001)], [aPort(50_001)], ''],
    ['of docker-proxy', [], [aPort(80, { program: 'docker-proxy' })], ''],
    ['of a login, gone', [aPort(6010, { holder: 'session-4.scope' })], [], ''],
    ['of who was just started then', [], [aPort(80, { holder: 'fresh.service' })], '(came)'],
  ])('%s', (_what, was, is, problems) => {
    const before = aState({ ports: was, units: [aUnit(), { ...fresh, name: 'fresh.service' }] })
    expect(told(comparePorts(before, aState({ ports: is }), null))).toBe(problems)
  })

  const published = [{ address: '', port: '8080', inside: '80/tcp' }]
  it.each([
    [null, 'goes past ufw'],
    [0, 'it can be reached from outside'],
    [2, 'DOCKER-USER has 2 rules'],
  ])('that Docker publishes on every address is told as past the firewall (%s rules)', (barriers, text) => {
    const [finding] = comparePorts(
      aState({ containers: [aContainer()] }),
      aState({ containers: [aContainer({ ports: published })] }),
      barriers,
    )
    expect(finding).toMatchObject({ subject: '8080/tcp', problem: 'came', isDrift: true })
    expect(finding?.evidence.join()).toContain(text)
  })

  it('that is published on loopback alone goes past nothing', () => {
    const ports = [{ address: '127.0.0.1', port: '80', inside: '80/tcp' }]
    const now = aState({ containers: [aContainer({ ports })] })
    expect(comparePorts(aState(), now, 0)).toMatchObject([{ evidence: [] }])
  })

  it('that a container of the release publishes is no drift, whether it runs or not', () => {
    const one = aContainer({ ports: published })
    const before = aState({ containers: [one] })
    expect(comparePorts(before, aState({ containers: [{ ...one, status: 'exited' }] }), 0)).toEqual([])
    expect(comparePorts(before, aState({ containers: [{ ...one, ports: [] }] }), 0)).toMatchObject([
      { problem: 'gone' },
    ])
  })
})
