/** What file modules answer, on this machine: results, refusals and what only a real shell shows. */
import { execFileSync } from 'node:child_process'
import {
  lstatSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Dict } from '../../src/base/value.ts'
import { copy } from '../../src/modules/copy.ts'
import { fetch } from '../../src/modules/fetch.ts'
import { file } from '../../src/modules/file.ts'
import { find } from '../../src/modules/find.ts'
import { iniFile } from '../../src/modules/ini_file.ts'
import { lineinfile } from '../../src/modules/lineinfile.ts'
import { slurp } from '../../src/modules/slurp.ts'
import { stat } from '../../src/modules/stat.ts'
import { tempfile } from '../../src/modules/tempfile.ts'
import { unarchive } from '../../src/modules/unarchive.ts'
import { converge, decideOn } from './harness.ts'
import { shells, temporaryDirectory } from './shells.ts'

let dir = ''
const at = (name: string): string => join(dir, name)
const sh = (script: string) => execFileSync('/bin/sh', ['-c', script], { cwd: dir, encoding: 'utf8' })

beforeEach(() => {
  dir = temporaryDirectory()
})

afterEach(() => rmSync(dir, { recursive: true, force: true }))

describe.each(shells())('under $name', shell => {
  const options = { shell }
  const message = (verdict: object) =>
    'message' in verdict ? String(verdict.message) : JSON.stringify(verdict)

  test.each([
    ['file', { state: 'file', path: 'none' }, 'is absent, cannot continue'],
    ['file over a directory', { state: 'file', path: 'd' }, 'is directory, cannot continue'],
    ['directory over a file', { state: 'directory', path: 'f' }, 'already exists as a file'],
    ['link to nothing', { state: 'link', path: 'l', src: 'none' }, 'src file does not exist'],
    ['link over a file', { state: 'link', path: 'f', src: 'd' }, 'refusing to convert from file to symlink'],
    ['hard link over a file', { state: 'hard', path: 'f', src: '@/g' }, 'use force'],
    ['an unknown owner', { path: 'f', owner: 'nobody-like-that' }, 'There is no user nobody-like-that'],
  ])('file refuses %s', (_title, args, text) => {
    sh('mkdir d; touch f g')
    const raw = {
      ...args,
      path: at(args.path),
      ...('src' in args ? { src: args.src?.replace('@/', `${dir}/`) } : {}),
    }
    expect(message(decideOn(file, raw, options))).toContain(text)
  })

  test('a directory that is a link to one is followed, and a full one is not replaced by a link', () => {
    sh('mkdir -m 700 real; ln -s real l; mkdir full; touch full/x')
    expect(decideOn(file, { path: at('l'), state: 'directory', mode: '0700' }, options).kind).toBe('ok')
    const forced = decideOn(file, { path: at('full'), state: 'link', src: 'real', force: true }, options)
    expect(forced).toMatchObject({ kind: 'fail', message: expect.stringContaining('is not empty') })
  })

  test('touch without times changes every time, and sets the times asked for', () => {
    const args = {
      path: at('f'),
      state: 'touch',
      modification_time: '2020-01-02 03:04',
      modification_time_format: '%Y-%m-%d %H:%M',
    }
    expect(converge(file, args, options).changed).toBe(true)
    expect(statSync(at('f')).mtime).toEqual(new Date(2020, 0, 2, 3, 4))
    const both = {
      ...args,
      access_time: args.modification_time,
      access_time_format: args.modification_time_format,
    }
    expect(converge(file, both, options).changed).toBe(true)
    expect(converge(file, both, options).changed).toBe(false)
    expect(converge(file, { path: at('f'), state: 'touch' }, options).changed).toBe(true)
  })

  test('a ~ and a relative path begin in the home of a user of the host', () => {
    const roots = decideOn(stat, { path: '~root' }, options)
    expect(roots).toMatchObject({ result: { stat: { path: '/root', isdir: true } } })
    const relative = decideOn(stat, { path: 'no-such-file' }, options)
    expect(relative).toMatchObject({ result: { stat: { exists: false } } })
    expect(message(decideOn(stat, { path: '~nobody-there/x' }, options))).toContain('no user nobody-there')
  })

  test('ini_file replaces a link by a file, unless it is to follow it', () => {
    const text = (name: string) => readFileSync(at(name), 'utf8')
    const args = { section: 's', option: 'a', value: '1' }
    for (const [link, kept] of [
      ['l1', true],
      ['l2', false],
    ] as const) {
      writeFileSync(at(`${link}.ini`), '[s]\n')
      symlinkSync(`${link}.ini`, at(link))
      const done = converge(iniFile, { ...args, path: at(link), follow: kept }, options)
      expect(done).toMatchObject({ failed: false, after: { kind: 'ok' } })
      expect([lstatSync(at(link)).isSymbolicLink(), text(link)]).toEqual([kept, '[s]\na = 1\n'])
      expect(text(`${link}.ini`)).toBe(kept ? '[s]\na = 1\n' : '[s]\n')
    }
  })

  test('stat tells flags and the SELinux context when it is asked to', () => {
    writeFileSync(at('f'), 'x')
    const told = (args: object) =>
      (decideOn(stat, { path: at('f'), ...args }, options) as unknown as { result: { stat: Dict } }).result
        .stat
    expect(told({})).toMatchObject({ attr_flags: expect.any(String), attributes: expect.any(Array) })
    expect(told({ get_attributes: false })).not.toHaveProperty('attributes')
    expect(told({})).not.toHaveProperty('selinux_context')
    expect(told({ get_selinux_context: true }).selinux_context).toHaveLength(4)
  })

  test('stat has the keys that roles look at', () => {
    writeFileSync(at('f'), 'x\n', { mode: 0o640 })
    symlinkSync('f', at('l'))
    const of = (args: object) =>
      (decideOn(stat, args, options) as unknown as { result: { stat: Dict } }).result.stat
    expect(of({ path: at('f') })).toMatchObject({
      exists: true,
      isreg: true,
      isdir: false,
      islnk: false,
      mode: '0640',
      size: 2,
      pw_name: 'root',
      gr_name: 'root',
      readable: true,
      writeable: true,
      executable: false,
      rusr: true,
      wgrp: false,
      checksum: '6fcf9dfbd479ed82697fee719b9f8c610a11ff2a',
    })
    expect(of({ path: at('f'), checksum_algorithm: 'md5' }).checksum).toBe('401b30e3b8b5d629635a5c613cdb7919')
    expect(of({ path: at('f'), get_checksum: false })).not.toHaveProperty('checksum')
    expect(of({ path: at('l') })).toMatchObject({
      islnk: true,
      lnk_target: 'f',
      lnk_source: expect.stringMatching(/\/f$/),
    })
    expect(of({ path: at('l'), follow: true })).toMatchObject({ isreg: true })
    expect(of({ path: at('none') })).toEqual({ exists: false })
  })

  test('slurp answers base64, also of files without a size', () => {
    writeFileSync(at('f'), 'text')
    expect(decideOn(slurp, { src: at('f') }, options)).toMatchObject({
      result: { content: 'dGV4dA==', encoding: 'base64' },
    })
    expect(decideOn(slurp, { src: '/proc/version' }, options)).toMatchObject({
      result: { content: expect.stringMatching(/^TGludX/) },
    })
    expect(message(decideOn(slurp, { src: at('none') }, options))).toContain('file not found')
  })

  test.each([
    [{ patterns: '*.log' }, ['a.log', 'b c.log']],
    [{ patterns: '*.log', recurse: true }, ['a.log', 'b c.log', 'sub/new\nline.log']],
    [{ patterns: '^[ab].*g$', use_regex: true }, ['a.log', 'b c.log']],
    [{ patterns: '*', excludes: ['*.log'] }, ['old']],
    [{ hidden: true }, ['.hidden', 'a.log', 'b c.log', 'old']],
    [{ file_type: 'directory' }, ['sub']],
    [{ file_type: 'link' }, ['link']],
    [{ file_type: 'any', recurse: true, depth: 1 }, ['a.log', 'b c.log', 'link', 'old', 'sub']],
    [{ age: '1d' }, ['old']],
    [{ age: '-1h' }, ['a.log', 'b c.log']],
    [{ size: '1k' }, ['b c.log']],
    [{ size: '-1k' }, ['a.log', 'old']],
    [{ contains: 'hel+o' }, ['a.log']],
    [{ mode: '0600' }, ['a.log']],
    [{ limit: 0, patterns: 'zz' }, []],
  ])('find with %j', (args, expected) => {
    mkdirSync(at('sub'))
    writeFileSync(at('a.log'), 'x\nhello\n', { mode: 0o600 })
    writeFileSync(at('b c.log'), 'x'.repeat(2000))
    writeFileSync(at('sub/new\nline.log'), '')
    writeFileSync(at('.hidden'), '')
    writeFileSync(at('old'), '')
    utimesSync(at('old'), 1e9, 1e9)
    symlinkSync('old', at('link'))
    const verdict = decideOn(find, { paths: dir, ...args }, options) as unknown as {
      result: { files: Dict[]; matched: number }
    }
    expect(verdict.result.files.map(one => String(one.path).slice(dir.length + 1)).sort()).toEqual(expected)
    expect(verdict.result.matched).toBe(expected.length)
  })

  test('find tells what it could not look at, and adds checksums when asked', () => {
    writeFileSync(at('f'), 'x\n')
    expect(decideOn(find, { paths: [dir, at('none')], get_checksum: true }, options)).toMatchObject({
      result: {
        files: [{ isreg: true, checksum: '6fcf9dfbd479ed82697fee719b9f8c610a11ff2a' }],
        skipped_paths: { [at('none')]: expect.stringContaining('not a directory') },
      },
    })
  })

  test.each(['file', 'directory'])('a temporary %s is new and private', state => {
    const args = { state, path: dir, prefix: 'a b.', suffix: '.x' }
    const { result } = converge(tempfile, args, { ...options, context: { token: () => 'TOKEN' } })
    expect(result.path).toBe(at('a b.TOKEN.x'))
    expect(statSync(String(result.path)).mode & 0o777).toBe(state === 'file' ? 0o600 : 0o700)
    expect(converge(tempfile, args, { ...options, context: { token: () => 'TOKEN' } }).failed).toBe(true)
  })

  test('fetch reads the file and writes it below the host', () => {
    writeFileSync(at('f'), 'x\n')
    const done = converge(fetch, { src: at('f'), dest: 'out/' }, { ...options, context: { host: 'web1' } })
    expect(done.actions[1]).toMatchObject({
      do: 'writeLocal',
      path: `out/web1${at('f')}`,
      content: Buffer.from('x\n'),
    })
    expect(done.result).toMatchObject({ checksum: '6fcf9dfbd479ed82697fee719b9f8c610a11ff2a' })
    expect(decideOn(fetch, { src: at('none'), dest: 'x' }, options).kind).toBe('fail')
    expect(decideOn(fetch, { src: at('none'), dest: 'x', fail_on_missing: false }, options).kind).toBe('ok')
  })

  test('a refused validation leaves the file and says so', () => {
    writeFileSync(at('f'), 'old\n')
    const done = converge(
      lineinfile,
      { path: at('f'), line: 'bad', validate: 'grep -qv bad %s && false' },
      options,
    )
    expect(done.result.msg).toContain('validation command refused')
    expect(readFileSync(at('f'), 'utf8')).toBe('old\n')
  })

  test('copy refuses a missing directory, and keeps an existing file without force', () => {
    expect(message(decideOn(copy, { content: 'x', dest: at('no/f') }, options))).toContain('does not exist')
    writeFileSync(at('f'), 'old')
    expect(converge(copy, { content: 'x', dest: at('f'), force: false }, options).changed).toBe(false)
    expect(message(decideOn(copy, { content: 'x', dest: dir }, options))).toContain('is a directory')
  })

  test.each([
    [true, 'new'],
    [false, 'old'],
  ])('a tree with force %s leaves %s where a file was', (force, expected) => {
    sh('mkdir d; printf old > d/top')
    const entries = [{ type: 'file' as const, path: 'top', content: Buffer.from('new'), mode: 0o644 }]
    const context = { local: () => ({ kind: 'tree' as const, path: 'tree', entries }) }
    converge(copy, { src: 'tree/', dest: at('d'), force }, { shell, context })
    expect(readFileSync(at('d/top'), 'utf8')).toBe(expected)
  })

  test('a link at the place is replaced, unless it is to be followed', () => {
    sh('echo old > f; ln -s f l')
    converge(copy, { content: 'new', dest: at('l'), follow: true }, options)
    expect([lstatSync(at('l')).isSymbolicLink(), readFileSync(at('f'), 'utf8')]).toEqual([true, 'new'])
    converge(copy, { content: 'newer', dest: at('l') }, options)
    expect([lstatSync(at('l')).isSymbolicLink(), readFileSync(at('f'), 'utf8')]).toEqual([false, 'new'])
  })

  test('a diff shows both texts, and never bytes that are no text', () => {
    writeFileSync(at('f'), 'old\n')
    const context = { diff: true }
    const diffOf = (content: string) => {
      const verdict = decideOn(copy, { content, dest: at('f') }, { shell, context })
      return verdict.kind === 'change' ? verdict.changes[0]?.diff : null
    }
    expect(diffOf('new\n')).toEqual({ before: 'old\n', after: 'new\n', label: at('f') })
    expect(diffOf('a\0b')).toBeUndefined()
  })

  test.each(['tar', 'tgz', 'zip'])('an uploaded %s is unpacked once, and not again', kind => {
    sh(
      `mkdir d t t/u; echo x > "t/u/f g"; ln -s u t/l; cd t; case ${kind} in tar) tar -cf ../a .;; tgz) tar -czf ../a .;; zip) zip -qry ../a.zip .; mv ../a.zip ../a;; esac`,
    )
    const content = readFileSync(at('a'))
    const context = { local: () => ({ kind: 'file' as const, path: 'a', content, mode: 0o644 }) }
    const args = { src: 'a', dest: at('d'), mode: 'u=rwX,g=rX,o=', list_files: true }
    const numeric = { ...args, mode: '0750' }
    const first = converge(unarchive, numeric, { shell, context })
    expect(first.result, JSON.stringify(first.outputs)).toMatchObject({
      changed: true,
      handler: { tar: 'TarArchive', tgz: 'TgzArchive', zip: 'ZipArchive' }[kind],
    })
    expect(readFileSync(at('d/u/f g'), 'utf8')).toBe('x\n')
    expect(statSync(at('d/u/f g')).mode & 0o777).toBe(0o750)
    expect(first.result.files).toContain('u/f g')
    expect(converge(unarchive, numeric, { shell, context }).changed).toBe(false)
    sh('echo y > "d/u/f g"')
    expect(converge(unarchive, numeric, { shell, context }).changed).toBe(true)
    expect(sh('ls -A d').trim().split('\n')).toEqual(['l', 'u'])
    expect(decideOn(unarchive, { ...args, creates: at('d/u') }, { shell, context }).kind).toBe('skip')
  })
})
