import { expect, test } from 'vitest'
import type { Identity } from '../../src/engine/ports.ts'
import { becomeCommand, becomeProblem } from '../../src/session/become.ts'
import { helperLine, LOADER } from '../../src/session/helper.ts'

const SUDO: Identity = { user: 'app', method: 'sudo' }

test.each<Identity>([
  { user: null, method: 'sudo' },
  SUDO,
  { user: 'app', method: 'su' },
  { user: 'app', method: 'doas' },
  { user: 'app', method: 'sudo', exe: '/opt/bin/sudo', flags: '-E -i' },
])('a command line for %o holds nothing a login shell would change', identity => {
  for (const pty of [false, true]) {
    for (const password of ['ask', 'silent'] as const) {
      const { commandLine } = becomeCommand(identity, { pty, password }, 'abc')
      expect(commandLine).not.toMatch(/[\n!]/)
      expect(commandLine.split("'")).toHaveLength(3)
    }
  }
  expect(LOADER).not.toMatch(/[\n!'\\]/)
})

test('the helper is one line and holds its nonce', () => {
  const line = helperLine('feed')
  expect(line.startsWith('vpai1:N=feed; ')).toBe(true)
  expect(line.indexOf('\n')).toBe(line.length - 1)
})

test('a password is asked for with a prompt that nobody can know', () => {
  expect(becomeCommand(SUDO, { pty: false, password: 'ask' }, 'abc')).toMatchObject({
    prompt: 'vpai-password-abc:',
    upMark: 'vpai-up-abc',
  })
  expect(becomeCommand(SUDO, { pty: false, password: 'silent' }, 'abc')).toMatchObject({
    prompt: null,
    upMark: null,
  })
})

test.each([
  ['sudo: a password is required', 'BECOME_PASSWORD_REQUIRED'],
  ['sudo: no tty present and no askpass program specified', 'BECOME_PASSWORD_REQUIRED'],
  ['sudo: sorry, you must have a tty to run sudo', 'BECOME_NEEDS_TTY'],
  ['bob is not in the sudoers file.', 'BECOME_NOT_ALLOWED'],
  ['Sorry, user bob is not allowed to execute sh as app on web1.', 'BECOME_NOT_ALLOWED'],
  ['doas: Operation not permitted', 'BECOME_NOT_ALLOWED'],
  ['doas: Authentication required', 'BECOME_PASSWORD_REQUIRED'],
  ['sudo: unknown user app', 'BECOME_NO_USER'],
  [
    'su: user app does not exist or the user entry does not contain all the required fields',
    'BECOME_NO_USER',
  ],
  ['su: Authentication failure', 'BECOME_PASSWORD_WRONG'],
  ['env: doas: No such file or directory', 'BECOME_NOT_INSTALLED'],
  ['something else', 'BECOME_FAILED'],
])('"%s" is %s', (said, code) => {
  expect(becomeProblem(SUDO, said)).toMatchObject({ code, message: expect.stringContaining(said) })
})

test.each<[Identity, string]>([
  [{ user: 'app', method: 'sudo', flags: '-E -n' }, 'sudo -E -n -u app -- '],
  [{ user: 'app', method: 'sudo', exe: '/opt/sudo' }, '/opt/sudo -H -n -u app -- '],
  [{ user: 'app', method: 'su', flags: '-l' }, 'su -l -s /bin/sh -c '],
  [{ user: 'app', method: 'doas', exe: 'opendoas', flags: '-L' }, 'opendoas -L -n -u app '],
])('%o takes its program and flags', (identity, expected) => {
  expect(becomeCommand(identity, { pty: false, password: 'silent' }, 'abc').commandLine).toContain(expected)
})

test('a program or flags that a shell could read as more are refused', () => {
  const bad = { user: 'app', method: 'sudo', flags: '-E;id' } as const
  expect(() => becomeCommand(bad, { pty: false, password: 'silent' }, 'abc')).toThrow(/-E;id/)
})
