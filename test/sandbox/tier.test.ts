import { describe, expect, it } from 'vitest'
import { parseSubordinate } from '../../src/sandbox/tier.ts'

describe('a range of subordinate ids', () => {
  it.each([
    ['the name of the user', 'ann:100000:65536\n', { start: 100000, count: 65536 }],
    ['the uid of the user', 'bob:1:2\n1000:200000:65536', { start: 200000, count: 65536 }],
    ['a larger range, cut to what is needed', 'ann:100000:1000000', { start: 100000, count: 65536 }],
  ])('is found by %s', (_title, text, range) => {
    expect(parseSubordinate(text, ['1000', 'ann'])).toEqual(range)
  })

  it.each([['bob:100000:65536'], [''], ['ann:100000:0'], ['ann']])('is not found in "%s"', text => {
    expect(parseSubordinate(text, ['1000', 'ann'])).toBeNull()
  })
})
