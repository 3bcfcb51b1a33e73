import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  linkSync,
  mkdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { cpus, hostname, release } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Dict } from '../../src/base/value.ts'
import { batchScript, parseBatch } from '../../src/probes/batch.ts'
import type { ContentSeen, Key, PathSeen, ReadSeen } from '../../src/probes/contract.ts'
import { keyId } from '../../src/probes/index.ts'
import { look, see } from '../modules/harness.ts'
import { runScript, shells, temporaryDirectory } from '../modules/shells.ts'

const ODD_NAMES = [
  'two words',
  "a'quote",
  'a"double',
  '-dash',
  'back\\slash',
  'new\nline',
  '$HOME',
  'tab\there',
  'ünïcode',
  '*',
]
let dir = ''

beforeAll(() => {
  dir = temporaryDirectory()
  for (const name of ODD_NAMES) writeFileSync(join(dir, name), name)
  writeFileSync(join(dir, 'plain'), 'hello\n', { mode: 0o640 })
  chmodSync(join(dir, 'plain'), 0o4751)
  linkSync(join(dir, 'plain'), join(dir, 'hard'))
  mkdirSync(join(dir, 'sub'))
  symlinkSync('plain', join(dir, 'link'))
  symlinkSync('no\nwhere', join(dir, 'dangling'))
  symlinkSync('loop', join(dir, 'loop'))
  execFileSync('mkfifo', [join(dir, 'fifo')])
})

afterAll(() => rmSync(dir, { recursive: true }))

const path = (name: string, more: object = {}): Key => ({ kind: 'path', path: join(dir, name), ...more })
const sha = (text: string) => createHash('sha256').update(text).digest('hex')

describe.each(shells())('under $name', shell => {
  const pathSeen = (key: Key) => see(key, shell) as PathSeen

  test('a regular file has type, mode, size, owner, inode and hash', () => {
    expect(pathSeen(path('plain', { hash: true }))).toMatchObject({
      type: 'file',
      mode: 0o4751,
      size: 6,
      uid: process.getuid?.(),
      nlink: 2,
      owner: 'root',
      group: 'root',
      sha256: sha('hello\n'),
    })
  })

  test('what is asked of some paths of a batch only is told of those', () => {
    utimesSync(join(dir, 'sub'), 1_000_000_000, 1_000_000_001)
    const [plain, hard, sub, fifo] = [
      path('plain', { hash: true }),
      path('hard'),
      path('sub', { accessed: true }),
      path('fifo', { hash: true, accessed: true }),
    ] as const
    const seen = look([plain, hard, sub, fifo, path('new\nline', { hash: true, accessed: true })], shell)
    expect(seen.get(keyId(plain))).toMatchObject({ sha256: sha('hello\n'), atime: 0 })
    expect(seen.get(keyId(hard))).not.toHaveProperty('sha256')
    expect(seen.get(keyId(sub))).toMatchObject({ atime: 1_000_000_000, mtime: 1_000_000_001 })
    expect(seen.get(keyId(fifo))).toMatchObject({
      type: 'fifo',
      atime: expect.closeTo(Date.now() / 1000, -3),
    })
    const odd = seen.get(keyId(path('new\nline', { hash: true, accessed: true })))
    expect(odd).toMatchObject({ sha256: sha('new\nline'), atime: expect.closeTo(Date.now() / 1000, -3) })
  })

  test('a link is hashed where it leads, for who follows it, also beside who does not', () => {
    const keys = ['link', 'plain', 'dangling', 'fifo'].flatMap(name => [
      path(name, { hash: true }),
      path(name, { hash: true, follow: true }),
    ])
    const seen = [...look(keys, shell).values()] as PathSeen[]
    const hash = sha('hello\n')
    expect(seen.map(one => ('sha256' in one ? one.sha256 : one.type))).toEqual([
      ...['link', hash, hash, hash],
      ...['link', 'absent', 'fifo', 'fifo'],
    ])
  })

  test('an id without a name has none', () => {
    chownSync(join(dir, 'tab\there'), 4242, 4343)
    const seen = pathSeen(path('tab\there'))
    chownSync(join(dir, 'tab\there'), 0, 0)
    expect(seen).toMatchObject({ uid: 4242, gid: 4343, owner: null, group: null })
  })

  test('names with spaces, quotes, dashes, newlines and backslashes are all answered, in one batch', () => {
    const keys = ODD_NAMES.map(name => path(name, { hash: true }))
    const seen = look([...keys, path('missing')], shell)
    for (const [index, key] of keys.entries()) {
      expect(seen.get(keyId(key))).toMatchObject({ type: 'file', sha256: sha(ODD_NAMES[index]!) })
    }
    expect(seen.get(keyId(path('missing')))).toEqual({ type: 'absent' })
  })

  test.each([
    ['link', { type: 'link', target: 'plain' }],
    ['dangling', { type: 'link', target: 'no\nwhere', resolved: '' }],
    ['sub', { type: 'directory' }],
    ['fifo', { type: 'fifo' }],
    ['missing', { type: 'absent' }],
    ['plain/below', { type: 'absent' }],
  ])('%s is seen as what it is', (name, expected) => {
    expect(pathSeen(path(name, { hash: true }))).toMatchObject(expected)
  })

  test('a followed link is what it leads to, and a dangling or circular one is absent', () => {
    expect(pathSeen(path('link', { follow: true, hash: true }))).toMatchObject({
      type: 'file',
      sha256: sha('hello\n'),
    })
    expect(pathSeen(path('dangling', { follow: true }))).toEqual({ type: 'absent' })
    expect(pathSeen(path('loop', { follow: true }))).toEqual({ type: 'absent' })
    expect(pathSeen(path('link'))).toMatchObject({ resolved: expect.stringMatching(/\/plain$/) })
  })

  test('file contents come back byte for byte', () => {
    const bytes = Buffer.from([...Array(512).keys()].map(n => n % 256))
    writeFileSync(join(dir, 'binary'), bytes)
    writeFileSync(join(dir, 'empty'), '')
    const keys: Key[] = ['binary', 'empty', 'missing', 'sub', 'fifo', 'new\nline', 'plain'].map(name => ({
      kind: 'content',
      path: join(dir, name),
    }))
    const seen = [...look(keys, shell).values()] as ContentSeen[]
    expect(seen.map(one => one.state)).toEqual([
      'present',
      'present',
      'absent',
      'unknown',
      'unknown',
      'present',
      'present',
    ])
    expect(seen[0]).toEqual({ state: 'present', bytes })
    expect(seen[6]).toEqual({ state: 'present', bytes: Buffer.from('hello\n') })
  })

  test('a file over the limit is too large, and a file of /proc without a size is read', () => {
    expect(see({ kind: 'content', path: join(dir, 'plain'), limit: 5 }, shell)).toEqual({
      state: 'too-large',
      size: 6,
    })
    expect(see({ kind: 'content', path: '/proc/version', limit: 5 }, shell)).toEqual({
      state: 'too-large',
      size: 6,
    })
    const proc = see({ kind: 'content', path: '/proc/version' }, shell) as ContentSeen
    expect(proc.state === 'present' && Buffer.from(proc.bytes).toString()).toContain('Linux')
  })

  test('a script that only reads has its own code, output and messages; syntax errors and exit harm nobody', () => {
    const read = (name: string, script: string): Key => ({
      kind: 'read',
      name,
      script,
      env: { GREETING: "it's" },
    })
    const seen = [
      ...look(
        [
          read('1', 'echo "$GREETING"; echo bad >&2; exit 3'),
          read('2', 'if; then (('),
          read('3', 'printf "no newline"'),
          path('plain'),
        ],
        shell,
      ).values(),
    ]
    const reads = seen.filter((one): one is ReadSeen => 'code' in one)
    expect(reads[0]).toEqual({ code: 3, stdout: "it's\n", stderr: 'bad\n' })
    expect(reads[1]?.code).not.toBe(0)
    expect(reads[2]).toEqual({ code: 0, stdout: 'no newline', stderr: '' })
    expect(seen.some(one => 'type' in one && one.type === 'file')).toBe(true)
  })

  test('users and groups are found by name only', () => {
    expect(see({ kind: 'user', name: 'root' }, shell)).toMatchObject({
      exists: true,
      uid: 0,
      home: '/root',
      primaryGroup: 'root',
    })
    for (const name of ['0', 'nobody-there', '-x', ''])
      expect(see({ kind: 'user', name }, shell)).toEqual({ exists: false })
    expect(see({ kind: 'group', name: 'root' }, shell)).toMatchObject({ exists: true, gid: 0 })
    for (const name of ['0', 'no-such', '-x'])
      expect(see({ kind: 'group', name }, shell)).toEqual({ exists: false })
  })

  test('commands are found on the path, and built-ins without a file are not', () => {
    expect(see({ kind: 'which', command: 'cat' }, shell)).toEqual({ path: expect.stringMatching(/\/cat$/) })
    expect(see({ kind: 'which', command: 'export' }, shell)).toEqual({ path: null })
    expect(see({ kind: 'which', command: '/bin/sh' }, shell)).toEqual({ path: '/bin/sh' })
  })

  test('facts tell what this machine is', () => {
    const facts = see({ kind: 'facts' }, shell) as Dict
    expect(facts).toMatchObject({
      system: 'Linux',
      nodename: hostname(),
      hostname: hostname().split('.')[0],
      kernel: release(),
      memtotal_mb: expect.any(Number),
      user_id: 'root',
      user_dir: '/root',
      date_time: { year: String(new Date().getUTCFullYear()) },
    })
    expect(facts.memtotal_mb).toBeGreaterThan(100)
    expect(facts.processor_vcpus).toBe(cpus().length)
    expect(facts.interfaces).toContain('lo')
    expect(facts.env).toHaveProperty('PATH')
    expect(
      (facts.mounts as readonly Dict[]).some(one => one.mount === '/' && Number(one.size_total) > 0),
    ).toBe(true)
  })

  test('packages and services are answered, whatever runs them here', () => {
    const seen = look(
      [
        { kind: 'package', name: 'no-such-package' },
        { kind: 'unit', name: 'no-such-unit' },
        { kind: 'unit', name: 'no-such@.service', scope: 'user' },
      ],
      shell,
    )
    expect([...seen.values()]).toMatchObject([
      { installed: false },
      { load: 'not-found' },
      { load: 'not-found' },
    ])
  })

  test('ten thousand paths are cut into several sections and all answered', () => {
    const keys = Array.from({ length: 10_000 }, (_, n) => path(`${'x'.repeat(60)}${n}`))
    expect(batchScript(keys, 'marker').match(/section/g)!.length).toBeGreaterThan(1)
    expect(look(keys, shell).size).toBe(10_000)
  })

  test('a cut-off answer is garbled, not absent', () => {
    const keys = [path('plain'), path('sub')]
    const ran = runScript(shell, batchScript(keys, 'marker'))
    for (const length of [0, 20, ran.stdout.length - 5]) {
      expect(() => parseBatch(keys, 'marker', ran.stdout.subarray(0, length))).toThrow(
        expect.objectContaining({ code: 'PROBE_GARBLED' }),
      )
    }
  })
})

test('what may not be looked at is unknown, never absent', context => {
  if (process.getuid?.() !== 0) context.skip('only root can become another user')
  mkdirSync(join(dir, 'private'), { mode: 0o700 })
  writeFileSync(join(dir, 'private/file'), 'x')
  writeFileSync(join(dir, 'unreadable'), 'x', { mode: 0o600 })
  chmodSync(dir, 0o755)
  const keys: Key[] = [
    path('private/file'),
    path('private/missing'),
    { kind: 'content', path: join(dir, 'private/file') },
    { kind: 'content', path: join(dir, 'unreadable') },
  ]
  const ran = spawnSync('setpriv', [
    '--reuid=65534',
    '--regid=65534',
    '--clear-groups',
    '/bin/sh',
    '-c',
    batchScript(keys, 'mm'),
  ])
  const seen = [...parseBatch(keys, 'mm', ran.stdout).values()]
  expect(seen.map(one => ('type' in one ? one.type : 'state' in one ? one.state : ''))).toEqual([
    'unknown',
    'unknown',
    'unknown',
    'unknown',
  ])
})
