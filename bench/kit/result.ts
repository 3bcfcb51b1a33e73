/** What a measure gives: rows of numbers, what was asked for, and what a reader must know. */
export interface Row {
  /** What was done: `no-op, 300 tasks`. */
  readonly what: string
  /** Round-trip time in milliseconds; null where no line is involved. */
  readonly rtt: number | null
  readonly side: string
  readonly seconds: number
  readonly runs: readonly number[]
  /** The peer ran a share of it only; the time is what the whole would take. */
  readonly extrapolated?: string
  /** Numbers beside the time: `{ requests: 1, turns: 9 }`. */
  readonly beside?: Readonly<Record<string, number>>
}

export interface Goal {
  readonly text: string
  readonly measured: string
  readonly holds: boolean
}

export interface Result {
  readonly rows: readonly Row[]
  readonly goals: readonly Goal[]
  readonly notes: readonly string[]
}

export interface Measure {
  readonly name: string
  readonly title: string
  run(lab: import('./lab.ts').Lab): Promise<Result>
}

/** The other side takes at least `times` as long as ours. No goal when one of both was not measured. */
export function faster(
  text: string,
  [ours, theirs]: readonly [Row | undefined, Row | undefined],
  times: number,
): Goal[] {
  if (ours === undefined || theirs === undefined) return []
  const ratio = theirs.seconds / ours.seconds
  const measured = `${figures(ratio)}×${theirs.extrapolated === undefined ? '' : ' (extrapolated)'}`
  return [{ text: `${text}: ≥ ${times}×`, measured, holds: ratio >= times }]
}

/** Ours takes at most `times` as long as the other. */
export function within(
  text: string,
  [ours, theirs]: readonly [Row | undefined, Row | undefined],
  times: number,
): Goal[] {
  if (ours === undefined || theirs === undefined) return []
  const ratio = ours.seconds / theirs.seconds
  return [{ text: `${text}: ≤ ${times}×`, measured: `${figures(ratio)}×`, holds: ratio <= times }]
}

export function atMost(text: string, value: number | undefined, limit: number): Goal[] {
  if (value === undefined) return []
  return [{ text: `${text}: ≤ ${limit}`, measured: figures(value), holds: value <= limit }]
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other)
  const middle = sorted.length / 2
  return sorted.length % 2 === 1
    ? (sorted[Math.floor(middle)] ?? Number.NaN)
    : ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2
}

/** Three figures, no exponent. */
export function figures(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2)
}
