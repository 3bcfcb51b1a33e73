/** synchronize beside rsync itself: both do the same to twin folders. */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { localFiles } from '../../src/files/local-files.ts'
import type { Context } from '../../src/modules/contract.ts'
import { synchronize } from '../../src/modules/synchronize.ts'
import { converge, decideOn } from './harness.ts'
import { shells, temporaryDirectory } from './shells.ts'

const why = spawnSync('rsync', ['--version']).status === 0 ? '' : 'rsync is not installed'
if (why) console.log(`skipped: ${why}`)

let top = ''
let dir = ''

beforeAll(() => {
  top = temporaryDirectory()
})
afterAll(() => rmSync(top, { recursive: true, force: true }))
beforeEach(() => {
  dir = mkdtempSync(join(top, 'd-'))
  sh(`mkdir -p src/sub/deep src/logs src/empty
echo one >src/one; chmod 755 src/one; echo two >'src/sub/t w'; echo deep >src/sub/deep/f; echo x >src/logs/a.log; : >src/zero
ln -s one src/link; ln -s nowhere src/sub/dangling; chown 1:2 src/sub/deep/f; chmod 2750 src/sub
touch -d @1700000000 src/one src/sub/deep src/logs/a.log; touch -d @1600000000 src/zero 'src/sub/t w'`)
  for (const twin of ['ours', 'theirs']) {
    mkdirSync(join(dir, twin))
    sh(`cd ${twin}; mkdir -p src/sub keep logs; echo old >src/one; echo extra >extra; echo extra >src/extra; echo kept >keep/me.log; echo o >logs/o.log
touch -d @1650000000 extra src/extra keep/me.log logs/o.log src/one; touch -d @1650000000 keep logs`)
  }
})

const sh = (script: string): string => execFileSync('/bin/sh', ['-c', script], { cwd: dir, encoding: 'utf8' })

/** Names, types, modes, owners, times of files, link targets and contents. */
const listing = (folder: string): string =>
  sh(
    `cd ${folder} && find . ! -name . -printf '%p %y %m %U %G %l %TY-%Tm-%Td\\n' | sort; find . -type f -exec sha256sum {} + | sort -k2`,
  )

function context(): Partial<Context> {
  const files = localFiles(dir)
  const options = { stat: true, links: 'keep' }
  return {
    local: () => files.find({ name: 'src', kind: 'tree', path: join(dir, 'src'), options }, []),
  }
}

const CASES: readonly (readonly [string, object, string])[] = [
  ['contents of a folder', { src: 'src/' }, '-a src/'],
  ['a folder', { src: 'src' }, '-a src'],
  ['a folder, and nothing else in it', { src: 'src', delete: true }, '-a --delete src'],
  ['contents, and nothing else', { src: 'src/', delete: true }, '-a --delete src/'],
  [
    'all but what is excluded, which is not deleted',
    { src: 'src/', delete: true, rsync_opts: ['--exclude=*.log', '--exclude=/sub/deep', '--include=x'] },
    "-a --delete --exclude='*.log' --exclude=/sub/deep src/",
  ],
  [
    'only what is included',
    { src: 'src/', rsync_opts: ['--include=*/', '--include=*.log', '--exclude=*'] },
    "-a --include='*/' --include='*.log' --exclude='*' src/",
  ],
  [
    'by contents, without owners and times',
    { src: 'src/', checksum: true, times: false, owner: false, group: false },
    '-rlp --checksum src/',
  ],
  [
    'with a given owner and mode',
    { src: 'src/', rsync_opts: ['--chown=daemon:daemon', '--chmod=D0711,F0640'] },
    '-a --chown=daemon:daemon --chmod=D0711,F0640 src/',
  ],
  ['only what is there', { src: 'src', existing_only: true }, '-a --existing src'],
  ['only what is not there', { src: 'src', rsync_opts: '--ignore-existing' }, '-a --ignore-existing src'],
  ['without links', { src: 'src/', links: false }, '-a --no-links src/'],
]

describe.skipIf(why)('synchronize', () => {
  const ways = shells().flatMap(shell => [
    { name: shell.name, shell, alone: false },
    { name: `${shell.name}, without tar`, shell, alone: true },
  ])
  describe.each(ways)('under $name', ({ shell, alone }) => {
    test.for(CASES)('carries %s as rsync does', ([, args, words]) => {
      const raw = { ...args, dest: join(dir, 'ours') }
      const first = converge(synchronize, raw, { shell, alone, context: context() })
      expect(first, JSON.stringify(first.after)).toMatchObject({
        failed: false,
        changed: true,
        after: { kind: 'ok' },
      })
      sh(`rsync ${words} theirs/`)
      const [ours, theirs] = [listing('ours'), listing('theirs')].map(one =>
        words.startsWith('-rlp') ? one.replaceAll(/ \d{4}-\d\d-\d\d$/gm, '') : one,
      )
      expect(ours).toBe(theirs)
    })
  })

  test('changes nothing in check mode', () => {
    const before = listing('ours')
    expect(
      decideOn(synchronize, { src: 'src/', dest: join(dir, 'ours'), delete: true }, { context: context() }),
    ).toMatchObject({
      kind: 'change',
    })
    expect(listing('ours')).toBe(before)
  })
})
