/** Warnings to standard error, errors left to whoever throws them. */
import type { Problem } from '../base/error.ts'
import { problemsText } from './error-text.ts'
import type { Io } from './io.ts'

export function tellWarnings(io: Io, problems: readonly Problem[]): void {
  const warnings = problems.filter(problem => problem.severity === 'warning')
  if (warnings.length === 0) return
  io.err.write(
    `${problemsText(warnings, { color: io.stdoutIsTty && !io.env.NO_COLOR, roots: io.sourceRoots })}\n`,
  )
}
