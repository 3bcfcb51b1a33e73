/** How old a plan is, and how old it may be. */
import { VpaiError } from '../../base/error.ts'
import { PLAN_ANEW } from '../../saved-plan/document.ts'

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 }

/** In words. Throws PLAN_TOO_OLD, and OPTION_VALUE for a --max-age that is no time. */
export function ageOf(
  madeAt: string,
  { now, most }: { readonly now: number; readonly most: unknown },
): string {
  const age = Math.max(0, now - Date.parse(madeAt))
  if (most !== undefined && age > milliseconds(String(most))) {
    throw new VpaiError('PLAN_TOO_OLD', `the plan is ${words(age)} old, and --max-age is ${String(most)}`, {
      hint: PLAN_ANEW,
    })
  }
  return words(age)
}

function milliseconds(text: string): number {
  const [, count, unit = ''] = /^(\d+)([mhd])$/.exec(text.trim()) ?? []
  if (count !== undefined) return Number(count) * (UNITS[unit] ?? 0)
  throw new VpaiError('OPTION_VALUE', `--max-age takes a time as 30m, 12h or 7d, not ${text}`)
}

function words(age: number): string {
  const [name, unit] =
    age < 2 * 3_600_000
      ? (['minute', 60_000] as const)
      : age < 2 * 86_400_000
        ? (['hour', 3_600_000] as const)
        : (['day', 86_400_000] as const)
  const count = Math.floor(age / unit)
  return `${count} ${name}${count === 1 ? '' : 's'}`
}
