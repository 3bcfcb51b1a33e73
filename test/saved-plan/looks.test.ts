import { describe, expect, it } from 'vitest'
import type { Key, PathSeen } from '../../src/probes/contract.ts'
import type { Answer } from '../../src/probes/index.ts'
import { looksOf } from '../../src/saved-plan/looks.ts'

const FILE: Extract<PathSeen, { mode: number }> = {
  type: 'file',
  mode: 0o644,
  uid: 0,
  gid: 0,
  owner: 'root',
  group: 'root',
  size: 1,
  mtime: 1,
  atime: 1,
  ctime: 1,
  nlink: 1,
  inode: '1',
  device: '1',
  sha256: 'aa',
}
const PATH: Key = { kind: 'path', path: '/a', hash: true }
const READ: Key = { kind: 'read', name: 'docker ps', script: 'docker ps' }
const FACTS: Key = { kind: 'facts' }
const says = (stdout: string) => ({ code: 0, stdout, stderr: '' })
const counts = (key: Key, answer: Answer) => looksOf(key, answer).map(one => [one.part, one.counts])

describe('looksOf', () => {
  it.each<[string, Key, Answer, Answer]>([
    ['times and sizes of a file', PATH, FILE, { ...FILE, mtime: 2, atime: 2, ctime: 2, inode: '2', size: 9 }],
    [
      'how long a container is up',
      READ,
      says('web Up 3 minutes (healthy)'),
      says('web Up About an hour (healthy)'),
    ],
    ['a point in time', READ, says('at 2026-11-21T10:00:00.123Z'), says('at 2026-11-22T11:00:00Z')],
    [
      'the process of a container and the log of its health',
      READ,
      says('[{"State":{"Pid":7,"Health":{"Status":"healthy","Log":[{"Output":"a"}]}}}]'),
      says('[{"State":{"Pid":8,"Health":{"Status":"healthy","Log":[]}}}]'),
    ],
    ['what tells the time', { ...READ, moves: true }, says('1763740000'), says('1763740001')],
    ['the clock', FACTS, { date_time: { hour: '1' }, a: 1 }, { date_time: { hour: '2' }, a: 1 }],
    [
      'room on a disk',
      FACTS,
      { mounts: [{ mount: '/', size_available: 1 }] },
      { mounts: [{ mount: '/', size_available: 2 }] },
    ],
    [
      'an interface of a container',
      FACTS,
      { interfaces: ['lo'], lo: {}, all_ipv4_addresses: [] },
      { interfaces: ['lo', 'veth-1'], lo: {}, veth_1: {} },
    ],
  ])('leaves out %s', (_what, key, was, now) => {
    expect(counts(key, now)).toEqual(counts(key, was))
  })

  it.each<[string, Key, Answer, Answer]>([
    ['content', PATH, FILE, { ...FILE, sha256: 'bb' }],
    ['mode', PATH, FILE, { ...FILE, mode: 0o600 }],
    ['absence', PATH, FILE, { type: 'absent' }],
    ['output', READ, says('web image-1'), says('web image-2')],
    [
      'the health of a container',
      READ,
      says('[{"State":{"Health":{"Status":"healthy","Log":[]}}}]'),
      says('[{"State":{"Health":{"Status":"starting","Log":[]}}}]'),
    ],
    ['a fact', FACTS, { distribution: 'Debian' }, { distribution: 'Alpine' }],
    [
      'bytes',
      { kind: 'content', path: '/a' },
      { state: 'present', bytes: Buffer.from('a') },
      { state: 'present', bytes: Buffer.from('b') },
    ],
  ])('counts %s', (_what, key, was, now) => {
    expect(counts(key, now)).not.toEqual(counts(key, was))
  })

  it.each<[Key, Answer, string, string | null]>([
    [PATH, FILE, '/a', 'file 0644 root:root'],
    [PATH, { ...FILE, type: 'link', target: '/b' }, '/a', 'link 0644 root:root → /b'],
    [
      { kind: 'package', name: 'nginx' },
      { installed: true, version: '1.2', candidate: '1.3', held: true, broken: false },
      'package nginx',
      '1.2, 1.3 on offer, held',
    ],
    [
      { kind: 'unit', name: 'ssh' },
      {
        load: 'loaded',
        active: 'active',
        sub: 'running',
        fileState: 'enabled',
        needsReload: false,
        properties: {},
        manager: 'systemd',
      },
      'unit ssh',
      'active, enabled',
    ],
    [{ kind: 'group', name: 'adm' }, { exists: false }, 'group adm', 'absent'],
    [READ, says('x'), 'docker ps', null],
  ])('shows %j without its content', (key, answer, name, shows) => {
    expect(looksOf(key, answer)).toMatchObject([{ name, shows }])
  })
})
