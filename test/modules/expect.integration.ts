/** expect with real programs on real terminals. */
import { rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect as expectThat, test } from 'vitest'
import { expect } from '../../src/modules/expect.ts'
import { converge, decideOn } from './harness.ts'
import { type Shell, shells, temporaryDirectory } from './shells.ts'

let top = ''

beforeAll(() => {
  top = temporaryDirectory()
})
afterAll(() => rmSync(top, { recursive: true, force: true }))

const asks = (script: string) => `/bin/bash -c '${script}'`

/** Where busybox has no script of its own, the one of this machine stands beside its applets. */
function withScript(shell: Shell): Shell {
  const beside = temporaryDirectory()
  symlinkSync('/usr/bin/script', join(beside, 'script'))
  return { ...shell, path: `${shell.path}:${beside}` }
}

describe.each(shells().map(shell => [shell.name, withScript(shell)] as const))(
  'expect in %s',
  (_name, shell) => {
    test('answers what is asked, and does not show the answers', () => {
      const ask = 'read -p "Name: " n; read -s -p "Password: " p; echo; test -t 0 && echo "$n has ${#p}"'
      const responses = { 'Name:': 'ada', '(?i)password': "it's $HOME" }
      const done = converge(expect, { command: asks(ask), responses }, { shell })
      expectThat(done).toMatchObject({ failed: false, changed: true, result: { rc: 0 } })
      expectThat(done.result.stdout).toMatch(/^Name: \r?\n?Password: \r\nada has 10$/)
    })

    test.each([
      ['answers one after the other', { '\\w+\\? ': ['one', 'two'] }, 'one-two', 0],
      ['gives one answer again and again', { 'a\\?|b\\?': 'x' }, 'x-x', 0],
      ['has no answer left', { '\\? ': ['one'] }, 'b? ', null],
    ])('%s', (_what, responses, told, rc) => {
      const command = asks('read -p "a? " a; read -p "b? " b; echo "$a-$b"')
      const done = converge(expect, { command, responses }, { shell })
      expectThat(done.result.rc).toBe(rc)
      expectThat(done.failed).toBe(rc === null)
      expectThat(done.result.stdout).toContain(told.trim())
    })

    test('shows answers with echo', () => {
      const command = asks('read -p "a? " a')
      const done = converge(expect, { command, responses: { 'a\\?': 'seen' }, echo: true }, { shell })
      expectThat(done.result.stdout).toContain('seen')
    })

    test('tells the code of a program that fails, and of one that is not there', () => {
      const failed = converge(expect, { command: asks('exit 3'), responses: {} }, { shell })
      expectThat(failed).toMatchObject({ failed: true, result: { rc: 3, msg: 'non-zero return code' } })
      const missing = converge(expect, { command: '/no/such/program', responses: {} }, { shell })
      expectThat(missing).toMatchObject({ failed: true, result: { rc: 127 } })
    })

    test('waits no longer than it may, counted from the last answer', () => {
      const late = converge(
        expect,
        { command: asks('read -p "Never: " x'), responses: {}, timeout: 1 },
        { shell },
      )
      expectThat(late).toMatchObject({ failed: true, result: { msg: 'command exceeded timeout' } })
      expectThat(late.result.stdout).toContain('Never: ')
    })

    test('works in a folder', () => {
      const done = converge(expect, { command: asks('pwd'), responses: {}, chdir: top }, { shell })
      expectThat(done.result.stdout).toBe(top)
    })
  },
)

test('does not run when what it makes is there', () => {
  const args = { command: 'false', responses: {}, creates: top }
  expectThat(decideOn(expect, args)).toMatchObject({ kind: 'ok' })
  expectThat(decideOn(expect, { ...args, creates: join(top, 'none') })).toMatchObject({ kind: 'opaque' })
})
