/** A problem as plain text for people: what, where, the line itself with a pointer, and what to do. */
import type { Position, Problem } from '../base/error.ts'

/**
 *   error: There is no module tempalte (CONFIG_UNKNOWN_MODULE)
 *     --> playbooks/site.yml:7:7
 *      |
 *    7 |     - tempalte:
 *      |       ^
 *     hint: Did you mean template?
 *
 * `sourceOf` gives the text of a file, or null when it cannot be shown.
 */
export function formatProblem(problem: Problem, sourceOf: (file: string) => string | null): string {
  const { code, message, hint, position, severity } = problem
  const lines = [`${severity ?? 'error'}: ${message} (${code})`]
  if (position !== undefined) {
    const { file, line, column } = position
    lines.push(`  --> ${file}:${line}:${column}`, ...excerpt(position, sourceOf(file)))
  }
  if (hint !== undefined)
    lines.push(
      ...hint.split('\n').map((text, index) => (index === 0 ? `  hint: ${text}` : `        ${text}`)),
    )
  return lines.join('\n')
}

/** Longer lines are cut around the place. */
const WIDEST = 100

function excerpt({ line, column }: Position, source: string | null): string[] {
  const text = source?.split(/\r?\n/)[line - 1]
  if (text === undefined) return []
  const start = column <= WIDEST - 10 ? 0 : column - WIDEST / 2
  const shown =
    (start > 0 ? '…' : '') + text.slice(start, start + WIDEST) + (start + WIDEST < text.length ? '…' : '')
  const indent = shown
    .slice(0, Math.max(0, column - 1 - start + (start > 0 ? 1 : 0)))
    .replaceAll(/[^\t]/g, ' ')
  const number = String(line).padStart(4)
  const margin = ' '.repeat(number.length)
  return [`${margin} |`, `${number} | ${shown}`, `${margin} | ${indent}^`]
}
