import { describe, expect, it } from 'vitest'
import type { Problem } from '../../src/base/error.ts'
import { formatProblem } from '../../src/config/render-problem.ts'

const problem: Problem = {
  code: 'CONFIG_UNKNOWN_MODULE',
  message: 'There is no module tempalte',
  hint: 'Did you mean template?',
  position: { file: 'site.yml', line: 3, column: 7 },
}

describe('formatProblem', () => {
  it('shows the line with a pointer under the place', () => {
    const source = '- hosts: all\n  tasks:\n    - tempalte: {src: a}\n'
    expect(formatProblem(problem, () => source)).toBe(
      [
        'error: There is no module tempalte (CONFIG_UNKNOWN_MODULE)',
        '  --> site.yml:3:7',
        '     |',
        '   3 |     - tempalte: {src: a}',
        '     |       ^',
        '  hint: Did you mean template?',
      ].join('\n'),
    )
  })

  it('says warning where it is one, and leaves out what is not known', () => {
    const warning: Problem = { code: 'CONFIG_NO_BECOME', message: 'No effect', severity: 'warning' }
    expect(formatProblem(warning, () => null)).toBe('warning: No effect (CONFIG_NO_BECOME)')
  })

  it('tells the place alone when the file cannot be shown', () => {
    expect(formatProblem({ ...problem, hint: undefined }, () => null)).toBe(
      'error: There is no module tempalte (CONFIG_UNKNOWN_MODULE)\n  --> site.yml:3:7',
    )
  })

  it('keeps tabs, so that the pointer stands under its character', () => {
    const lines = formatProblem(
      { ...problem, position: { file: 'a', line: 1, column: 3 } },
      () => '\ta b',
    ).split('\n')
    expect(lines[4]).toBe('     | \t ^')
  })

  it('cuts long lines around the place', () => {
    const source = `${'x'.repeat(300)}!${'y'.repeat(300)}`
    const lines = formatProblem(
      { ...problem, position: { file: 'a', line: 1, column: 301 } },
      () => source,
    ).split('\n')
    const at = lines[4]!.indexOf('^')
    expect(lines[3]!.length).toBeLessThan(120)
    expect(lines[3]![at]).toBe('!')
  })
})
