import {
  chmodSync,
  existsSync,
  linkSync,
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
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type HostAction, preconditionOf, renderAction } from '../../src/actions/index.ts'
import type { PathSeen } from '../../src/probes/contract.ts'
import { see } from '../modules/harness.ts'
import { runScript, shells, temporaryDirectory } from '../modules/shells.ts'

let dir = ''
let tokens = 0
const at = (name: string): string => join(dir, name)
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const modeOf = (path: string): number => statSync(path).mode & 0o7777

beforeEach(() => {
  dir = temporaryDirectory()
})

afterEach(() => rmSync(dir, { recursive: true, force: true }))

describe.each(shells())('under $name', shell => {
  const act = (action: HostAction, options: object = {}) => {
    const { script, stdin } = renderAction(action, { token: `token${++tokens}`, ...options })
    const ran = runScript(shell, script, stdin)
    return { ...ran, stdout: ran.stdout.toString(), stderr: ran.stderr.toString() }
  }
  const put = (name: string, more: object = {}, options: object = {}) =>
    act({ do: 'put', path: at(name), content: bytes('new\n'), ...more }, options)
  const leftovers = () => readdirSync(dir).filter(name => name.startsWith('.vpai-'))

  test.each(['plain', 'two words', "it's", '-dash', 'new\nline', 'back\\slash'])(
    'puts a file called %j',
    name => {
      expect(put(name, { mode: 0o4750 })).toMatchObject({ code: 0, stdout: '' })
      expect(readFileSync(at(name), 'utf8')).toBe('new\n')
      expect(modeOf(at(name))).toBe(0o4750)
      expect(leftovers()).toEqual([])
    },
  )

  test('a large binary file arrives byte for byte', () => {
    const content = Buffer.alloc(3_000_000, 0).map((_, n) => (n * 7) % 256)
    put('big', { content })
    expect(readFileSync(at('big')).equals(content)).toBe(true)
  })

  test('a link to a folder is replaced by a file, and the folder stays', () => {
    mkdirSync(at('folder'))
    symlinkSync('folder', at('f'))
    expect(put('f').code).toBe(0)
    expect(lstatSync(at('f')).isFile()).toBe(true)
    expect(readdirSync(at('folder'))).toEqual([])
  })

  test('a new file is 0644, and a replaced one keeps its mode and owner', () => {
    put('new')
    expect(modeOf(at('new'))).toBe(0o644)
    writeFileSync(at('old'), 'old')
    runScript(shell, `chown 12:34 ${at('old')}; chmod 600 ${at('old')}`)
    put('old')
    expect(statSync(at('old'))).toMatchObject({ uid: 12, gid: 34 })
    expect(modeOf(at('old'))).toBe(0o600)
  })

  test.each([
    ['a group', { group: 55 }, { uid: 12, gid: 55 }],
    ['an owner', { owner: 55 }, { uid: 55, gid: 34 }],
  ])('a replaced file that gets %s keeps the rest', (_what, more, left) => {
    writeFileSync(at('old'), 'old')
    runScript(shell, `chown 12:34 ${at('old')}`)
    put('old', more)
    expect(statSync(at('old'))).toMatchObject(left)
  })

  test('a backup keeps the former file, and its name is answered', () => {
    writeFileSync(at('old'), 'old')
    const { stdout } = put('old', { backup: true })
    expect(stdout).toMatch(/\/old\.\d+\.\d{4}-\d\d-\d\d@\d\d:\d\d:\d\d~$/)
    expect(readFileSync(stdout, 'utf8')).toBe('old')
    expect(put('fresh', { backup: true }).stdout).toBe('')
  })

  test.each([
    ['an absent directory', 90, () => put('no/such')],
    ['a refused validation', 92, () => put('old', { validate: 'grep -q old %s' })],
    ['a validation inside quotes', 92, () => put('old', { validate: `sh -c 'grep -q old %s'` })],
    ['a directory in the way', 94, () => put('sub')],
    ['a file where none was seen', 93, () => put('old', {}, { precondition: { is: 'absent' } })],
    ['another file than was seen', 93, () => put('old', {}, { precondition: { is: 'same', stat: '1 2 3' } })],
    ['an unknown owner', 97, () => put('old', { owner: 'nobody-of-that-name' })],
  ])('%s ends with its own code and leaves all as it was', (_title, code, run) => {
    writeFileSync(at('old'), 'old')
    mkdirSync(at('sub'))
    expect(run().code).toBe(code)
    expect(readFileSync(at('old'), 'utf8')).toBe('old')
    expect(leftovers()).toEqual([])
  })

  test('the state that was seen satisfies its own precondition', () => {
    writeFileSync(at('old'), 'old')
    const seen = see({ kind: 'path', path: at('old') }, shell) as PathSeen
    const precondition = preconditionOf(seen)
    expect(put('old', { validate: 'test -s %s' }, { precondition }).code).toBe(0)
    expect(put('old', {}, { precondition }).code).toBe(93)
  })

  test('a validation inside quotes sees the new file too', () => {
    expect(put('f', { validate: `sh -c 'grep -q new %s'` }).code).toBe(0)
  })

  test('a trap laid under the name of the temporary file is not stepped into', () => {
    writeFileSync(at('victim'), 'untouched')
    symlinkSync(at('victim'), at('.vpai-known.tmp'))
    const { script, stdin } = renderAction(
      { do: 'put', path: at('f'), content: bytes('x') },
      { token: 'known' },
    )
    expect(runScript(shell, script, stdin).code).not.toBe(0)
    expect(readFileSync(at('victim'), 'utf8')).toBe('untouched')
  })

  test('a short body changes nothing', () => {
    const { script } = renderAction({ do: 'put', path: at('f'), content: bytes('whole') }, { token: 'short' })
    expect(runScript(shell, script, 'who').code).toBe(91)
    expect(readdirSync(dir)).toEqual([])
  })

  test('mkdir makes parents, all with the mode asked for, and leaves those that were there', () => {
    mkdirSync(at('a'), { mode: 0o700 })
    expect(act({ do: 'mkdir', path: at('a/b c/d'), mode: 0o2751 }).code).toBe(0)
    expect([modeOf(at('a')), modeOf(at('a/b c')), modeOf(at('a/b c/d'))]).toEqual([0o700, 0o2751, 0o2751])
  })

  test('links are made, replaced and forced over an empty directory only', () => {
    mkdirSync(at('empty'))
    mkdirSync(at('full/x'), { recursive: true })
    expect(act({ do: 'link', path: at('l'), target: 'one' }).code).toBe(0)
    expect(act({ do: 'link', path: at('l'), target: 'new\nline' }).code).toBe(0)
    expect(readlinkSync(at('l'))).toBe('new\nline')
    expect(act({ do: 'link', path: at('empty'), target: 'x' }).code).toBe(94)
    expect(act({ do: 'link', path: at('empty'), target: 'x', force: true }).code).toBe(0)
    expect(act({ do: 'link', path: at('full'), target: 'x', force: true }).code).toBe(94)
    writeFileSync(at('f'), 'f')
    expect(act({ do: 'link', path: at('h'), target: at('f'), hard: true }).code).toBe(0)
    expect(statSync(at('h')).ino).toBe(statSync(at('f')).ino)
    expect(leftovers()).toEqual([])
  })

  test('a link to a directory is replaced, not moved into', () => {
    mkdirSync(at('d'))
    symlinkSync('d', at('l'))
    expect(act({ do: 'link', path: at('l'), target: 'other' }).code).toBe(0)
    expect(readlinkSync(at('l'))).toBe('other')
    expect(readdirSync(at('d'))).toEqual([])
  })

  test('without follow the attributes of a link are its own', () => {
    writeFileSync(at('f'), '')
    symlinkSync('f', at('l'))
    act({ do: 'attributes', path: at('l'), owner: 12 })
    expect([lstatSync(at('l')).uid, statSync(at('f')).uid]).toEqual([12, 0])
    act({ do: 'attributes', path: at('l'), owner: 13, follow: true })
    expect([lstatSync(at('l')).uid, statSync(at('f')).uid]).toEqual([12, 13])
  })

  test('remove takes trees and links, not what links lead to', () => {
    mkdirSync(at('tree/deep'), { recursive: true })
    symlinkSync(at('tree'), at('link'))
    act({ do: 'remove', path: `${at('link')}/` })
    expect(existsSync(at('tree/deep'))).toBe(true)
    act({ do: 'remove', path: at('tree') })
    expect(readdirSync(dir)).toEqual([])
  })

  test('attributes reach the whole tree, and never through a link', () => {
    mkdirSync(at('tree/sub'), { recursive: true })
    writeFileSync(at('tree/sub/f'), '')
    writeFileSync(at('outside'), '', { mode: 0o600 })
    symlinkSync(at('outside'), at('tree/link'))
    act({ do: 'attributes', path: at('tree'), recursive: true, mode: 0o755, owner: 12, group: 34 })
    expect(statSync(at('tree/sub/f'))).toMatchObject({ uid: 12, gid: 34 })
    expect(lstatSync(at('tree/link')).uid).toBe(12)
    expect(statSync(at('outside')).uid).toBe(0)
    expect(modeOf(at('outside'))).toBe(0o600)
    chmodSync(at('tree'), 0o2755)
    act({ do: 'attributes', path: at('tree'), mode: 0o755 })
    expect(modeOf(at('tree'))).toBe(0o755)
  })

  test('touch makes files and sets times', () => {
    act({
      do: 'touch',
      path: at('t'),
      mode: 0o600,
      accessTime: '202001020304.05',
      modificationTime: '202101020304.05',
    })
    expect(modeOf(at('t'))).toBe(0o600)
    const before = statSync(at('t')).mtimeMs
    act({ do: 'touch', path: at('t'), modificationTime: 'preserve' })
    expect(statSync(at('t')).mtimeMs).toBe(before)
    act({ do: 'touch', path: at('t') })
    expect(statSync(at('t')).mtimeMs).toBeGreaterThan(before)
  })

  test('a command gets its environment, directory, umask, files and stdin, none of it in its script', () => {
    const action: HostAction = {
      do: 'run',
      script:
        'pwd -P; umask; printf "%s|" "$A" "$B" "$(cat "$VPAI_FILES/a b")"; cat; echo "$VPAI_FILES" >"$OUT"',
      cwd: dir,
      umask: '077',
      env: { A: "secret'\n\n=B\n.\n", B: '', OUT: at('out') },
      files: { 'a b': bytes('file\n'), empty: bytes('') },
      stdin: 'input\nmore',
    }
    const { script } = renderAction(action, { token: 't' })
    expect(script).not.toContain('secret')
    const ran = act(action)
    expect(ran.stderr).toBe('')
    const umask = ran.stdout.split('\n')[1]
    expect(Number.parseInt(umask ?? '', 8)).toBe(0o77)
    expect(ran.stdout.split('\n').slice(2).join('\n')).toBe("secret'\n\n=B\n.\n||file|input\nmore")
    expect(existsSync(readFileSync(at('out'), 'utf8').trim())).toBe(false)
  })

  test.each([
    [{ argv: ['printf', '%s\n', "it's", 'a b'] }, 0, "it's\na b\n"],
    [{ script: 'exit 7' }, 7, ''],
    [{ script: 'if; then' }, 2, ''],
    [{ argv: ['cat'] }, 0, ''],
    [{ argv: ['pwd'], cwd: '/no/such' }, 90, ''],
    [{ script: 'echo $0', shell: '/bin/sh' }, 0, '/bin/sh\n'],
  ])('runs %j', (action, code, stdout) => {
    expect(act({ do: 'run', ...action })).toMatchObject({ code, stdout })
  })

  test('reads a file, and refuses what is none', () => {
    writeFileSync(at('f'), 'text')
    linkSync(at('f'), at('-g'))
    expect(act({ do: 'read', path: at('-g') })).toMatchObject({ code: 0, stdout: 'text' })
    expect(act({ do: 'read', path: dir }).code).toBe(94)
    expect(act({ do: 'read', path: at('none') }).code).toBe(90)
  })
})
