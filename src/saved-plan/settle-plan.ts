/** A plan that was made twice in a row: what is other at the second look moves by itself, and is not compared later. */
import type { PlannedHost } from './format.ts'

export function settlePlan(first: readonly PlannedHost[], second: readonly PlannedHost[]): PlannedHost[] {
  return first.map(host => {
    const again = second.find(({ id }) => id === host.id)
    const digests = new Map(again?.seen.map(({ id, digest }) => [id, digest]))
    const seen = host.seen.map(look => {
      const digest = digests.get(look.id)
      return digest === undefined || digest === look.digest ? look : { ...look, moves: true as const }
    })
    return { ...host, seen }
  })
}
