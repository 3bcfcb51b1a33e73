import { expect, it } from 'vitest'
import { unexpanded } from '../../src/modules/shared/unexpanded.ts'

it.each([
  [
    'a value',
    'expanding env failed: expanding env "TOKEN=a{{ 7 * 7 }}{%!x(MISSING) %!}(MISSING)": template: expansion:1: unexpected "*"',
    'expanding env failed: expanding env "TOKEN": template: expansion:1: unexpected "*"',
  ],
  [
    'a value of quotes and lines',
    'expanding env "A=b"c="\nd": template: x',
    'expanding env "A": template: x',
  ],
  ['other words', 'no such image: A=b', 'no such image: A=b'],
])('%s', (_what, words, told) => {
  expect(unexpanded(words)).toBe(told)
})
