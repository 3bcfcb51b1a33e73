import { describe, expect, it } from 'vitest'
import type { LocalFile } from '../../src/modules/contract.ts'
import { isIncluded } from '../../src/modules/shared/rsync-filter.ts'
import { synchronize } from '../../src/modules/synchronize.ts'
import { type Answers, brief, decideWith, drive, lines } from './tables.ts'

const STAT = { mtime: 1700000000, uid: 1000, gid: 1000, user: 'me', group: 'me' }
const TREE: LocalFile = {
  kind: 'tree',
  path: '/project/files/src',
  entries: [
    { type: 'directory', path: '', mode: 0o755, stat: STAT },
    { type: 'file', path: 'a', content: Buffer.from('abc'), mode: 0o644, stat: STAT },
  ],
}

const host =
  (listing: string): Answers =>
  key =>
    key.kind === 'read' ? { code: 0, stdout: listing, stderr: '' } : undefined

const SAME = `==u me 1000\n==g me 1000\n==directory
41ed 1000 1000 me me 4096 1700000000 .
81a4 1000 1000 me me 3 1700000000 ./a
`
const decide = (args: object, listing: string) =>
  decideWith(synchronize, { src: 'src/', dest: '/srv/x', ...args }, host(listing), { local: () => TREE })

describe('synchronize.decide', () => {
  it.each<[string, object, string, string]>([
    ['is done', {}, SAME, 'ok'],
    [
      'brings what is missing',
      {},
      '==absent\n',
      'directory /srv/x >as the source; file /srv/x/a >as the source',
    ],
    [
      'brings what is newer',
      {},
      SAME.replace('3 1700000000', '3 1600000000'),
      'file /srv/x/a other>as the source',
    ],
    ['brings what has another size', {}, SAME.replace('me 3 ', 'me 4 '), 'file /srv/x/a other>as the source'],
    ['sets a mode', {}, SAME.replace('81a4', '8180'), 'mode /srv/x/a other>as the source'],
    ['sets an owner', {}, SAME.replace('81a4 1000', '81a4 0'), 'owner /srv/x/a other>as the source'],
    ['leaves owners', { owner: false }, SAME.replace('81a4 1000', '81a4 0'), 'ok'],
    ['leaves what it does not have', {}, `${SAME}81a4 0 0 root root 1 1 ./b\n`, 'ok'],
    [
      'removes what it does not have',
      { delete: true },
      `${SAME}81a4 0 0 root root 1 1 ./b\n`,
      'state /srv/x/b present>',
    ],
    [
      'does not replace a folder by a file',
      {},
      SAME.replace('81a4', '41ed'),
      'fail: a is a folder on the host and a file in the source: it is replaced with delete only',
    ],
    ['is no folder', {}, '==file\n', 'fail: /srv/x is not a folder on the host'],
  ])('%s', (_why, args, listing, says) => {
    expect(brief(decide(args, listing))).toBe(says)
  })

  it('removes first, and sets the times of folders last', () => {
    const listing = `${SAME.replace('3 1700000000', '4 1700000000')}81a4 0 0 root root 1 1 ./b\n`
    expect(lines(drive(decide({ delete: true }, listing)).actions)).toEqual([
      'remove /srv/x/b',
      expect.stringContaining('put /srv/x/a'),
      expect.stringContaining('attributes /srv/x'),
    ])
  })

  it('fetches what differs', () => {
    const listing = `==directory\n41ed 0 0 root root 1 1 .\n81a4 0 0 root root 1 1 ./b\n${'a'.repeat(64)}  ./b\n`
    const verdict = decideWith(synchronize, { src: '/srv/x/', dest: 'got', mode: 'pull' }, host(listing))
    expect(lines(drive(verdict).actions)).toEqual(['read /srv/x/b', 'writeLocal got/b'])
  })

  it.each([
    { link_dest: ['/x'] },
    { mode: 'pull', delete: true },
    { rsync_opts: ['--filter=merge x'] },
    { rsync_opts: ['--chmod=u+x'] },
  ])('refuses %j', args => {
    expect(synchronize.args().safeParse({ src: 'a', dest: '/b', ...args }).success).toBe(false)
  })
})

describe('a pattern', () => {
  it.each<[string, string, boolean, boolean]>([
    ['*.log', 'a/b.log', false, true],
    ['/a', 'b/a', false, false],
    ['/a', 'a', false, true],
    ['a/b', 'x/a/b', false, true],
    ['a/', 'a', false, false],
    ['a/', 'x/a', true, true],
    ['a/*', 'a/b/c', false, false],
    ['a/**', 'a/b/c', false, true],
    ['a/***', 'a', true, true],
    ['[ab]?.t', 'ax.t', false, true],
    ['[!a].t', 'a.t', false, false],
    ['a.b', 'axb', false, false],
  ])('%s hides %s (folder: %s): %s', (pattern, path, isDirectory, hidden) => {
    expect(isIncluded([{ include: false, pattern }], path, isDirectory)).toBe(!hidden)
  })
})
