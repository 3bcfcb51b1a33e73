import { describe, expect, it } from 'vitest'
import { mount } from '../../src/modules/mount.ts'
import { type Answers, brief, decideWith, drive, lines, textContent } from './tables.ts'

const DATA = '/dev/sdb1 /srv/data ext4 defaults 0 0'
const LIVE = '36 25 8:17 / /srv/data rw,relatime shared:1 - ext4 /dev/sdb1 rw\n'

const host =
  (fstab: string | null, mounts = '', point = 'directory'): Answers =>
  key => {
    if (key.kind === 'content') return fstab === null ? { state: 'absent' } : textContent(fstab)
    if (key.kind === 'path') return { type: point }
    if (key.kind !== 'read') return undefined
    return { code: 0, stdout: key.name === 'mounts' ? mounts : '/srv/data\n', stderr: '' }
  }

const data = { path: '/srv/data', src: '/dev/sdb1', fstype: 'ext4' }

describe('mount.decide', () => {
  it.each<[string, object, Answers, string]>([
    ['is done', { ...data, state: 'mounted' }, host(`${DATA}\n`, LIVE), 'ok'],
    [
      'counts blanks as blanks',
      { ...data, state: 'present' },
      host(`/dev/sdb1\t/srv/data  ext4 defaults\n`),
      'ok',
    ],
    ['adds the entry', { ...data, state: 'present' }, host('# mine\n'), `fstab entry /srv/data >${DATA}`],
    [
      'changes the entry',
      { ...data, opts: 'ro', state: 'present' },
      host(`${DATA}\n`),
      `fstab entry /srv/data ${DATA}>/dev/sdb1 /srv/data ext4 ro 0 0`,
    ],
    [
      'leaves what is not to be mounted at boot',
      { ...data, boot: false, state: 'present' },
      host(null),
      'fstab entry /srv/data >/dev/sdb1 /srv/data ext4 defaults,noauto 0 0',
    ],
    ['mounts', { ...data, state: 'mounted' }, host(`${DATA}\n`), 'mount /srv/data >/dev/sdb1'],
    [
      'makes the mount point',
      { ...data, state: 'mounted' },
      host(`${DATA}\n`, '', 'absent'),
      'state /srv/data absent>directory; mount /srv/data >/dev/sdb1',
    ],
    ['unmounts', { path: '/srv/data', state: 'unmounted' }, host(null, LIVE), 'mount /srv/data /dev/sdb1>'],
    ['is unmounted', { path: '/srv/data', state: 'unmounted' }, host(null), 'ok'],
    [
      'takes all away',
      { path: '/srv/data', state: 'absent' },
      host(`${DATA}\n`, LIVE),
      `mount /srv/data /dev/sdb1>; fstab entry /srv/data ${DATA}>; state /srv/data directory>absent`,
    ],
    ['is gone', { path: '/srv/data', state: 'absent' }, host('# none\n'), 'ok'],
    [
      'forgets the entry only',
      { path: '/srv/data', state: 'absent_from_fstab' },
      host(`${DATA}\n`, LIVE),
      `fstab entry /srv/data ${DATA}>`,
    ],
    [
      'cannot remount what is not mounted',
      { path: '/srv/data', state: 'remounted' },
      host(null),
      'fail: Cannot remount /srv/data: nothing is mounted there',
    ],
    [
      'does not hide another source',
      { ...data, src: '/dev/sdc1', state: 'ephemeral' },
      host(null, LIVE),
      'fail: /srv/data is already mounted from /dev/sdb1, not from /dev/sdc1: unmount it first (state: unmounted), or use another path',
    ],
    [
      'knows swap by its source',
      { path: 'none', src: '/swap2', fstype: 'swap', opts: 'sw', state: 'present' },
      host('/swap none swap sw 0 0\n'),
      'fstab entry none >/swap2 none swap sw 0 0',
    ],
    [
      'keeps options to itself',
      { ...data, opts: 'password=x', opts_no_log: true, state: 'present' },
      host(`${DATA}\n`),
      'fstab entry /srv/data present>as asked',
    ],
  ])('%s', (_why, args, answers, says) => {
    expect(brief(decideWith(mount, args, answers))).toBe(says)
  })

  it.each<[string, object, Answers, string[]]>([
    [
      'mounts by the table that was asked for',
      { ...data, state: 'mounted', fstab: '/x/fstab' },
      host(`${DATA}\n`),
      ['mount -T /x/fstab /srv/data'],
    ],
    [
      'mounts without a table',
      { ...data, state: 'ephemeral', opts: 'ro' },
      host(null),
      ['mount -t ext4 -o ro /dev/sdb1 /srv/data'],
    ],
    [
      'mounts another source anew',
      { ...data, src: '/dev/sdc1', state: 'mounted' },
      host(`${DATA}\n`, LIVE),
      ['put /etc/fstab', 'umount /srv/data && mount /srv/data'],
    ],
    [
      'unmounts before it forgets',
      { path: '/srv/data', state: 'absent' },
      host(`${DATA}\n`, LIVE),
      ['umount /srv/data', 'put /etc/fstab', 'rmdir /srv/data'],
    ],
  ])('%s', (_why, args, answers, actions) => {
    expect(lines(drive(decideWith(mount, args, answers)).actions)).toEqual(actions)
  })

  it.each([{ path: '/a', state: 'mounted' }, { path: '/a' }, { path: '/a', state: 'gone' }])(
    'refuses %j',
    args => {
      expect(mount.args().safeParse(args).success).toBe(false)
    },
  )
})
