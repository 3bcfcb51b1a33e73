/** Points at which a connection breaks, spread over all bytes of a run in both directions; the same for the same seed. */
import type { Break, Breakage, Direction } from './faulty-way.ts'

export interface BreakPoint extends Omit<Break, 'afterBytes'> {
  /** Of all bytes that go in that direction, 0 to 1. */
  readonly share: number
}

const BREAKAGES: readonly Breakage[] = ['reset', 'close', 'stall', 'half-close']
const DIRECTIONS: readonly Direction[] = ['up', 'down']

/** `each`: points of every breakage in each direction, one in each stretch of equal length. */
export function breakPoints(seed: number, each: number): readonly BreakPoint[] {
  const random = mulberry32(seed)
  const kinds = BREAKAGES.flatMap(how => DIRECTIONS.map(direction => ({ how, direction })))
  return Array.from({ length: each }, (_, stretch) =>
    kinds.map(kind => ({ ...kind, share: (stretch + random()) / each })),
  ).flat()
}

export function breakAt(
  { how, direction, share }: BreakPoint,
  total: Readonly<Record<Direction, number>>,
): Break {
  return { how, direction, afterBytes: Math.floor(share * total[direction]) }
}

/** The generator of that name. */
function mulberry32(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}
