import { describe, expect, test } from 'vitest'
import { packageProbe } from '../../src/probes/package.ts'
import { unitProbe } from '../../src/probes/unit.ts'

const packages = (text: string, ...names: string[]) =>
  packageProbe.parse(
    names.map(name => ({ kind: 'package', name })),
    Buffer.from(`${text}\n==end\n`),
  )
const units = (text: string, ...names: string[]) =>
  unitProbe.parse(
    names.map(name => ({ kind: 'unit', name })),
    Buffer.from(`${text}\n==end\n`),
  )

describe('packages', () => {
  test('dpkg: installed, removed, held, broken, foreign and unknown', () => {
    const text = [
      '==dpkg',
      'nginx\t1.22.1-9\tii \tamd64',
      'old\t1.0\trc \tall',
      'held\t2.0\thi \tall',
      'half\t3.0\tiU \tall',
      'libc6:amd64\t2.36\tii \tamd64',
      'libc6:i386\t2.35\tii \ti386',
      '==policy',
      'nginx:',
      '  Installed: 1.22.1-9',
      '  Candidate: 1.24.0-1',
      'old:',
      '  Installed: (none)',
      '  Candidate: (none)',
    ].join('\n')
    const seen = packages(text, 'nginx', 'old', 'held', 'half', 'libc6', 'libc6:i386', 'none')
    expect(seen.map(one => [one.installed, one.version, one.held, one.candidate, one.broken])).toEqual([
      [true, '1.22.1-9', false, '1.24.0-1', false],
      [false, null, false, null, false],
      [true, '2.0', true, null, false],
      [false, null, false, null, true],
      [true, '2.36', false, null, false],
      [true, '2.35', false, null, false],
      [false, null, false, null, false],
    ])
  })

  test('rpm and apk', () => {
    expect(
      packages('==rpm\nbash\t0\t5.1-9\tx86_64\ndbus\t1\t1.12-8\tx86_64', 'bash', 'dbus', 'x'),
    ).toMatchObject([
      { installed: true, version: '5.1-9' },
      { installed: true, version: '1:1.12-8' },
      { installed: false },
    ])
    const apk =
      '==apk\nP:musl\nV:1.2.5-r0\n==policy\nmusl policy:\n  1.2.5-r0:\n    lib/apk/db/installed\n  1.2.6-r0:\n    https://x/main\nnano policy:\n  8.0:\n    https://x/main'
    expect(packages(apk, 'musl', 'nano', 'x')).toMatchObject([
      { installed: true, version: '1.2.5-r0', candidate: '1.2.6-r0' },
      { installed: false, candidate: '8.0' },
      { installed: false, candidate: null },
    ])
  })
})

describe('units', () => {
  test('records of one show follow the order of the names, whatever names they have themselves', () => {
    const text =
      '==unit system ssh\n==unit system gone\n==batch\nId=ssh.service\nLoadState=loaded\nActiveState=active\nSubState=running\nUnitFileState=enabled\nNeedDaemonReload=yes\n\nId=gone.service\nLoadState=not-found\nActiveState=inactive\n==unit system a@.service\nmanager=systemd\nLoadState=loaded\nUnitFileState=disabled'
    expect(units(text, 'ssh', 'gone', 'a@.service')).toMatchObject([
      {
        load: 'loaded',
        active: 'active',
        sub: 'running',
        fileState: 'enabled',
        needsReload: true,
        manager: 'systemd',
      },
      { load: 'not-found', active: 'inactive', manager: 'systemd' },
      { load: 'loaded', fileState: 'disabled' },
    ])
  })

  test('an init script has a state of its own', () => {
    expect(
      units(
        '==unit system cron\nmanager=sysvinit\nLoadState=loaded\nActiveState=active\nUnitFileState=enabled',
        'cron',
      ),
    ).toMatchObject([{ load: 'loaded', active: 'active', fileState: 'enabled', manager: 'sysvinit' }])
  })

  test('a missing answer is garbled', () => {
    expect(() => units('==unit system a\nLoadState=loaded', 'b')).toThrow(
      expect.objectContaining({ code: 'PROBE_GARBLED' }),
    )
  })
})
