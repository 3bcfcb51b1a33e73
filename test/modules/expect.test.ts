import { describe, expect as expectThat, test } from 'vitest'
import { expect } from '../../src/modules/expect.ts'
import { grepPattern } from '../../src/modules/shared/grep-pattern.ts'
import { brief, decideWith, drive } from './tables.ts'

describe('a pattern of Python for grep', () => {
  test.each([
    ['Password: ', 'Password: '],
    ['a.*?b+?c??d{2,}?', 'a.*b+c?d{2,}'],
    ['\\?', '\\?'],
    ['really\\??', 'really\\??'],
    ['(?:yes|no)(?P<x>y)', '(yes|no)(y)'],
    ['\\d\\s\\w\\D', '[0-9][[:space:]][[:alnum:]_][^0-9]'],
    ['[\\w.\\-]+', '[[:alnum:]_.-]+'],
    ['[y\\]]', '[]y]'],
    ['[^:]', '[^:]'],
    ['[\\^a]', '[a^]'],
    ['a\\/b', 'a/b'],
    ['(yes/no/\\[fingerprint\\])\\?', '(yes/no/\\[fingerprint\\])\\?'],
  ])('%s is %s', (written, pattern) =>
    expectThat(grepPattern(written)).toEqual({ pattern, ignoreCase: false }),
  )

  test('flags at the beginning', () => {
    expectThat(grepPattern('(?is)password')).toEqual({ pattern: 'password', ignoreCase: true })
  })

  test.each(['(?=x)', '(?<!x)y', 'a\\b', '(a)\\1', 'a\\nb', '[\\d', 'a\nb', '\\'])('%j has none', written => {
    expectThat(grepPattern(written)).toBe(null)
    const parsed = expect.args().safeParse({ command: 'x', responses: { [written]: 'y' } })
    expectThat(parsed.error?.issues[0]?.message).toContain('cannot be honoured')
  })
})

describe('expect', () => {
  const args = { command: "passwd 'ada b'", responses: { 'word: ': "it's" } }

  test('no answer is an argument', () => {
    const { actions } = drive(decideWith(expect, args), () => ({ stdout: 'ok\r\n\n0\n' }))
    const [action] = actions
    if (action?.do !== 'run') throw new Error('nothing was run')
    expectThat(action.script).not.toContain("it's")
    const files = Object.entries(action.files ?? {}).map(([name, bytes]) => [
      name,
      new TextDecoder().decode(bytes),
    ])
    expectThat(Object.fromEntries(files)).toEqual({
      program: 'echo $$ >"${0%/*}/pid"\nstty -echo\n( exec passwd \'ada b\' )\necho $? >"${0%/*}/code"\n',
      pattern0: 'word: ',
      'answer0.0': "it's\n",
    })
  })

  test.each([
    ['ended well', { stdout: 'ok\r\n\n0\n' }, { rc: 0, stdout: 'ok', changed: true }],
    ['failed', { stdout: 'no\r\n\n3\n' }, { rc: 3, stdout: 'no', failed: true, msg: 'non-zero return code' }],
    [
      'took too long',
      { stdout: 'wait', code: 124 },
      { rc: null, stdout: 'wait', msg: 'command exceeded timeout' },
    ],
    [
      'asked once more',
      { stdout: 'word: \n0\n', code: 125 },
      { rc: null, msg: "No remaining responses for 'word: ', output was 'word: '" },
    ],
    [
      'did not run',
      { stdout: '\n\n', stderr: 'no pty' },
      { rc: null, msg: 'the program did not run: no pty' },
    ],
  ])('tells of a program that %s', (_what, output, result) => {
    expectThat(drive(decideWith(expect, args), () => output).result).toMatchObject(result)
  })

  test.each([
    [{ ...args, creates: '/made' }, 'ok'],
    [{ ...args, removes: '/gone' }, 'ok'],
    [{ ...args, removes: '/made' }, "opaque: passwd 'ada b'"],
  ])('%j is %s', (given, is) => {
    const answers = (key: { kind: string; path?: string }) =>
      key.kind === 'path' && key.path === '/made' ? { type: 'file' } : undefined
    expectThat(brief(decideWith(expect, given, answers))).toBe(is)
  })

  test('names the package that is missing', () => {
    const verdict = decideWith(expect, args, key => (key.kind === 'which' ? { path: null } : undefined))
    expectThat(brief(verdict)).toContain('install bsdutils')
  })
})
