import { describe, expect, it } from 'vitest'
import { readGuard } from '../../src/config/guard-keyword.ts'

const DEFAULT = { withinS: 90, paths: [], via: [], undo: null, always: false }

describe('guard', () => {
  it.each([
    [undefined, DEFAULT],
    [false, false],
    [true, { ...DEFAULT, always: true }],
    [{ within: '2m' }, { ...DEFAULT, withinS: 120, always: true }],
    [
      { within: 45, always: false },
      { ...DEFAULT, withinS: 45 },
    ],
    [
      { paths: '/etc/x', via: [':2222', '100.64.0.1', '[fe80::1]:22'], undo: 'systemctl restart x' },
      {
        ...DEFAULT,
        paths: ['/etc/x'],
        via: [':2222', '100.64.0.1', '[fe80::1]:22'],
        undo: 'systemctl restart x',
        always: true,
      },
    ],
  ])('%j is %j', (written, read) => {
    expect(readGuard(written)).toEqual(read)
  })

  it.each([
    ['soon', 'true, false or a mapping'],
    [{ within: 'soon' }, 'within must be a time'],
    [{ within: 1 }, 'from 3s to 60m'],
    [{ paths: ['etc/x'] }, 'absolute paths'],
    [{ via: ['a b'] }, 'addresses'],
    [{ undo: ['a'] }, 'undo must be a command'],
    [{ for: '90s' }, 'has no for'],
  ])('%j is refused: %s', (written, reason) => {
    expect(() => readGuard(written)).toThrow(reason)
  })
})
