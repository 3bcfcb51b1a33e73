/** Changes as reports: values and unified diffs, free of secrets. */
import { createTwoFilesPatch } from 'diff'
import type { ChangeReport } from '../base/event.ts'
import { isMapping, type Value } from '../base/value.ts'
import type { Change } from '../modules/contract.ts'

/** Texts longer than this are compared by hash alone; a diff of megabytes helps nobody. */
const MAX_DIFF_CHARS = 256 * 1024

export function reportChanges(
  changes: readonly Change[],
  withDiff: boolean,
  mask: (text: string) => string,
): ChangeReport[] {
  return changes.map(change => ({
    what: change.what,
    subject: mask(change.subject),
    from: masked(change.from, mask),
    to: masked(change.to, mask),
    ...(withDiff && change.diff ? { diff: unified(change.diff, mask) } : {}),
  }))
}

function unified(diff: NonNullable<Change['diff']>, mask: (text: string) => string): string {
  const [before, after] = [mask(diff.before), mask(diff.after)]
  if (before.length + after.length > MAX_DIFF_CHARS) return `(${diff.label}: too long to show)`
  if (before === after) return `(${diff.label}: only hidden secrets differ)`
  const patch = createTwoFilesPatch(diff.label, diff.label, before, after, undefined, undefined, {
    context: 3,
  })
  return patch.slice(patch.indexOf('---'))
}

/** The value with every text in it free of secrets. */
export function masked(value: Value, mask: (text: string) => string): Value {
  if (typeof value === 'string') return mask(value)
  if (Array.isArray(value)) return value.map(one => masked(one, mask))
  if (value instanceof Map)
    return new Map([...value].map(([key, one]) => [masked(key, mask), masked(one, mask)]))
  if (isMapping(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([key, one]) => [mask(key), masked(one as Value, mask)]),
    )
  }
  return value
}

/** The `diff` that a result carries. */
export function diffValue(changes: readonly Change[]): Value {
  return changes
    .filter(change => change.diff)
    .map(change => ({
      before: change.diff?.before ?? '',
      after: change.diff?.after ?? '',
      before_header: change.diff?.label ?? '',
      after_header: change.diff?.label ?? '',
    }))
}
