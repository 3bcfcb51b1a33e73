/** What lint found, for people: with the line and a pointer on a terminal, one line each elsewhere, a count at the end. */
import { formatProblem } from '../config/render-problem.ts'
import type { Finding, Severity } from '../lint/contract.ts'
import { safeText } from '../report/safe-text.ts'
import { bare, coloured, type Style } from '../report/style.ts'
import { sourceOf } from './error-text.ts'
import type { Io } from './io.ts'

export interface Found {
  readonly findings: readonly Finding[]
  /** Mended in the files. */
  readonly fixed: number
}

export function findingsText(
  { findings, fixed }: Found,
  { io, output }: { io: Io; output: unknown },
): string {
  const isPretty = output === 'pretty' || (output === undefined && io.stdoutIsTty)
  const style = isPretty && !io.env.NO_COLOR ? coloured() : bare()
  const blocks = findings.map(finding =>
    isPretty ? `${block(finding, { style, roots: io.sourceRoots })}\n\n` : `${line(finding)}\n`,
  )
  return `${blocks.join('')}${closing(findings, fixed)}\n`
}

function line({ rule, severity, message, position }: Finding): string {
  const place = position === undefined ? '' : `${position.file}:${position.line}:${position.column}: `
  return safeText(`${place}${severity}: ${message.replaceAll('\n', ' ')} (${rule})`)
}

function block(finding: Finding, { style, roots }: { style: Style; roots: readonly string[] }): string {
  const { rule, message, hint, position, severity, fix } = finding
  const help = [hint, fix === undefined ? undefined : '--fix does it.'].filter(text => text !== undefined)
  const problem = { code: rule, message, hint: help.length === 0 ? undefined : help.join('\n'), position }
  const [, ...rest] = safeText(formatProblem(problem, file => sourceOf(file, roots))).split('\n')
  const head = safeText(`${severity}: ${message} (${rule})`)
  const paint = severity === 'error' ? style.removed : severity === 'warning' ? style.warning : style.dim
  return [paint(head), ...rest].join('\n')
}

const WORDS: Record<Severity, readonly [string, string]> = {
  error: ['error', 'errors'],
  warning: ['warning', 'warnings'],
  info: ['remark', 'remarks'],
}

function closing(findings: readonly Finding[], fixed: number): string {
  const counted = (severity: Severity) => {
    const count = findings.filter(finding => finding.severity === severity).length
    return `${count} ${WORDS[severity][count === 1 ? 0 : 1]}`
  }
  const fixable = findings.filter(({ fix }) => fix !== undefined).length
  const parts = [counted('error'), counted('warning'), counted('info')]
  if (fixed > 0) parts.push(`${fixed} mended`)
  if (fixable > 0) parts.push(`${fixable} can be mended with --fix`)
  return parts.join(', ')
}
