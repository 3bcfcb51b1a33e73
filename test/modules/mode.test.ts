import { describe, expect, test } from 'vitest'
import { mode, modeBits } from '../../src/modules/shared/mode.ts'

const parse = (value: unknown) => mode().safeParse(value)

describe('permissions are read', () => {
  test.each([
    ['0644', 0o644],
    ['644', 0o644],
    ['0o2755', 0o2755],
    [0o644, 0o644],
    [420, 0o644],
    ['preserve', 'preserve'],
    ['u=rw,g=r,o=', { symbolic: 'u=rw,g=r,o=' }],
    ['a+X', { symbolic: 'a+X' }],
    ['+t', { symbolic: '+t' }],
    ['u+x-w', { symbolic: 'u+x-w' }],
  ])('%j', (value, expected) => expect(parse(value).data).toEqual(expected))

  test.each(['0888', 'rw', 'u=q', '10000', 5000, 1.5, true, ''])('%j is refused', value =>
    expect(parse(value).success).toBe(false),
  )
})

describe('symbolic clauses are worked out as chmod does', () => {
  test.each([
    ['u=rwX,g=rX,o=', 0o644, false, 0o640],
    ['u=rwX,g=rX,o=', 0o755, false, 0o750],
    ['u=rwX,g=rX,o=', 0o700, true, 0o750],
    ['a+x', 0o644, false, 0o755],
    ['+x', 0o644, false, 0o755],
    ['+w', 0o444, false, 0o644],
    ['go-rwx', 0o777, false, 0o700],
    ['g=u', 0o640, false, 0o660],
    ['u+s,g+s', 0o755, false, 0o6755],
    ['u=rw', 0o4755, false, 0o655],
    ['g=rx', 0o2775, true, 0o2755],
    ['o+t', 0o777, true, 0o1777],
    ['a=r', 0o777, false, 0o444],
    ['u+x-w', 0o600, false, 0o500],
  ])('%s on %i', (symbolic, current, isDirectory, expected) => {
    expect(modeBits({ symbolic }, current, isDirectory)?.toString(8)).toBe(expected.toString(8))
  })

  test('what does not exist yet starts from what the umask leaves', () => {
    expect(modeBits({ symbolic: 'o=' }, null, false)).toBe(0o640)
    expect(modeBits({ symbolic: 'o=' }, null, true)).toBe(0o750)
    expect(modeBits('preserve', 0o600, false)).toBeUndefined()
  })
})
