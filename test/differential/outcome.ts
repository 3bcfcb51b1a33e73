/** What one task did on one host, in words both tools share, in the order it happened there. */
export interface Outcome {
  readonly host: string
  readonly task: string
  /** `site.yml:12` */
  readonly where: string
  readonly status: string
  /** One status per item of a loop; null without a loop. */
  readonly items: readonly string[] | null
  readonly result: Result
}

export type Result = Readonly<Record<string, unknown>>

export interface Played {
  readonly outcomes: readonly Outcome[]
  /** host: `ok=3 changed=1 …` */
  readonly stats: Readonly<Record<string, string>>
  readonly code: number | null
  /** For people, when something is wrong. */
  readonly output: string
}

export const COUNTS = ['ok', 'changed', 'unreachable', 'failed', 'skipped', 'rescued', 'ignored'] as const

export function isResult(value: unknown): value is Result {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The statuses of a loop's items, in order. */
export function itemsOf(result: Result): string[] | null {
  const { results } = result
  if (!Array.isArray(results) || !results.every(one => isResult(one) && 'ansible_loop_var' in one))
    return null
  return results.map(statusOf)
}

export function statusOf(result: Result): string {
  if (result.unreachable === true) return 'unreachable'
  if (result.failed === true) return 'failed'
  if (result.skipped === true) return 'skipped'
  return result.changed === true ? 'changed' : 'ok'
}
