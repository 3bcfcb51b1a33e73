/** What is said of each host, and the exit code for all of them. */
import type { Finding, Unseen } from './finding.ts'
import { type HostDrift, hostDrift } from './host-drift.ts'
import { parseSeen } from './seen.ts'

export type HostReport =
  /** partly: no difference, but not everything could be compared. */
  | ({ readonly state: 'same' | 'drift' | 'partly' } & HostDrift)
  /** There is no release on it. */
  | { readonly state: 'none' }
  | { readonly state: 'failed'; readonly reason: string }
  | { readonly state: 'unreachable'; readonly reason: string }

/** Of what the host answered. Throws RELEASE_FORMAT. */
export function reportOf(answer: string): HostReport {
  const seen = parseSeen(answer)
  if (seen === null) return { state: 'failed', reason: 'its answer is cut short' }
  if (seen.release === null) return { state: 'none' }
  const drift = hostDrift(seen.release, seen)
  return { state: stateOf(drift), ...drift }
}

function stateOf({ findings, unseen }: HostDrift): 'same' | 'drift' | 'partly' {
  if (findings.some(({ isDrift }) => isDrift)) return 'drift'
  return unseen.some(({ isFailure }) => isFailure) ? 'partly' : 'same'
}

/** 0 nothing, 2 drift, 3 a host could not be compared, 4 one was not reached: the highest. */
export function exitCodeOf(reports: Iterable<HostReport>): 0 | 2 | 3 | 4 {
  return Math.max(0, ...[...reports].map(codeOf)) as 0 | 2 | 3 | 4
}

function codeOf(report: HostReport): 0 | 2 | 3 | 4 {
  if (report.state === 'unreachable') return 4
  if (report.state === 'none' || report.state === 'failed') return 3
  if (report.unseen.some(({ isFailure }) => isFailure)) return 3
  return report.state === 'drift' ? 2 : 0
}

/** The host as `--output json` has it; `diffs` by path. */
export function hostDocument(report: HostReport, diffs: ReadonlyMap<string, string>) {
  const { state } = report
  const none = { release: null, findings: [], notLookedAt: [], notes: [], reason: null }
  if (state === 'none') return { state, ...none, reason: 'it has no release: a deploy makes one' }
  if (state === 'failed' || state === 'unreachable') return { state, ...none, reason: report.reason }
  const { number, env, when, by, run } = report.release
  return {
    state,
    release: { number, env, when, by, run },
    findings: report.findings.map(finding => findingDocument(finding, diffs)),
    notLookedAt: report.unseen.map((one: Unseen) => ({ ...one })),
    notes: [...report.notes],
    reason: null,
  }
}

function findingDocument({ at, ...finding }: Finding, diffs: ReadonlyMap<string, string>) {
  const diff = finding.kind === 'file' ? diffs.get(finding.subject) : undefined
  const time = at === null ? null : new Date(at * 1000).toISOString()
  return { ...finding, at: time, ...(diff === undefined ? {} : { diff }) }
}
