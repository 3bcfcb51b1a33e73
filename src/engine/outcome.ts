/** What came of a task on a host, before conditions of its own (changed_when, failed_when) are applied and after. */
import type { ChangeReport, TaskStatus } from '../base/event.ts'
import type { Resource } from '../base/resource.ts'
import type { Dict, Value } from '../base/value.ts'
import type { HostState } from './host-state.ts'

export interface Outcome {
  readonly status: TaskStatus
  /** With changed, failed and skipped; what `register` keeps. */
  readonly result: Dict
  readonly changes: readonly ChangeReport[]
  readonly reason: string | null
  /** What check mode did not run. Its result is not known: whatever looks at it is late. */
  readonly unrun?: string
  /** What the host that was acted on has by it, should it end well. */
  readonly declares?: {
    readonly host: HostState
    readonly resources: readonly Resource[]
    /** What it takes away, which nobody has to be told of. */
    readonly away: readonly Resource[]
  }
}

export function okOutcome(result: Dict, changed: boolean, changes: readonly ChangeReport[] = []): Outcome {
  return {
    status: changed ? 'changed' : 'ok',
    result: { changed, failed: false, ...withLines(result) },
    changes,
    reason: null,
  }
}

export function skippedOutcome(reason: string, extra: Dict = {}): Outcome {
  return {
    status: 'skipped',
    result: { changed: false, skipped: true, skip_reason: reason, ...extra },
    changes: [],
    reason,
  }
}

export function failedOutcome(message: string, result: Dict = {}): Outcome {
  return {
    status: 'failed',
    result: { changed: false, msg: message, ...withLines(result), failed: true },
    changes: [],
    reason: message,
  }
}

export function lateOutcome(reason: string): Outcome {
  return {
    status: 'late',
    result: { changed: false, failed: false },
    changes: [],
    reason: `known after apply: ${reason}`,
  }
}

/**
 * What check mode says of something it does not run: that it would change, that it would not, or, when only running
 * it tells, nothing. What it would return is not known in any case.
 */
export function unrunOutcome(summary: string, changes: boolean | undefined): Outcome {
  const reason = `${summary} (not run in check mode)`
  if (changes === undefined) return { ...lateOutcome(reason), unrun: summary }
  if (!changes) return { ...skippedOutcome(reason), unrun: summary }
  const run: ChangeReport = { what: 'not run in check mode', subject: summary, from: null, to: null }
  return { ...okOutcome({}, true, [run]), reason, unrun: summary }
}

/** stdout_lines and stderr_lines, as every result with output has them. */
function withLines(result: Dict): Dict {
  const lines: Record<string, Value> = {}
  for (const stream of ['stdout', 'stderr'] as const) {
    const text = result[stream]
    if (typeof text === 'string' && !Object.hasOwn(result, `${stream}_lines`))
      lines[`${stream}_lines`] = splitLines(text)
  }
  return { ...result, ...lines }
}

/** Python's splitlines for the line ends that commands print. */
function splitLines(text: string): string[] {
  const lines = text.split(/\r\n|\n|\r/)
  if (lines.at(-1) === '') lines.pop()
  return lines
}

/** One outcome for all items of a loop: results in order; changed, failed and unreachable when any is. */
export function loopOutcome(items: readonly Outcome[]): Outcome {
  const first = (status: TaskStatus) => items.find(item => item.status === status)
  const changed = items.some(item => item.result.changed === true)
  const results = items.map(item => item.result)
  const unrun = items.find(item => item.unrun !== undefined)?.unrun
  const shared = {
    changes: items.flatMap(item => item.changes),
    ...(unrun === undefined ? {} : { unrun }),
  }
  const unreachable = first('unreachable')
  if (unreachable) {
    const msg = unreachable.reason ?? 'unreachable'
    return {
      status: 'unreachable',
      result: { changed, unreachable: true, msg, results },
      reason: msg,
      ...shared,
    }
  }
  if (items.length === 0)
    return {
      ...skippedOutcome('No items in the list', { results, skipped_reason: 'No items in the list' }),
      ...shared,
    }
  if (items.every(item => item.status === 'skipped'))
    return { ...skippedOutcome('All items skipped', { msg: 'All items skipped', results }), ...shared }
  const failed = first('failed')
  if (failed) return { ...failedItems({ changed, results }), reason: failed.reason ?? SOME_FAILED, ...shared }
  const late = first('late')
  if (late) return { ...lateOutcome((late.reason ?? '').replace(/^known after apply: /, '')), ...shared }
  if (first('ignored'))
    return { ...failedItems({ changed, results }), status: 'ignored', reason: SOME_FAILED, ...shared }
  return {
    status: changed ? 'changed' : 'ok',
    result: { changed, failed: false, msg: 'All items completed', results },
    reason: null,
    ...shared,
  }
}

const SOME_FAILED = 'One or more items failed'

function failedItems({ changed, results }: { changed: boolean; results: readonly Dict[] }): Outcome {
  const result = { changed, failed: true, msg: SOME_FAILED, results }
  return { status: 'failed', result, changes: [], reason: SOME_FAILED }
}
