import { describe, expect, test } from 'vitest'
import { explainFailure, type HostAction, isFine, isStale, renderAction } from '../../src/actions/index.ts'

const reply = (code: number, stderr = '') => ({ code, stdout: '', stderr, timedOut: false })
const put: HostAction = { do: 'put', path: '/etc/motd', content: new Uint8Array() }

test.each(['/', '', '//', '/.', '/../etc', '/var/..', 'relative', '/a/../../b'])(
  'removing %j is refused',
  path => {
    expect(() => renderAction({ do: 'remove', path }, { token: 't' })).toThrow(
      expect.objectContaining({ code: 'ACTION_UNSAFE_REMOVE' }),
    )
  },
)

test('a name that is no environment variable is refused', () => {
  expect(() => renderAction({ do: 'run', script: 'x', env: { 'a;b': '' } }, { token: 't' })).toThrow(
    expect.objectContaining({ code: 'ACTION_BAD_ENVIRONMENT' }),
  )
})

test('only commands and validations are given a time limit', () => {
  const limit = (action: HostAction) => renderAction(action, { token: 't' }).timeoutS
  expect(limit(put)).toBe(0)
  expect(limit({ ...put, validate: 'visudo -cf %s' })).toBeGreaterThan(0)
  expect(limit({ do: 'run', argv: ['true'], timeoutS: 5 })).toBe(5)
})

describe('failures are explained', () => {
  test.each([
    [put, reply(90), 'The directory of /etc/motd does not exist or may not be entered'],
    [
      put,
      reply(92, 'syntax error'),
      'The validation command refused the new /etc/motd; the old one is untouched: syntax error',
    ],
    [put, reply(2, 'sh: x'), '/etc/motd failed with exit code 2: sh: x'],
    [{ do: 'run', argv: ['false'], failure: 'It is false' }, reply(1, 'no'), 'It is false: no'],
    [
      { do: 'run', argv: ['sleep', '9'] },
      { ...reply(143), timedOut: true },
      'The command sleep did not end within its time limit',
    ],
  ] as const)('%j', (action, failed, message) => {
    expect(explainFailure(action, failed)).toBe(message)
  })
})

test('a put against another state than was seen is stale', () => {
  expect(isStale(put, 93)).toBe(true)
  expect(isStale({ do: 'run', script: '' }, 93)).toBe(false)
})

test.each([
  [{ do: 'run', script: '' }, 0, true],
  [{ do: 'run', script: '' }, 1, false],
  [{ do: 'run', script: '', ok: [0, 1] }, 1, true],
  [{ do: 'run', script: '', ok: 'any' }, 200, true],
  [put, 1, false],
] as const)('%j with exit code %i is fine: %s', (action, code, expected) => {
  expect(isFine(action, code)).toBe(expected)
})
