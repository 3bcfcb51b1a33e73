import { describe, expect, it } from 'vitest'
import { splitArguments } from '../../src/config/split-arguments.ts'

const everything = () => true
const onlyCreates = (key: string) => key === 'creates'

describe('splitArguments', () => {
  it.each([
    [
      'plain pairs',
      'src=a dest=b',
      [
        ['src', 'a'],
        ['dest', 'b'],
      ],
      '',
    ],
    [
      'blanks in double quotes',
      'msg="a b" x=1',
      [
        ['msg', 'a b'],
        ['x', '1'],
      ],
      '',
    ],
    ['blanks in single quotes', "msg='a b'", [['msg', 'a b']], ''],
    ['an escaped quote', 'msg="a \\"b\\""', [['msg', 'a "b"']], ''],
    [
      'blanks in a template tag',
      'path={{ a + b }}/x state=present',
      [
        ['path', '{{ a + b }}/x'],
        ['state', 'present'],
      ],
      '',
    ],
    ['quotes in a template tag', `msg={{ 'a b' }}`, [['msg', "{{ 'a b' }}"]], ''],
    ['an equals sign in the value', 'line=a=b', [['line', 'a=b']], ''],
    [
      'an empty value',
      'msg= x=1',
      [
        ['msg', ''],
        ['x', '1'],
      ],
      '',
    ],
    ['quotes inside a value', `msg=it"s"`, [['msg', 'it"s"']], ''],
    ['words that are no pair', 'src=a rest of it', [['src', 'a']], 'rest of it'],
    [
      'line breaks between pairs',
      'a=1\n  b=2\n',
      [
        ['a', '1'],
        ['b', '2'],
      ],
      '',
    ],
  ])('reads %s', (_, text, pairs, rest) => {
    expect(splitArguments(text, everything)).toEqual({ pairs, rest, isBalanced: true })
  })

  it('leaves pairs in free text that are no arguments, with the blanks as written', () => {
    const text = 'echo  "a b"  A=1 creates=/tmp/x | tee b=2'
    expect(splitArguments(text, onlyCreates)).toEqual({
      pairs: [['creates', '/tmp/x']],
      rest: 'echo  "a b"  A=1 | tee b=2',
      isBalanced: true,
    })
  })

  it.each([
    ['a quote', 'msg="a b'],
    ['a template tag', 'msg={{ a b=1'],
  ])('sees %s that does not end', (_, text) => {
    expect(splitArguments(text, everything).isBalanced).toBe(false)
  })
})
