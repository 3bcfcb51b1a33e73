/** command, shell, raw and script in a temporary directory, with sh and with busybox alone. */
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { command } from '../../src/modules/command.ts'
import type { Context } from '../../src/modules/contract.ts'
import { script } from '../../src/modules/script.ts'
import { shell as shellModule } from '../../src/modules/shell.ts'
import { converge, decideOn } from './harness.ts'
import { shells, temporaryDirectory } from './shells.ts'
import { brief } from './tables.ts'

let dir = ''
beforeEach(() => {
  dir = temporaryDirectory()
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

describe.each(shells())('with what $name has', shell => {
  it.each<[string, object, string]>([
    ['words as they are', { argv: ['printf', '%s|', 'a b', '$NONE', "it's", '*'] }, "a b|$NONE|it's|*|"],
    [
      'variables and home',
      { cmd: 'printf %s| ${HOME}/x $NONE y$' },
      `${process.env.HOME ?? '/'}/x|$NONE|y$|`,
    ],
    ['stdin', { cmd: 'cat', stdin: 'ü "x"' }, 'ü "x"'],
  ])('command hands on %s', (_why, args, stdout) => {
    expect(converge(command, args, { shell }).result).toMatchObject({ rc: 0, stdout, changed: true })
  })

  it('command runs where it is told, and says when there is no such place', () => {
    expect(converge(command, { cmd: 'pwd', chdir: dir }, { shell }).result.stdout).toBe(dir)
    expect(converge(command, { cmd: 'pwd', chdir: join(dir, 'no') }, { shell }).result).toMatchObject({
      failed: true,
      msg: expect.stringContaining('Unable to change directory'),
    })
  })

  it('creates and removes settle it, patterns and relative paths too', () => {
    const args = { cmd: 'touch made-1', chdir: dir, creates: 'made-*' }
    expect(converge(command, args, { shell }).after.kind).toBe('ok')
    expect(existsSync(join(dir, 'made-1'))).toBe(true)
    expect(brief(decideOn(command, { cmd: 'rm x', removes: join(dir, 'none') }, { shell }))).toBe('ok')
  })

  it('shell pipes, and keeps the exit code', () => {
    const { result } = converge(shellModule, { cmd: "echo a | tr a b; echo 'x y' >&2; exit 3" }, { shell })
    expect(result).toMatchObject({ rc: 3, stdout: 'b', stderr: 'x y', failed: true })
  })

  it('script is sent, run with its arguments and taken away', () => {
    const content = new TextEncoder().encode('#!/bin/sh\necho "$1 in $(pwd)"; echo "$0" >&2\n')
    const local: Context['local'] = () => ({ kind: 'file', path: 'do.sh', mode: 0o644, content })
    const { result } = converge(script, { cmd: "do.sh 'a b'", chdir: dir }, { shell, context: { local } })
    expect(result).toMatchObject({ rc: 0, stdout: `a b in ${dir}` })
    expect(existsSync(String(result.stderr))).toBe(false)
  })

  it('removes runs while it is there', () => {
    writeFileSync(join(dir, 'old'), '')
    const args = { cmd: `rm ${join(dir, 'old')}`, removes: join(dir, 'old') }
    expect(converge(command, args, { shell })).toMatchObject({ changed: true, after: { kind: 'ok' } })
  })
})
