/** lineinfile, blockinfile, replace and ini_file as tables: arguments, text before, text after (null: nothing to do). */

import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { blockinfile } from '../../src/modules/blockinfile.ts'
import type { Module } from '../../src/modules/contract.ts'
import { iniFile } from '../../src/modules/ini_file.ts'
import { lineinfile } from '../../src/modules/lineinfile.ts'
import { replace } from '../../src/modules/replace.ts'
import { aFile, decideWith, textContent } from './tables.ts'

type Row = readonly [title: string, args: object, before: string, after: string | null]

function edit<Args>(module: Module<Args>, args: object, before: string | null): string | null {
  const bytes = before === null ? null : Buffer.from(before)
  const sha256 = createHash('sha256')
    .update(bytes ?? '')
    .digest('hex')
  const verdict = decideWith(module, { path: '/f', ...args }, key => {
    if (key.kind === 'content') return before === null ? undefined : textContent(before)
    if (key.kind !== 'path') return undefined
    if (key.path === '/') return aFile({ type: 'directory' })
    return before === null ? undefined : aFile({ sha256, size: bytes?.length })
  })
  if (verdict.kind === 'ok') return null
  if (verdict.kind !== 'change' || typeof verdict.apply === 'function')
    throw new Error(JSON.stringify(verdict))
  const [action] = verdict.apply
  return action?.do === 'put' ? Buffer.from(action.content).toString() : null
}

/** Whatever comes out must be left alone the second time. */
function check<Args>(module: Module<Args>, [, args, before, after]: Row): void {
  expect(edit(module, args, before)).toBe(after)
  if (after !== null) expect(edit(module, args, after)).toBe(null)
}

describe('lineinfile', () => {
  const rows: readonly Row[] = [
    ['adds a line at the end', { line: 'b' }, 'a\n', 'a\nb\n'],
    ['ends an unended last line first', { line: 'b' }, 'a', 'a\nb\n'],
    ['leaves a line that is there', { line: 'a' }, 'a\nb\n', null],
    ['replaces the last match', { regexp: '^a', line: 'a=2' }, 'a=1\nb\na=3\n', 'a=1\nb\na=2\n'],
    [
      'replaces the first match when asked',
      { regexp: '^a', line: 'a=2', firstmatch: 'yes' },
      'a=1\na=3\n',
      'a=2\na=3\n',
    ],
    ['adds what no pattern finds', { regexp: '^x', line: 'x=1' }, 'a\n', 'a\nx=1\n'],
    ['leaves the line when the pattern finds nothing', { regexp: '^#x', line: 'x' }, 'x\na\n', null],
    ['replaces by a plain text', { search_string: '(a)', line: 'z' }, '1(a)2\n', 'z\n'],
    ['inserts after the last match', { insertafter: '^a', line: 'n' }, 'a1\na2\nb\n', 'a1\na2\nn\nb\n'],
    [
      'inserts after the first match when asked',
      { insertafter: '^a', line: 'n', firstmatch: true },
      'a1\na2\n',
      'a1\nn\na2\n',
    ],
    ['inserts before a match', { insertbefore: '^b', line: 'n' }, 'a\nb\n', 'a\nn\nb\n'],
    ['inserts at the beginning', { insertbefore: 'BOF', line: 'n' }, 'a\n', 'n\na\n'],
    ['inserts at the end when no neighbour is found', { insertbefore: 'zz', line: 'n' }, 'a\n', 'a\nn\n'],
    ['inserts after the last line without its newline', { insertafter: 'a', line: 'n' }, 'a', 'a\nn\n'],
    ['fills in groups', { regexp: '^(\\w+)=1$', line: '\\1=\\g<1>2', backrefs: true }, 'ab=1\n', 'ab=ab2\n'],
    [
      'leaves all as it is when groups have no match',
      { regexp: '^x', line: 'x', backrefs: true },
      'a\n',
      null,
    ],
    ['keeps the line ends of Windows', { regexp: '^a', line: 'b' }, 'a\r\nc\r\n', 'b\r\nc\r\n'],
    ['removes by a pattern', { state: 'absent', regexp: '^a' }, 'a1\nb\na2\n', 'b\n'],
    ['removes a line', { state: 'absent', line: 'a' }, 'a\nab\n', 'ab\n'],
    ['removes by a plain text', { state: 'absent', search_string: '*' }, 'x*y\nz\n', 'z\n'],
    ['has nothing to remove', { state: 'absent', line: 'q' }, 'a', null],
    ['adds an empty line', { line: '' }, 'a\n', 'a\n\n'],
    [
      'takes a named group and inline flags',
      { regexp: '(?i)^(?P<k>KEY)\\b', line: '\\g<k>=1', backrefs: true },
      'key\n',
      'key=1\n',
    ],
  ]
  test.each(rows)('%s', (...row) => {
    // With groups the line is found again and replaced by itself in longer form, so it is asked once only.
    if (JSON.stringify(row[1]).includes('backrefs')) expect(edit(lineinfile, row[1], row[2])).toBe(row[3])
    else check(lineinfile, row)
  })

  test('an absent file is made only when asked, and is fine for absent lines', () => {
    expect(edit(lineinfile, { line: 'a', create: true }, null)).toBe('a\n')
    expect(() => edit(lineinfile, { line: 'a' }, null)).toThrow('does not exist')
    expect(edit(lineinfile, { line: 'a', state: 'absent' }, null)).toBe(null)
  })

  test('bytes that are no UTF-8 stay as they are', () => {
    const latin = Buffer.from([0x61, 0xe9, 0x0a])
    const verdict = decideWith(lineinfile, { path: '/f', line: 'b' }, key =>
      key.kind === 'content' ? { state: 'present', bytes: latin } : key.kind === 'path' ? aFile() : undefined,
    )
    expect(verdict).toMatchObject({ apply: [{ content: Buffer.from([0x61, 0xe9, 0x0a, 0x62, 0x0a]) }] })
  })

  test.each([
    [{}],
    [{ line: 'a', regexp: 'a', search_string: 'b' }],
    [{ line: 'a', backrefs: true }],
    [{ state: 'absent' }],
  ])('%j is refused', args =>
    expect(lineinfile.args().safeParse({ path: '/f', ...args }).success).toBe(false),
  )
})

describe('blockinfile', () => {
  const block = '# BEGIN ANSIBLE MANAGED BLOCK\nx\ny\n# END ANSIBLE MANAGED BLOCK\n'
  const rows: readonly Row[] = [
    ['appends a block', { block: 'x\ny' }, 'a\n', `a\n${block}`],
    ['ends an unended last line first', { block: 'x\ny\n' }, 'a', `a\n${block}`],
    [
      'replaces a block in its place',
      { block: 'x\ny', insertbefore: 'BOF' },
      'a\n# BEGIN ANSIBLE MANAGED BLOCK\nold\n# END ANSIBLE MANAGED BLOCK\nb\n',
      `a\n${block}b\n`,
    ],
    ['inserts after a match', { block: 'x\ny', insertafter: '^a' }, 'a\nb\n', `a\n${block}b\n`],
    ['inserts before a match', { block: 'x\ny', insertbefore: '^b' }, 'a\nb\n', `a\n${block}b\n`],
    ['inserts at the beginning', { block: 'x\ny', insertbefore: 'BOF' }, 'a\n', `${block}a\n`],
    [
      'inserts after a match over lines',
      { block: 'x\ny', insertafter: '(?m)a\nb\n' },
      'a\nb\nc\n',
      `a\nb\n${block}c\n`,
    ],
    ['removes an emptied block', { block: '' }, `a\n${block}b\n`, 'a\nb\n'],
    ['removes a block', { state: 'absent' }, `a\n${block}b\n`, 'a\nb\n'],
    ['has nothing to remove', { state: 'absent' }, 'a', null],
    [
      'uses its own markers',
      { block: 'x', marker: '<!-- {mark} -->', marker_begin: 'A', marker_end: 'Z' },
      '',
      '<!-- A -->\nx\n<!-- Z -->\n',
    ],
    [
      'sets blank lines around',
      { block: 'x\ny', insertafter: '^a', append_newline: true, prepend_newline: true },
      'a\nb\n',
      `a\n\n${block}\nb\n`,
    ],
  ]
  test.each(rows)('%s', (...row) => check(blockinfile, row))

  test('an absent file is made only when asked', () => {
    expect(edit(blockinfile, { block: 'x\ny', create: true }, null)).toBe(block)
    expect(() => edit(blockinfile, { block: 'x' }, null)).toThrow('does not exist')
  })
})

describe('replace', () => {
  const rows: readonly Row[] = [
    ['replaces every match', { regexp: 'a+', replace: 'b' }, 'aa ca\n', 'b cb\n'],
    ['takes lines one by one', { regexp: '^x$', replace: 'y' }, 'x\nxx\nx\n', 'y\nxx\ny\n'],
    ['removes without a replacement', { regexp: '^#.*\\n' }, '#c\na\n', 'a\n'],
    ['fills in groups', { regexp: '(\\w+)@old', replace: '\\1@new' }, 'me@old', 'me@new'],
    ['works behind a pattern', { regexp: 'p', replace: 'q', after: 'A.*?\\n' }, 'p\nA p\np\n', 'p\nA p\nq\n'],
    ['works before a pattern', { regexp: 'p', replace: 'q', before: 'B' }, 'p\nB\np\n', 'q\nB\np\n'],
    [
      'works between two patterns',
      { regexp: 'p', replace: 'q', after: 'A', before: 'B' },
      'p A p B p',
      'p A q B p',
    ],
    ['leaves a file without the section', { regexp: 'p', replace: 'q', after: 'ZZ' }, 'p\n', null],
    ['leaves a file without a match', { regexp: 'zz', replace: 'q' }, 'p', null],
  ]
  test.each(rows)('%s', (...row) => check(replace, row))

  test('an absent file fails', () => {
    expect(() => edit(replace, { regexp: 'a' }, null)).toThrow('does not exist')
  })

  test('what is no pattern is named', () => {
    expect(() => edit(replace, { regexp: '(' }, 'a')).toThrow('not a regular expression')
  })
})

describe('ini_file', () => {
  const rows: readonly Row[] = [
    [
      'adds a section and an option',
      { section: 's', option: 'o', value: '1' },
      'a = 1\n',
      'a = 1\n[s]\no = 1\n',
    ],
    [
      'adds an option to the end of its section',
      { section: 's', option: 'o', value: 1 },
      '[s]\na = 1\n\n[t]\n',
      '[s]\na = 1\no = 1\n\n[t]\n',
    ],
    [
      'changes an option',
      { section: 's', option: 'o', value: '2' },
      '[t]\no = 1\n[s]\no=1\n',
      '[t]\no = 1\n[s]\no = 2\n',
    ],
    ['leaves an option that is set', { section: 's', option: 'o', value: '1' }, '[s]\no = 1\n', null],
    [
      'leaves other spaces when asked',
      { section: 's', option: 'o', value: '1', ignore_spaces: true },
      '[s]\no=1\n',
      null,
    ],
    [
      'writes without spaces',
      { section: 's', option: 'o', value: '1', no_extra_spaces: true },
      '[s]\n',
      '[s]\no=1\n',
    ],
    [
      'uncomments an option',
      { section: 's', option: 'o', value: '1' },
      '[s]\n#o = 0\nb = 1\n',
      '[s]\no = 1\nb = 1\n',
    ],
    [
      'leaves the comment when asked',
      { section: 's', option: 'o', value: '1', modify_inactive_option: false },
      '[s]\n#o = 0\n',
      '[s]\no = 1\n#o = 0\n',
    ],
    [
      'drops other values of the option',
      { section: 's', option: 'o', value: '1' },
      '[s]\no = 1\no = 2\n',
      '[s]\no = 1\n',
    ],
    [
      'keeps other values when asked',
      { section: 's', option: 'o', value: '3', exclusive: false },
      '[s]\no = 1\n',
      '[s]\no = 1\no = 3\n',
    ],
    [
      'sets several values',
      { section: 's', option: 'o', values: ['1', '2'] },
      '[s]\no = 2\n',
      '[s]\no = 2\no = 1\n',
    ],
    ['sets an option without a section', { option: 'o', value: '1' }, 'a = 1\n[s]\n', 'a = 1\no = 1\n[s]\n'],
    [
      'sets an option without a value',
      { section: 's', option: 'o', allow_no_value: true },
      '[s]\n',
      '[s]\no\n',
    ],
    [
      'removes an option',
      { section: 's', option: 'o', state: 'absent' },
      '[s]\no = 1\n#o = 2\n',
      '[s]\n#o = 2\n',
    ],
    ['removes a section', { section: 's', state: 'absent' }, 'a\n[s]\no = 1\n[t]\n', 'a\n[t]\n'],
    ['has nothing to remove', { section: 'q', option: 'o', state: 'absent' }, '[s]\no = 1', null],
    [
      'does not touch a missing last newline alone',
      { section: 's', option: 'o', value: '1' },
      '[s]\no = 1',
      null,
    ],
  ]
  test.each(rows)('%s', (...row) => check(iniFile, row))

  test('a value is required', () => {
    expect(iniFile.args().safeParse({ path: '/f', section: 's', option: 'o' }).success).toBe(false)
  })
})
