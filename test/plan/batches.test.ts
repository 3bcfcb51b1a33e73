import { describe, expect, it } from 'vitest'
import type { Value } from '../../src/base/value.ts'
import { batches } from '../../src/plan/batches.ts'

const TEN = Array.from({ length: 10 }, (_value, index) => `h${index}`)

describe('batches', () => {
  it.each<[serial: Value | undefined, sizes: number[]]>([
    [undefined, [10]],
    [3, [3, 3, 3, 1]],
    ['30%', [3, 3, 3, 1]],
    ['1%', [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]],
    [
      [1, 2, '50%'],
      [1, 2, 5, 2],
    ],
    [0, [10]],
    [100, [10]],
  ])('serial %j', (serial, sizes) => {
    const found = batches(TEN, serial)
    expect(found.map(batch => batch.length)).toEqual(sizes)
    expect(found.flat()).toEqual(TEN)
  })

  it('of no hosts are none', () => {
    expect(batches([], 3)).toEqual([])
  })

  it('refuses what is no number (PLAY_SERIAL)', () => {
    expect(() => batches(TEN, 'many')).toThrow(expect.objectContaining({ code: 'PLAY_SERIAL' }))
  })
})
