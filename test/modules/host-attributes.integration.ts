/** Attributes of files on this machine, by lsattr and chattr, wherever a file system here has them. */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { copy } from '../../src/modules/copy.ts'
import { file } from '../../src/modules/file.ts'
import { lineinfile } from '../../src/modules/lineinfile.ts'
import { unarchive } from '../../src/modules/unarchive.ts'
import { converge, decideOn } from './harness.ts'
import { type Namespace, namespace } from './namespace.ts'
import { runScript, shells } from './shells.ts'

let dir = ''
const at = (name: string): string => join(dir, name)

/** Where attributes can be set; null: nowhere here. */
const place = [tmpdir(), '/var/tmp', '/dev/shm'].find(takesAttributes) ?? null
if (place === null) console.log('skipped: no folder here has a file system with attributes')

function takesAttributes(folder: string): boolean {
  if (!existsSync(folder)) return false
  const probe = mkdtempSync(join(folder, 'vpai-test-'))
  const [on, off] = ['+id', '-id'].map(mode => spawnSync('chattr', [mode, probe]))
  rmSync(probe, { recursive: true })
  return on?.status === 0 && off?.status === 0
}

const flags = (path: string): string =>
  execFileSync('lsattr', ['-d', path], { encoding: 'utf8' }).split(' ')[0]!.replaceAll('-', '')

beforeEach(() => {
  dir = mkdtempSync(join(place ?? tmpdir(), 'vpai-test-'))
})
afterEach(() => {
  spawnSync('chattr', ['-R', '-i', dir])
  rmSync(dir, { recursive: true, force: true })
})

const hasTools = (shell: { readonly path: string }) =>
  ['lsattr', 'chattr'].every(name => shell.path.split(':').some(folder => existsSync(join(folder, name))))

describe.skipIf(place === null).each(shells().filter(hasTools))('attributes under $name', shell => {
  const options = { shell }

  test.each([
    ['+d', '', 'd', true],
    ['+d', 'd', 'd', false],
    ['-d', 'd', '', true],
    ['-d', '', '', false],
    ['=d', 'di', 'd', true],
    ['d', 'i', 'd', true],
    ['=i', 'i', 'i', false],
    ['=', 'd', 'd', false],
  ])('file: %s on a file with "%s" leaves "%s"', (attributes, before, after, changed) => {
    writeFileSync(at('f'), '')
    if (before !== '') execFileSync('chattr', [`+${before}`, at('f')])
    const own = flags(at('f')).replace(/[di]/g, '')
    const done = converge(file, { path: at('f'), attributes }, options)
    expect(done).toMatchObject({ failed: false, changed, after: { kind: 'ok' } })
    expect([...flags(at('f'))].filter(letter => !own.includes(letter)).toSorted()).toEqual([...after])
    const shown = { what: 'attributes', subject: at('f'), to: attributes === 'd' ? '=d' : attributes }
    expect(done.changes).toMatchObject(changed ? [shown] : [])
  })

  test('a new file gets them, an edited one keeps to them, and -i is taken away before the edit', () => {
    const copied = { dest: at('f'), content: 'a\n', attributes: '+i' }
    expect(converge(copy, copied, options)).toMatchObject({ changed: true, after: { kind: 'ok' } })
    expect(flags(at('f'))).toContain('i')
    const refused = converge(lineinfile, { path: at('f'), line: 'b' }, options)
    expect(refused).toMatchObject({ failed: true })
    const edited = converge(lineinfile, { path: at('f'), line: 'b', attr: '-i' }, options)
    expect(edited).toMatchObject({ failed: false, changed: true, after: { kind: 'ok' } })
    expect(readFileSync(at('f'), 'utf8')).toBe('a\nb\n')
    expect(flags(at('f'))).not.toContain('i')
    const kept = converge(lineinfile, { path: at('f'), line: 'c', attr: '+d' }, options)
    expect(kept).toMatchObject({ failed: false, after: { kind: 'ok' } })
    expect(flags(at('f'))).toContain('d')
  })

  test('a folder with all below it, through a link', () => {
    mkdirSync(at('d/e'), { recursive: true })
    writeFileSync(at('d/e/f g'), '')
    symlinkSync('e', at('d/l'))
    symlinkSync('d', at('link'))
    const args = { path: at('link'), state: 'directory', recurse: true, attributes: '+d' }
    const done = converge(file, args, options)
    expect(done).toMatchObject({ failed: false, changed: true, after: { kind: 'ok' } })
    expect(done.changes).toHaveLength(3)
    expect(flags(at('d/e/f g'))).toContain('d')
  })

  test('every file that was unpacked has them', () => {
    mkdirSync(at('src'))
    mkdirSync(at('dest'))
    writeFileSync(at('src/one'), '1')
    execFileSync('tar', ['-cf', at('a.tar'), '-C', at('src'), 'one'])
    const args = { src: at('a.tar'), dest: at('dest'), remote_src: true, attributes: '+d' }
    const done = converge(unarchive, args, options)
    expect(done).toMatchObject({ failed: false, changed: true })
    expect(flags(at('dest/one'))).toContain('d')
    execFileSync('chattr', ['-d', at('dest/one')])
    expect(decideOn(unarchive, args, options).kind).not.toBe('ok')
  })
})

const withoutTools = shells().filter(shell => !hasTools(shell))
test.skipIf(withoutTools.length === 0)('a host without chattr is told which package has it', () => {
  writeFileSync(at('f'), '')
  const verdict = decideOn(file, { path: at('f'), attributes: '+d' }, { shell: withoutTools[0]! })
  expect(verdict).toMatchObject({ kind: 'fail', message: expect.stringContaining('e2fsprogs') })
})

/**
 * A kernel without SELinux keeps and tells labels all the same, as root; that it were enabled is a file of a namespace,
 * and the policy a script.
 */
describe('a context of SELinux', () => {
  let space: Namespace | null = null
  const context = (path: string) => execFileSync('stat', ['-c', '%C', path], { encoding: 'utf8' }).trim()
  const label = (path: string, text: string) =>
    spawnSync('python3', [
      '-c',
      'import os,sys; os.setxattr(sys.argv[1], "security.selinux", sys.argv[2].encode() + b"\\0")',
      path,
      text,
    ]).status === 0

  beforeEach(async () => {
    space = await namespace(['--mount'])
    if (space === null) return
    const policy = `printf '#!/bin/sh\\necho system_u:object_r:etc_t:s0\\n' >${at('matchpathcon')}; chmod +x ${at('matchpathcon')}`
    const enabled =
      'mount -t tmpfs none /sys/fs && mkdir /sys/fs/selinux && echo 1 >/sys/fs/selinux/enforce && echo 1 >/sys/fs/selinux/mls'
    runScript(space.shell, `${policy}; ${enabled}`)
  })
  afterEach(() => space?.stop())

  test.each([
    [{ setype: 'httpd_t' }, 'system_u:object_r:httpd_t:s0', true],
    [{ seuser: 'staff_u', selevel: 's0:c1' }, 'staff_u:object_r:tmp_t:s0:c1', true],
    [{ setype: '_default' }, 'system_u:object_r:etc_t:s0', true],
    [{ setype: 'tmp_t', serole: 'object_r' }, 'system_u:object_r:tmp_t:s0', false],
  ])('file: %o makes it %s', (args, after, changed) => {
    writeFileSync(at('f'), '')
    if (space === null || !label(at('f'), 'system_u:object_r:tmp_t:s0'))
      return console.log('skipped: no labels')
    const shell = { ...space.shell, path: `${dir}:${space.shell.path}` }
    const done = converge(file, { path: at('f'), ...args }, { shell })
    expect(done).toMatchObject({ failed: false, changed, after: { kind: 'ok' } })
    expect(context(at('f'))).toBe(after)
  })

  test('is left alone where SELinux is not enabled', ({ skip }) => {
    if (existsSync('/sys/fs/selinux/enforce')) skip('SELinux is enabled here')
    writeFileSync(at('f'), '')
    expect(decideOn(file, { path: at('f'), setype: 'httpd_t' })).toMatchObject({ kind: 'ok' })
  })
})

test('where the file system has none, it says so', () => {
  const verdict = decideOn(file, { path: '/proc/version', attributes: '+i' })
  expect(verdict).toMatchObject({ kind: 'fail', message: expect.stringContaining('/proc/version') })
})

test.each([
  [{ path: '/f', attributes: '+Q' }, 'chattr takes'],
  [{ path: '/f', src: '/g', state: 'link', attributes: '+i' }, 'links have no attributes'],
])('%o is refused when it is read', (args, message) => {
  expect(() => file.args().parse(args)).toThrow(message)
})
