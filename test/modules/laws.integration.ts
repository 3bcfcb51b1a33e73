/**
 * Laws of every module that changes files, on this machine in a directory of its own:
 * what check mode tells is what happens; afterwards nothing is left to do; doing it again changes nothing.
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { assemble } from '../../src/modules/assemble.ts'
import { blockinfile } from '../../src/modules/blockinfile.ts'
import type { Context, LocalFile, Module, Verdict } from '../../src/modules/contract.ts'
import { copy } from '../../src/modules/copy.ts'
import { file } from '../../src/modules/file.ts'
import { getUrl } from '../../src/modules/get_url.ts'
import { iniFile } from '../../src/modules/ini_file.ts'
import { lineinfile } from '../../src/modules/lineinfile.ts'
import { replace } from '../../src/modules/replace.ts'
import { anyModule } from '../../src/modules/shared/any-module.ts'
import { template } from '../../src/modules/template.ts'
import { unarchive } from '../../src/modules/unarchive.ts'
import { xml } from '../../src/modules/xml.ts'
import { converge, decideOn } from './harness.ts'
import { shells, temporaryDirectory } from './shells.ts'

interface Example {
  readonly title: string
  readonly module: Module
  /** `@` stands for the directory of the example. */
  readonly args: object
  readonly before?: string
  readonly local?: LocalFile
  /** A program that busybox lacks. */
  readonly needs?: 'curl' | 'gnu-tar'
}

const example = <Args>(
  title: string,
  module: Module<Args>,
  args: object,
  more: Partial<Example> = {},
): Example => ({ title, module: anyModule(module), args, ...more })

const source: LocalFile = { kind: 'file', path: 'files/src', content: Buffer.from('from src\n'), mode: 0o755 }
const tree: LocalFile = {
  kind: 'tree',
  path: 'files/tree',
  entries: [
    { type: 'directory', path: 'sub', mode: 0o755 },
    { type: 'file', path: 'sub/a b', content: Buffer.from('a'), mode: 0o600 },
    { type: 'link', path: 'sub/l', target: 'a b' },
    { type: 'file', path: 'top', content: Buffer.from('top'), mode: 0o644 },
  ],
}

const X_SUM = `sha256:${createHash('sha256').update('x\n').digest('hex')}`

const EXAMPLES: readonly Example[] = [
  example(
    'a text of an element',
    xml,
    { path: '@/x', xpath: '/a/b/c', value: 'ü' },
    { before: "printf '<a>\\n  <b/>\\n</a>\\n' >x" },
  ),
  example(
    'an element that goes',
    xml,
    { path: '@/x', xpath: '//b', state: 'absent', backup: true },
    { before: "printf '<a><b/></a>' >x" },
  ),
  example('a directory with parents', file, { path: '@/a/b c', state: 'directory', mode: '0750' }),
  example(
    'an owner by name',
    file,
    { path: '@/f', owner: 'daemon', group: 'daemon', mode: 'u=rw,g=r,o=' },
    { before: 'touch f' },
  ),
  example(
    'a tree by symbolic mode',
    file,
    { path: '@/t', recurse: true, mode: 'u=rwX,g=rX,o=', owner: '2' },
    { before: 'mkdir -p t/u; touch t/u/f; ln -s nowhere t/l' },
  ),
  example(
    'a tree by bits',
    file,
    { path: '@/t', state: 'directory', recurse: true, mode: '0700', group: 3 },
    { before: 'mkdir -p t/u; touch "t/u/f g"' },
  ),
  example('a link', file, { path: '@/l', src: 'f', state: 'link' }, { before: 'touch f' }),
  example(
    'a link in the place of another',
    file,
    { dest: '@/l', src: '/nowhere', state: 'link', force: true },
    { before: 'ln -s x l' },
  ),
  example(
    'a link in the place of a file',
    file,
    { path: '@/l', src: '/nowhere', state: 'link', force: true },
    { before: 'touch l' },
  ),
  example('a hard link', file, { path: '@/h', src: '@/f', state: 'hard' }, { before: 'touch f' }),
  example('an absent tree', file, { path: '@/t', state: 'absent' }, { before: 'mkdir -p t/u; touch t/f' }),
  example('a touched file that keeps its times', file, {
    path: '@/f',
    state: 'touch',
    access_time: 'preserve',
    modification_time: 'preserve',
  }),
  example('a text', copy, { content: 'text\n', dest: '@/f', mode: 0o600 }),
  example(
    'a text over an old one, with a backup',
    copy,
    { content: 'text\n', dest: '@/f', backup: 'yes' },
    { before: 'echo old > f' },
  ),
  example(
    'a text over a link',
    copy,
    { content: 'text\n', dest: '@/l' },
    { before: 'echo old > f; ln -s f l' },
  ),
  example(
    'a text through a link',
    copy,
    { content: 'text\n', dest: '@/l', follow: true, mode: '0640' },
    { before: 'echo old > f; ln -s f l' },
  ),
  example('a mapping as JSON', copy, { content: { a: [1, true, null] }, dest: '@/f' }),
  example(
    'a file that keeps its mode',
    copy,
    { src: 'src', dest: '@/f', mode: 'preserve' },
    { local: source },
  ),
  example('a file into a directory', copy, { src: 'src', dest: '@/d' }, { local: source, before: 'mkdir d' }),
  example(
    'a file into a directory that is made',
    copy,
    { src: 'src', dest: '@/d/e/', directory_mode: '0700' },
    { local: source },
  ),
  example(
    'a tree',
    copy,
    { src: 'tree', dest: '@/d', directory_mode: '0711', owner: 'daemon' },
    { local: tree },
  ),
  example(
    'the contents of a tree',
    copy,
    { src: 'tree/', dest: '@/d', mode: 'preserve' },
    { local: tree, before: 'mkdir d; echo old > d/top' },
  ),
  example(
    'a file of the host',
    copy,
    { src: '@/s', dest: '@/d', remote_src: true, mode: 'preserve' },
    { before: 'echo x > s; chmod 751 s' },
  ),
  example(
    'a directory of the host',
    copy,
    { src: '@/s', dest: '@/d', remote_src: true },
    { before: 'mkdir -p s/t; echo x > s/t/f' },
  ),
  example(
    'a template',
    template,
    { src: 'src', dest: '@/f', mode: '0600', validate: 'grep -q from %s' },
    { local: source, before: 'echo old > f' },
  ),
  example(
    'a line through a link',
    lineinfile,
    { path: '@/l', line: 'b', mode: '0600', backup: true },
    { before: 'echo a > f; ln -s f l' },
  ),
  example('a line in a new file', lineinfile, { path: '@/f', line: 'b', create: true, owner: 'daemon' }),
  example('a block', blockinfile, { path: '@/f', block: 'x', insertbefore: 'BOF' }, { before: 'echo a > f' }),
  example(
    'a pattern',
    replace,
    { path: '@/f', regexp: 'a', replace: 'b' },
    { before: 'echo a > f; chmod 755 f' },
  ),
  example('an option', iniFile, { path: '@/f', section: 's', option: 'o', value: 1 }),
  example(
    'fragments of the host',
    assemble,
    { src: '@/d', dest: '@/f', delimiter: '# --', regexp: '^[0-9]' },
    { before: 'mkdir d; printf a > d/2; echo b > "d/1 x"; echo c > d/README' },
  ),
  example(
    'fragments of the project',
    assemble,
    { src: 'tree', dest: '@/f', remote_src: false },
    { local: tree },
  ),
  example(
    'a download',
    getUrl,
    { url: 'file://@/s', dest: '@/f', mode: '0600', headers: { 'X-A': '"b"' } },
    { before: 'echo x > s', needs: 'curl' },
  ),
  example(
    'a download into a directory',
    getUrl,
    { url: 'file://@/s', dest: '@/d', checksum: X_SUM },
    { before: 'mkdir d; echo old > d/s; echo x > s', needs: 'curl' },
  ),
  example(
    'a tar archive of the host',
    unarchive,
    { src: '@/a.tgz', dest: '@/d', remote_src: true, group: 'daemon' },
    {
      before:
        'mkdir d t t/u; echo x > "t/u/f g"; ln -s u t/l; chmod 2751 t/u; chmod 700 t; tar -czf a.tgz -C t .; rm -r t',
      needs: 'gnu-tar',
    },
  ),
]

let dir = ''
let top = ''

beforeEach(() => {
  top = temporaryDirectory()
  dir = join(top, 'dir')
  mkdirSync(dir)
})

afterEach(() => rmSync(top, { recursive: true, force: true }))

describe.each(shells())('under $name', shell => {
  test.for(EXAMPLES)('$module.name: $title', ({ module, args, before, local, needs }, { skip }) => {
    if (needs !== undefined && shell.name === 'busybox') skip(`busybox has no ${needs}`)
    if (before !== undefined) execFileSync('/bin/sh', ['-c', before], { cwd: dir })
    const raw = placed(args, dir)
    const context: Partial<Context> = { local: () => local ?? source }
    const first = converge(module, raw, { shell, context })
    expect(first.result).not.toMatchObject({ failed: true })
    expect(first.failed, JSON.stringify(first.result)).toBe(false)
    expect(first.verdict).toMatchObject({ kind: 'change' })
    expect(first.changes.length).toBeGreaterThan(0)
    expect(first.after).toMatchObject({ kind: 'ok' })
    const state = snapshot()
    const again = converge(module, raw, { shell, context })
    expect(again.changed).toBe(false)
    expect(snapshot()).toBe(state)
    agree(first.verdict, first.after)
  })

  test.for(EXAMPLES)(
    '$module.name shows a diff of $title without doing it',
    ({ module, args, before, local }) => {
      if (before !== undefined) execFileSync('/bin/sh', ['-c', before], { cwd: dir })
      const state = snapshot()
      const context: Partial<Context> = { local: () => local ?? source, diff: true, check: true }
      expect(decideOn(module, placed(args, dir), { shell, context })).toMatchObject({
        kind: expect.stringMatching(/change|opaque/),
      })
      expect(snapshot()).toBe(state)
    },
  )
})

test.each([...new Map(EXAMPLES.map(one => [one.module.name, one.module])).values()])(
  '$name refuses an argument it does not know',
  module => {
    const { args } = EXAMPLES.find(one => one.module.name === module.name)!
    expect(module.args().safeParse(args).success).toBe(true)
    expect(module.args().safeParse({ ...args, no_such_argument: 1 }).success).toBe(false)
  },
)

/** What check mode said the result would be is what a second look finds. */
function agree(before: Verdict, after: Verdict): void {
  if (before.kind !== 'change' || after.kind !== 'ok') return
  for (const key of ['mode', 'uid', 'gid', 'owner', 'group', 'size', 'checksum', 'state'] as const) {
    const [told, found] = [before.result?.[key], after.result?.[key]]
    // Of an owner given by number the name is not known beforehand.
    const isNumber = (key === 'owner' || key === 'group') && /^\d+$/.test(String(told))
    if (told !== undefined && found !== undefined && !isNumber) expect([key, told]).toEqual([key, found])
  }
}

function placed(value: object, directory: string): object {
  return JSON.parse(JSON.stringify(value).replaceAll('@/', `${directory}/`))
}

/** Every name with type, mode, owner, link target and hash; not times. */
function snapshot(): string {
  return execFileSync(
    '/bin/sh',
    ['-c', 'find . -printf "%p %y %m %u %g %l\\n" | sort; find . -type f -exec sha256sum {} + | sort'],
    { cwd: dir, encoding: 'utf8' },
  )
}
