/** What drifted, for people. */
import type { Finding, Problem } from '../../drift/finding.ts'
import type { HostReport } from '../../drift/report.ts'
import { safeText } from '../../report/safe-text.ts'
import type { Style } from '../../report/style.ts'

export interface DriftText {
  readonly style: Style
  /** By path. */
  readonly diffs: ReadonlyMap<string, string>
}

export function driftLines(host: string, report: HostReport, { style, diffs }: DriftText): string {
  if (report.state === 'none')
    return `${host}: ${style.warning('no release to compare with')}\n  hint: a deploy makes one, also when nothing has to be changed.`
  if (report.state === 'failed' || report.state === 'unreachable')
    return `${host}: ${style.removed(report.state)}: ${safeText(report.reason)}`
  const { release, findings, unseen, notes } = report
  const about = `release ${release.number}, ${release.when}, by ${release.by}`
  const verdict = {
    same: style.added('no drift'),
    drift: style.removed('drift'),
    partly: style.warning('no drift where it could be compared'),
  }[report.state]
  return [
    `${host}: ${verdict} (${safeText(about)})`,
    ...findings.flatMap(finding => findingLines(finding, { style, diffs })),
    ...unseen.map(({ what, why }) => `  ${style.warning('not looked at')}: ${safeText(`${what}: ${why}`)}`),
    ...notes.map(note => `  note: ${safeText(note)}`),
  ].join('\n')
}

const WORDS: Readonly<Record<Problem, string>> = {
  gone: 'is gone',
  came: 'came',
  type: 'is something else',
  content: 'has another content',
  target: 'leads elsewhere',
  attributes: 'has another mode or owner',
  stopped: 'does not run',
  failed: 'failed',
  masked: 'is masked',
  enabling: 'is enabled otherwise',
  version: 'has another version',
  image: 'runs another image',
  configuration: 'was made from another configuration',
  unhealthy: 'is unhealthy',
  restarting: 'keeps restarting',
  restarted: 'was restarted by Docker',
  ended: 'came to its end',
  undeclared: 'is declared by nobody',
}

function findingLines(finding: Finding, { style, diffs }: DriftText): readonly string[] {
  const { kind, subject, problem, was, is, isDrift, evidence } = finding
  const mark = !isDrift ? style.dim('·') : problem === 'gone' ? style.removed('-') : style.warning('~')
  const change = [was, is].filter(text => text !== null).join(' → ')
  const diff = kind === 'file' ? diffs.get(subject) : undefined
  return [
    `  ${mark} ${kind} ${safeText(subject)} ${WORDS[problem]}: ${safeText(change)}`,
    ...evidence.map(text => style.dim(`      ${safeText(text)}`)),
    ...(diff === undefined
      ? []
      : safeText(diff)
          .trimEnd()
          .split('\n')
          .map(line => `      ${line}`)),
  ]
}
