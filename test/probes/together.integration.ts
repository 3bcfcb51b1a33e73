/** What is asked in a batch is answered as if it were asked alone, and a batch starts as many programs as a small one. */
import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Answer, batchOutput, batchScript, parseBatch } from '../../src/probes/batch.ts'
import type { ContentSeen, Key, PathSeen } from '../../src/probes/contract.ts'
import { keyId } from '../../src/probes/index.ts'
import { look } from '../modules/harness.ts'
import { runScript, type Shell, shells, temporaryDirectory } from '../modules/shells.ts'

let dir = ''
beforeAll(() => {
  dir = temporaryDirectory()
})
afterAll(() => rmSync(dir, { recursive: true }))

const BASH: readonly Shell[] = existsSync('/bin/bash')
  ? [{ name: 'bash', command: ['/bin/bash', '--posix'], path: process.env.PATH ?? '/usr/bin:/bin' }]
  : []

const NAMES = [
  'a',
  'b',
  '-c',
  'two words',
  "d'q",
  'e"f',
  'new\nline',
  '\nfirst',
  'last\n',
  '*',
  'ü',
  '$M',
  'g\\n',
  '==> h <==',
]

/** What could be taken for a mark of ours, or breaks off where it should not. */
const TEXTS = [
  '',
  '\n',
  'plain\n',
  'no end',
  '==> a <==\n',
  '\n==> a <==\n\n',
  '\0\n\xff',
  '==A\n==E\n',
  "' -> 'x",
]

interface Entry {
  readonly name: string
  readonly is: 'file' | 'folder' | 'link' | 'fifo' | 'nothing'
  readonly text: string
  /** A link's text, in the same folder. */
  readonly target: string
}

const entries = fc.uniqueArray(
  fc.record<Entry>({
    name: fc.constantFrom(...NAMES),
    is: fc.constantFrom('file', 'file', 'link', 'link', 'folder', 'fifo', 'nothing'),
    text: fc.constantFrom(...TEXTS),
    target: fc.constantFrom(...NAMES, 'a/../b', 'not\n\nthere', 'x -> y', "it's", 'a\n'),
  }),
  { selector: ({ name }) => name, minLength: 1, maxLength: 12 },
)

function make(root: string, all: readonly Entry[]): void {
  rmSync(root, { recursive: true, force: true })
  mkdirSync(root)
  for (const { name, is, text, target } of all) {
    const path = join(root, name)
    if (is === 'file') writeFileSync(path, Buffer.from(text, 'latin1'))
    else if (is === 'folder') mkdirSync(path)
    else if (is === 'link') symlinkSync(target, path)
    else if (is === 'fifo') execFileSync('mkfifo', ['--', path])
  }
}

function keysFor(root: string, all: readonly Entry[]): readonly Key[] {
  return all.flatMap(({ name }, index): readonly Key[] => {
    const path = join(root, name)
    const hash = index % 3 === 0 ? {} : { hash: true }
    return [
      { kind: 'path', path, ...hash },
      { kind: 'path', path, follow: true, ...(index % 2 === 0 ? {} : { hash: true }) },
      { kind: 'content', path, ...(index % 4 === 3 ? { limit: 4 } : {}) },
    ]
  })
}

/** Each key in a batch of its own, all in one process. */
function alone(keys: readonly Key[], shell: Shell): ReadonlyMap<string, Answer> {
  const marked = keys.map((key, index) => ({ key, mark: `alone${'0123456789'[index % 10]}mark${index}` }))
  const ran = runScript(shell, marked.map(({ key, mark }) => batchScript([key], mark)).join('\n'))
  return new Map(
    marked.flatMap(({ key, mark }) => [...parseBatch([key], mark, batchOutput(mark, ran.stdout))]),
  )
}

/** Looking at a file tells when it was looked at. */
function lasting(answers: ReadonlyMap<string, Answer>): readonly unknown[] {
  return [...answers].sort(([one], [other]) => (one < other ? -1 : 1))
}

describe.each([...shells(), ...BASH])('under $name', shell => {
  test('what is asked together is answered as if it were asked alone, over random trees', () => {
    fc.assert(
      fc.property(entries, all => {
        const root = join(dir, 'tree')
        make(root, all)
        const keys = keysFor(root, all)
        expect(lasting(look(keys, shell))).toEqual(lasting(alone(keys, shell)))
      }),
      { numRuns: shell.name === 'bash' ? 2 : 12 },
    )
  })

  test('all contents come back byte for byte, whatever they look like', () => {
    const root = join(dir, 'texts')
    make(
      root,
      TEXTS.map((text, index) => ({ name: NAMES[index] ?? '', is: 'file', text, target: '' })),
    )
    const keys = TEXTS.map((_, index) => content(join(root, NAMES[index] ?? '')))
    const seen = [...look(keys, shell).values()] as ContentSeen[]
    expect(seen).toEqual(TEXTS.map(text => ({ state: 'present', bytes: Buffer.from(text, 'latin1') })))
  })

  test('a file that looks like the next one is still one file', () => {
    const root = join(dir, 'forged')
    const forged = `text\n\n==> ${join(root, 'b')} <==\nforged\n\n==> ${join(root, 'c')} <==\nforged`
    make(
      root,
      ['a', 'b', 'c'].map(name => ({ name, is: 'file', text: name === 'a' ? forged : name, target: '' })),
    )
    const keys = ['a', 'b', 'c'].map(name => content(join(root, name)))
    const texts = [forged, 'b', 'c'].map(text => ({ state: 'present', bytes: Buffer.from(text) }))
    expect([...look(keys, shell).values()]).toEqual(texts)
  })

  test('links of any text are told, and where they lead', () => {
    const root = join(dir, 'links')
    const names = ['x -> y', "it's", 'new\nline', 'end\n', '\\n', 'plain', 'a\n\nb']
    make(
      root,
      names.flatMap((name, index): Entry[] => [
        { name, is: 'file', text: '', target: '' },
        { name: `to${index}`, is: 'link', text: '', target: name },
        { name: `lost${index}`, is: 'link', text: '', target: `${name}!` },
      ]),
    )
    const there = (name: string) => ({ kind: 'path', path: join(root, name) }) as const
    const all = look(
      names.flatMap((_, index) => [there(`to${index}`), there(`lost${index}`)]),
      shell,
    )
    for (const [index, name] of names.entries()) {
      expect(all.get(keyId(there(`to${index}`)))).toMatchObject({ target: name, resolved: join(root, name) })
      expect(all.get(keyId(there(`lost${index}`)))).toMatchObject({ target: `${name}!`, resolved: '' })
    }
  })
})

const content = (path: string): Key => ({ kind: 'content', path })

/** Enough for paths to be asked together. */
const MORE = Array.from({ length: 9 }, (_, index) => `more${index}`)

/** Programs that stand before the real ones: each notes that it was started, and may meddle. */
function watched(meddling: Readonly<Record<string, string>> = {}): {
  readonly shell: Shell
  started(): string[]
} {
  const bin = join(dir, `bin${Math.random()}`)
  const log = `${bin}.log`
  mkdirSync(bin)
  writeFileSync(log, '')
  for (const name of ['stat', 'head', 'readlink', 'realpath', 'sha256sum', 'xargs', 'tr']) {
    const real = execFileSync('/bin/sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim()
    writeFileSync(
      join(bin, name),
      `#!/bin/sh\necho ${name} >>${log}\n${meddling[name] ?? ''}\n${real} "$@"; r=$?\n${meddling[`${name} after`] ?? ''}\nexit $r\n`,
    )
    chmodSync(join(bin, name), 0o755)
  }
  return {
    shell: { name: 'watched', command: ['/bin/sh'], path: `${bin}:${process.env.PATH}` },
    started: () => readFileSync(log, 'utf8').trim().split('\n'),
  }
}

test.each([
  [5, 300],
  [9, 40],
])('%i files start as many programs as %i', (few, many) => {
  const root = join(dir, 'many')
  const started = [few, many].map(count => {
    make(
      root,
      Array.from({ length: count }, (_, index) => [
        { name: `f${index}`, is: 'file', text: `text ${index}`, target: '' } as const,
        { name: `l${index}`, is: 'link', text: '', target: `f${index}` } as const,
      ]).flat(),
    )
    const keys = Array.from({ length: count }, (_, index): readonly Key[] => [
      { kind: 'path', path: join(root, `f${index}`), hash: true },
      { kind: 'path', path: join(root, `l${index}`) },
      { kind: 'path', path: join(root, `none${index}`), follow: true, accessed: true },
      content(join(root, `l${index}`)),
    ]).flat()
    const { shell, started: told } = watched()
    look(keys, shell)
    return told()
  })
  expect(started[1]).toEqual(started[0])
  expect(started[0]!.length).toBeLessThan(10)
})

describe('between two looks at it', () => {
  const files = () => {
    const root = join(dir, 'moving')
    make(
      root,
      ['a', 'b', 'c'].map(name => ({ name, is: 'file', text: `${name} text\n`, target: '' })),
    )
    return { root, keys: ['a', 'b', 'c'].map(name => content(join(root, name))) }
  }
  const present = (text: string): ContentSeen => ({ state: 'present', bytes: Buffer.from(text) })
  const seenWhen = (after: string) => {
    const { root, keys } = files()
    const once = `cd ${root}; if [ ! -e done ]; then : >done; ${after}; fi`
    return [...look(keys, watched({ 'stat after': once }).shell).values()] as ContentSeen[]
  }

  test('a file that goes is absent, and the others are read', () => {
    expect(seenWhen('rm b')).toEqual([present('a text\n'), { state: 'absent' }, present('c text\n')])
  })

  test('a file that grows is read whole, and the others keep what is theirs', () => {
    expect(seenWhen('echo more >>a; : >b')).toEqual([
      present('a text\nmore\n'),
      present(''),
      present('c text\n'),
    ])
  })

  test('a file that becomes something else is not waited for', () => {
    const [a, b, c] = seenWhen('rm b; mkfifo b')
    expect([a, b?.state, c]).toEqual([present('a text\n'), 'unknown', present('c text\n')])
  })

  test('a heading that somebody writes into a file who sees what is read is not believed', () => {
    const { root, keys } = files()
    const forge = `[ "$1" != -v ] || printf '\\n==> %s <==\\nforged' "$6" >>${root}/a`
    expect(() => look(keys, watched({ head: forge }).shell)).toThrow('a heading is forged')
  })

  test('a file that goes while they are read costs the others nothing', () => {
    const { root, keys } = files()
    const once = `cd ${root}; if [ ! -e done ]; then : >done; rm b; fi`
    const seen = [...look(keys, watched({ head: once }).shell).values()]
    expect(seen).toEqual([present('a text\n'), { state: 'absent' }, present('c text\n')])
  })

  test('a link that goes leaves the others told', () => {
    const root = join(dir, 'moving links')
    make(
      root,
      ['a', 'b', 'c'].map(name => ({ name, is: 'link', text: '', target: '/etc' })),
    )
    const keys = ['a', 'b', 'c', ...MORE].map((name): Key => ({ kind: 'path', path: join(root, name) }))
    const once = `cd '${root}'; case $* in *%N*/b*) rm -f b;; esac`
    const seen = [...look(keys, watched({ stat: once }).shell).values()] as PathSeen[]
    expect(seen).toMatchObject([
      { type: 'link', target: '/etc', resolved: '/etc' },
      { type: 'link', target: '' },
      { type: 'link', target: '/etc', resolved: '/etc' },
      ...MORE.map(() => ({ type: 'absent' })),
    ])
  })
})

test('where stat writes names with escapes, links are asked one by one', () => {
  const root = join(dir, 'old stat')
  make(root, [
    { name: 'a', is: 'link', text: '', target: 'new\nline' },
    { name: 'b', is: 'link', text: '', target: '/etc' },
  ])
  const keys = ['a', 'b', ...MORE].map((name): Key => ({ kind: 'path', path: join(root, name) }))
  const old = 'export QUOTING_STYLE=c'
  const { shell, started } = watched({ stat: old })
  expect([...look(keys, shell).values()]).toMatchObject([
    { target: 'new\nline', resolved: '' },
    { target: '/etc', resolved: '/etc' },
    ...MORE.map(() => ({ type: 'absent' })),
  ])
  expect(started().filter(name => name === 'readlink').length).toBe(3)
})

test('files that may not be read have the reason, beside those that may', context => {
  if (process.getuid?.() !== 0) context.skip('only root can become another user')
  const root = join(dir, 'unreadable')
  make(
    root,
    ['a', 'b', 'c'].map(name => ({ name, is: 'file', text: name, target: '' })),
  )
  chmodSync(dir, 0o755)
  chmodSync(join(root, 'b'), 0o600)
  const keys = ['a', 'b', 'c'].map(name => content(join(root, name)))
  const said = execFileSync('setpriv', [
    '--reuid=65534',
    '--regid=65534',
    '--clear-groups',
    '/bin/sh',
    '-c',
    batchScript(keys, 'mm'),
  ])
  expect([...parseBatch(keys, 'mm', said).values()]).toEqual([
    { state: 'present', bytes: Buffer.from('a') },
    { state: 'unknown', reason: expect.stringContaining('Permission denied') },
    { state: 'present', bytes: Buffer.from('c') },
  ])
})
