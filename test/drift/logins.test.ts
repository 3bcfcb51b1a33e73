import { expect, it } from 'vitest'
import { loginsAround, parseLogin } from '../../src/drift/logins.ts'

const LINES = [
  'ann      pts/0        10.0.0.2         Sat Nov 21 22:50:07 2026   still logged in',
  'bob      tty1                          Sat Nov 21 09:00:00 2026 - Sat Nov 21 09:10:00 2026  (00:10)',
  'reboot   system boot  6.1.0            Sat Nov 21 08:00:00 2026   still running',
  'wtmp begins Sat Nov 21 00:00:00 2026',
  '',
]
const logins = LINES.flatMap(parseLogin)
const at = (text: string) => Date.parse(`2026-11-21T${text}Z`) / 1000

it('logins are read from what last prints, and nothing else of it', () => {
  expect(logins.map(({ user, from, until }) => [user, from, until === null])).toEqual([
    ['ann', '10.0.0.2', true],
    ['bob', '', false],
  ])
})

it.each([
  ['09:05:00', ['bob']],
  ['09:11:00', ['bob']],
  ['09:30:00', []],
  ['23:30:00', ['ann from 10.0.0.2']],
])('at %s there were %j', (time, users) => {
  expect(loginsAround(logins, at(time))).toEqual(users)
})
