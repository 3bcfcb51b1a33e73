import { describe, expect, it } from 'vitest'
import { command } from '../../src/modules/command.ts'
import { raw } from '../../src/modules/raw.ts'
import { script } from '../../src/modules/script.ts'
import { splitWords } from '../../src/modules/shared/split-words.ts'
import { shell } from '../../src/modules/shell.ts'
import { aFile, brief, decideWith, drive, lines } from './tables.ts'

const there = (key: { kind: string }) => (key.kind === 'path' ? aFile() : undefined)

describe('command.decide', () => {
  it.each<[string, object, string]>([
    ['runs when nothing says otherwise', { cmd: 'ls -l' }, 'opaque: ls -l'],
    ['runs when what it creates is missing', { cmd: 'make', creates: '/x' }, 'opaque: make'],
    ['is done when what it removes is missing', { cmd: 'rm x', removes: '/x' }, 'ok'],
    ['needs a program', { cmd: '  ' }, 'fail: no command given'],
  ])('%s', (_why, args, says) => {
    expect(brief(decideWith(command, args))).toBe(says)
  })

  it.each<[string, object, string]>([
    ['is done when what it creates exists', { cmd: 'make', creates: '/x' }, 'ok'],
    ['runs when what it removes exists', { cmd: 'rm x', removes: '/x' }, 'opaque: rm x'],
  ])('%s', (_why, args, says) => {
    expect(brief(decideWith(command, args, there))).toBe(says)
  })

  it('predicts in check mode what creates promises', () => {
    expect(brief(decideWith(command, { cmd: 'make', creates: '/x' }, undefined, { check: true }))).toBe(
      'state /x absent>present',
    )
  })

  it.each<[string, object, string]>([
    ['quotes as written', { cmd: `printf '%s' "a b"` }, 'printf %s a b'],
    ['variables of the host', { cmd: 'ls $HOME/x y$' }, 'exec ls "${HOME-\\$HOME}"/x \'y$\''],
    ['variables of the task', { cmd: 'login "${TOKEN}"s' }, "exec login 'hunter2 !'s"],
    ['a home directory', { argv: ['ls', '~/my dir'] }, "exec ls ~'/my dir'"],
    ['no variables when told so', { cmd: 'ls $HOME', expand_argument_vars: 'no' }, 'ls $HOME'],
  ])('takes %s', (_why, args, line) => {
    const environment = { TOKEN: 'hunter2 !' }
    expect(lines(drive(decideWith(command, args, undefined, { environment })).actions)).toEqual([line])
  })

  it('hands stdin on with a line end, and the directory', () => {
    const [action] = drive(decideWith(command, { cmd: 'cat', stdin: 'x', chdir: '/srv' })).actions
    expect(action).toMatchObject({ stdin: 'x\n', cwd: '/srv', ok: 'any' })
  })

  it('warns in check mode of a secret among the arguments, and leaves it to the engine where it runs', () => {
    const [checked, run] = [true, false].map(check =>
      decideWith(command, { cmd: 'login hunter2' }, undefined, { check }),
    )
    expect(checked).toMatchObject({ warnings: [expect.stringMatching(/`stdin:`.*`environment:`/)] })
    expect(run).toMatchObject({ warnings: [] })
  })

  it('answers in the words of Ansible', () => {
    const verdict = decideWith(command, { cmd: 'false' })
    const { result } = drive(verdict, () => ({ code: 3, stdout: 'a\nb\n\n', elapsed: 1.5 }))
    expect(result).toMatchObject({
      cmd: ['false'],
      rc: 3,
      stdout: 'a\nb',
      stdout_lines: ['a', 'b'],
      failed: true,
      msg: 'non-zero return code',
      start: '2026-01-02 03:04:05.000000',
      end: '2026-01-02 03:04:06.500000',
      delta: '0:00:01.500000',
    })
  })
})

describe('shell, raw and script', () => {
  it('shell hands the text to the shell asked for', () => {
    const [action] = drive(decideWith(shell, { cmd: 'a | b', executable: '/bin/bash' })).actions
    expect(action).toMatchObject({ script: 'a | b', shell: '/bin/bash' })
  })

  it('raw keeps line ends at the end', () => {
    expect(drive(decideWith(raw, { cmd: 'x' }), () => ({ stdout: 'a\n' })).result).toMatchObject({
      stdout: 'a\n',
    })
  })

  it.each<[string, string, object, string]>([
    ['its own interpreter', '#!/usr/bin/env python3\n', {}, '/usr/bin/env python3 "$VPAI_FILES"/do.sh 1'],
    ['no interpreter', 'ELF', {}, '"$VPAI_FILES"/do.sh 1'],
    ['the interpreter asked for', '', { executable: 'bash -e' }, 'bash -e "$VPAI_FILES"/do.sh 1'],
  ])('script runs with %s', (_why, content, more, call) => {
    const local = () => ({
      kind: 'file' as const,
      path: 'do.sh',
      mode: 0o755,
      content: new TextEncoder().encode(content),
    })
    const verdict = decideWith(script, { cmd: 'sub/do.sh 1', ...more }, undefined, { local })
    expect(lines(drive(verdict).actions)).toEqual([`chmod 0700 "$VPAI_FILES"/do.sh; ${call}`])
  })

  it('script says where it looked', () => {
    expect(brief(decideWith(script, { cmd: 'do.sh' }))).toMatch(/^fail: Could not find or access 'do.sh'/)
  })

  it.each([command, shell, raw, script])('$name refuses a key it does not know', module => {
    expect(module.args().safeParse({ cmd: 'x', colour: 'red' }).success).toBe(false)
  })
})

describe('splitWords', () => {
  it.each<[string, string[]]>([
    [`a 'b c' "d e"`, ['a', 'b c', 'd e']],
    [`a"b"'c'd`, ['abcd']],
    [`a\\ b "\\$x" "\\n"`, ['a b', '$x', '\\n']],
    [`'' ""`, ['', '']],
  ])('splits %s', (line, words) => {
    expect(splitWords(line)).toEqual(words)
  })

  it('refuses a quote that is never closed (COMMAND_QUOTES)', () => {
    expect(() => splitWords(`echo "a`)).toThrow(expect.objectContaining({ code: 'COMMAND_QUOTES' }))
  })
})
