/** Actions in one request, beside the same actions one by one: what they leave is the same. */
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Bundle, bundlesOf, explainFailure, renderAction } from '../../src/actions/index.ts'
import type { Action } from '../../src/modules/contract.ts'
import type { Key, Seen } from '../../src/probes/contract.ts'
import { keyId } from '../../src/probes/index.ts'
import { look, perform } from '../modules/harness.ts'
import { runScript, type Shell, shells, temporaryDirectory } from '../modules/shells.ts'

let dir = ''
beforeEach(() => {
  dir = temporaryDirectory()
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const put = (path: string, content: string, more: object = {}): Action => ({
  do: 'put',
  path,
  content: bytes(content),
  ...more,
})

function seen(actions: readonly Action[], shell: Shell): Seen {
  const keys = actions.flatMap((action): Key[] =>
    'path' in action ? [{ kind: 'path', path: action.path }] : [],
  )
  const answers = look(keys, shell)
  return { has: key => answers.has(keyId(key)), get: key => answers.get(keyId(key)) as never }
}

function bundles(actions: readonly Action[], shell: Shell): readonly Bundle[] {
  const made = bundlesOf(actions, seen(actions, shell))
  if (made === null) throw new Error('they cannot go together')
  return made
}

function carryOut(bundle: Bundle, shell: Shell, { cutAt }: { readonly cutAt?: number } = {}) {
  const { script, stdin } = renderAction(bundle, { token: Math.random().toString(36).slice(2, 14) })
  if (stdin === undefined || typeof stdin === 'string' || !('pieces' in stdin)) throw new Error('no stream')
  const body = Buffer.concat([...stdin.pieces()])
  expect(body.length).toBe(stdin.length)
  const ran = runScript(shell, script, body.subarray(0, cutAt))
  const said = { stdout: ran.stdout.toString(), stderr: ran.stderr.toString() }
  return {
    code: ran.code,
    ...said,
    says: () => explainFailure(bundle, { code: ran.code, ...said, timedOut: false }),
  }
}

/** Names, types, modes, owners, times where they were given, and contents. */
function listing(root: string, under = ''): readonly string[] {
  return readdirSync(join(root, under))
    .sort()
    .flatMap(name => {
      const at = join(under, name)
      const stat = lstatSync(join(root, at))
      const time = stat.mtimeMs < 2e12 && stat.mtimeMs > 1.7e12 ? 'now' : stat.mtimeMs
      const what = `${at} ${(stat.mode & 0o7777).toString(8)} ${stat.uid}:${stat.gid}`
      if (stat.isSymbolicLink()) return [`${at} -> ${readlinkSync(join(root, at))}`]
      if (stat.isDirectory()) return [`${what}/`, ...listing(root, at)]
      return [`${what} ${time} ${readFileSync(join(root, at), 'latin1')}`]
    })
}

const mode = fc.option(fc.constantFrom(0o600, 0o644, 0o755, 0o4750), { nil: undefined })
const owner = fc.option(fc.constantFrom(0, 12, 34), { nil: undefined })
const attributes = fc
  .record({ mode, owner, group: owner })
  .map(given => Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)))
const time = fc.constantFrom(1_000_000_000, 1_500_000_000)

type Making = (path: string) => fc.Arbitrary<readonly Action[]>
const nothing: Making = () => fc.constant([])
const puts: Making = path =>
  fc.oneof(
    fc.tuple(fc.string({ maxLength: 5 }), attributes).map(([text, more]) => [put(path, text, more)]),
    fc
      .tuple(attributes, time)
      .map(([more, mtime]) => [put(path, 't', { mode: 0o640, ...more, fresh: true, mtime })]),
  )
const links: Making = path => fc.constant([{ do: 'link', path, target: 'c' }])
const removes: Making = path => fc.constant([{ do: 'remove', path }])
const makes: Making = path => attributes.map(more => [{ do: 'mkdir', path, ...more }])
const sets: Making = path => attributes.map(more => [{ do: 'attributes', path, ...more }])
const anew =
  (one: Making): Making =>
  path =>
    fc.tuple(removes(path), one(path)).map(both => both.flat())

/** Parents before what they hold; all of it can be done on what `begin` makes. */
const KINDS: readonly (readonly [string, readonly Making[]])[] = [
  ['a', [nothing, makes, sets]],
  ['b', [nothing, sets, anew(makes)]],
  ['a/x', [nothing, puts, puts, sets, removes, anew(puts), anew(makes)]],
  ['a/y', [nothing, puts, links, removes, sets, anew(puts)]],
  ['a/sub', [makes]],
  ['a/sub/x', [nothing, puts, puts, links, makes]],
  ['b/-x', [nothing, puts, links]],
  ["b/it's", [nothing, puts, puts, anew(makes)]],
  ['b/two words', [nothing, puts, links]],
  ['c', [puts, makes, links]],
]
const someActions = (root: string): fc.Arbitrary<Action[]> =>
  fc
    .tuple(...KINDS.map(([at, makings]) => fc.oneof(...makings.map(making => making(join(root, at))))))
    .map(all => all.flat())
    .filter(actions => actions.length >= 4)

/** What is there before: files, a folder, a link. */
function begin(root: string): void {
  mkdirSync(join(root, 'a'), { recursive: true })
  mkdirSync(join(root, 'b'))
  writeFileSync(join(root, 'a/x'), 'old')
  chownSync(join(root, 'a/x'), 56, 78)
  chmodSync(join(root, 'a/x'), 0o600)
  symlinkSync('x', join(root, 'a/y'))
  writeFileSync(join(root, "b/it's"), 'old')
}

describe.each(shells())('actions in one request, under $name', shell => {
  test('do what they do one by one', () => {
    fc.assert(
      fc.property(someActions('/D'), actions => {
        const roots = ['one', 'two'].map(twin => join(dir, `${readdirSync(dir).length}-${twin}`))
        const [alone = '', whole = ''] = roots
        for (const root of roots) begin(root)
        const within = (root: string) =>
          actions.map(action => ({
            ...action,
            ...('path' in action ? { path: action.path.replace('/D', root) } : {}),
          }))
        const [bundle] = bundles(within(whole), shell)
        for (const action of within(alone))
          expect(perform(action, shell).code, JSON.stringify(action)).toBe(0)
        const { code, stderr } = carryOut(bundle!, shell)
        expect(code, stderr).toBe(0)
        expect(listing(whole)).toEqual(listing(alone))
        expect(listing(whole).filter(line => line.includes('.vpai-'))).toEqual([])
      }),
      { numRuns: 15 },
    )
  }, 120_000)

  const tree = (count: number): Action[] => [
    { do: 'mkdir', path: join(dir, 'srv/sub') },
    ...Array.from({ length: count }, (_, n) =>
      put(join(dir, n % 2 ? 'srv/sub' : 'srv', `f${n}`), `content ${n}\n`),
    ),
    { do: 'link', path: join(dir, 'srv/link'), target: 'f0' },
  ]

  test('a tree of a thousand files is one bundle, and arrives whole', () => {
    const [bundle, ...more] = bundles(tree(1000), shell)
    expect(more).toEqual([])
    expect(carryOut(bundle!, shell)).toMatchObject({ code: 0, stdout: '' })
    for (const n of [0, 1, 500, 999])
      expect(readFileSync(join(dir, n % 2 ? 'srv/sub' : 'srv', `f${n}`), 'utf8')).toBe(`content ${n}\n`)
    expect(readdirSync(join(dir, 'srv'))).toHaveLength(502)
  })

  test.each([0, 100, 700, 3000])('a stream that is cut after %d bytes changes no file', cutAt => {
    mkdirSync(join(dir, 'srv/sub'), { recursive: true })
    writeFileSync(join(dir, 'srv/f0'), 'old')
    const done = carryOut(bundles(tree(8), shell)[0]!, shell, { cutAt })
    expect(done.code).toBe(96)
    expect(readdirSync(join(dir, 'srv')).sort()).toEqual(['f0', 'sub'])
    expect(readFileSync(join(dir, 'srv/f0'), 'utf8')).toBe('old')
    expect(readdirSync(join(dir, 'srv/sub'))).toEqual([])
  })

  test.each<[string, number, string, (root: string) => void]>([
    [
      'is a folder',
      94,
      'A directory is in the way at D/srv/f2',
      root => mkdirSync(join(root, 'srv/f2/x'), { recursive: true }),
    ],
    ['came into being', 93, 'D/srv/', root => writeFileSync(join(root, 'srv/f2'), 'theirs')],
  ])('a file that %s in the meantime is left alone and told', (_what, code, says, meddle) => {
    mkdirSync(join(dir, 'srv/sub'), { recursive: true })
    const [bundle] = bundles(tree(6), shell)
    meddle(dir)
    const done = carryOut(bundle!, shell)
    expect(done.code).toBe(code)
    expect(done.says().replace(dir, 'D')).toContain(says)
    expect(
      lstatSync(join(dir, 'srv/f2')).isDirectory() || readFileSync(join(dir, 'srv/f2'), 'utf8') === 'theirs',
    ).toBe(true)
  })

  test('the file that cannot be given its owner is named, and nothing has changed', () => {
    const actions = tree(6).map(action =>
      action.do === 'put' && action.path.endsWith('f3')
        ? { ...action, owner: 'nobody-of-that-name' }
        : action,
    )
    const done = carryOut(bundles(actions, shell)[0]!, shell)
    expect(done.code).toBe(97)
    expect(done.says()).toContain(`Owner or mode of ${join(dir, 'srv/sub/f3')} could not be set`)
    expect(existsSync(join(dir, 'srv/f0'))).toBe(false)
  })

  test('a folder that cannot be made is named', () => {
    writeFileSync(join(dir, 'srv'), 'a file')
    const done = carryOut(bundles(tree(6), shell)[0]!, shell)
    expect(done.says()).toContain(`${join(dir, 'srv')} could not be written`)
  })

  test('a link in the place of a file is replaced, and what it leads to stays', () => {
    mkdirSync(join(dir, 'srv/sub'), { recursive: true })
    mkdirSync(join(dir, 'elsewhere'))
    symlinkSync(join(dir, 'elsewhere'), join(dir, 'srv/f0'))
    expect(carryOut(bundles(tree(6), shell)[0]!, shell).code).toBe(0)
    expect(statSync(join(dir, 'srv/f0')).isFile()).toBe(true)
    expect(readdirSync(join(dir, 'elsewhere'))).toEqual([])
  })
})

test('a host without tar says so before it takes anything', () => {
  const [shell] = shells()
  const empty = join(dir, 'bin')
  mkdirSync(empty)
  mkdirSync(join(dir, 'srv/sub'), { recursive: true })
  const actions = Array.from({ length: 5 }, (_, n) => put(join(dir, 'srv', `f${n}`), 'x'))
  expect(carryOut(bundles(actions, shell!)[0]!, { ...shell!, path: empty }).code).toBe(98)
  expect(readdirSync(join(dir, 'srv'))).toEqual(['sub'])
})

test.each<[string, readonly Action[]]>([
  ['a backup', [put('/s/a', 'x', { backup: true })]],
  ['a check', [put('/s/a', 'x', { validate: 'true %s' })]],
  ['a hard link', [{ do: 'link', path: '/s/a', target: '/s/1', hard: true }]],
  ['something below a link', [{ do: 'link', path: '/s/l', target: 'x' }, put('/s/l/f', 'x')]],
  ['something that is removed later', [put('/s/a', 'x'), { do: 'remove', path: '/s' }]],
  ['a path that leads back', [put('/s/../a', 'x')]],
  ['a file written twice', [put('/s/1', 'x')]],
  ['a command', [{ do: 'run', argv: ['true'] }]],
])('%s keeps actions apart', (_what, more) => {
  const four = [1, 2, 3, 4].map(n => put(`/s/${n}`, 'x'))
  const absent: Seen = { has: () => true, get: () => ({ type: 'absent' }) as never }
  expect(bundlesOf(four, absent)).toHaveLength(1)
  expect(bundlesOf([...four, ...more], absent)).toBeNull()
})
