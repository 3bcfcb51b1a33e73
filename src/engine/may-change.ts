import type { Verdict } from '../modules/contract.ts'
import type { Attempt } from './attempt.ts'
import type { Actor } from './door.ts'

/** Doing so may change the host: data is kept before it. What a task says of itself (`changed_when: false`) is believed. */
export function mayChange(verdict: Verdict, { isLook }: Actor): boolean {
  return verdict.kind === 'change' || (verdict.kind === 'opaque' && verdict.changes !== false && !isLook)
}

/** Data was kept because it is about to change a host; what was seen before is old then. */
export async function isKeptFirst(
  { world, meter, snapshot, ready, actor }: Attempt,
  verdict: Verdict,
): Promise<boolean> {
  const { firstChange } = world
  if (firstChange === undefined || snapshot === null || ready.context.check) return false
  return mayChange(verdict, actor) && meter.spend('wait', firstChange.wait())
}
