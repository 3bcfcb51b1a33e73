/** An error as a person reads it: each problem with its place and line, then the hint. Unknown errors keep their stack. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { type Problem, ProblemsError, VpaiError } from '../base/error.ts'
import { formatProblem } from '../config/render-problem.ts'
import { safeText } from '../report/safe-text.ts'
import { bare, coloured } from '../report/style.ts'
import { VERSION } from './version.ts'

export interface ErrorTextOptions {
  readonly color: boolean
  /** Where files named in positions may lie. */
  readonly roots: readonly string[]
}

export function errorText(error: unknown, options: ErrorTextOptions): string {
  if (error instanceof ProblemsError) return problemsText(error.problems, options)
  if (error instanceof VpaiError) return problemsText([error.toProblem()], options)
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return `${text}\n\nThis is a fault in vpai ${VERSION}, not in your project. Please report it with the lines above.`
}

export function problemsText(problems: readonly Problem[], { color, roots }: ErrorTextOptions): string {
  const style = color ? coloured() : bare()
  const blocks = problems.map(problem => {
    const text = safeText(formatProblem(problem, file => sourceOf(file, roots)))
    const [head = '', ...rest] = text.split('\n')
    const painted = problem.severity === 'warning' ? style.warning(head) : style.removed(head)
    return [painted, ...rest].join('\n')
  })
  const errors = problems.filter(problem => problem.severity !== 'warning').length
  return errors > 1
    ? `${blocks.join('\n\n')}\n\n${errors} problems; nothing was touched.`
    : blocks.join('\n\n')
}

/** Text of a file below one of the roots; null for none, and for a secrets file. */
export function sourceOf(file: string, roots: readonly string[]): string | null {
  for (const root of roots) {
    try {
      const text = readFileSync(path.resolve(root, file), 'utf8')
      // Places in a secrets file are lines of its clear text, which is shown nowhere.
      return text.startsWith('-----BEGIN AGE') ? null : text
    } catch {
      // Not under this root.
    }
  }
  return null
}
