/** Runs every side in turn, round by round, so that a change of the machine's load meets all of them. */

import type { Relay } from './relays.ts'
import { median, type Row } from './result.ts'
import { type Command, type Ran, run, runWatched } from './run.ts'

export interface Side {
  readonly side: string
  readonly command: () => Command
  readonly repetitions: number
  /** Before each run; not timed. */
  readonly before?: () => Promise<void>
  /** Throws when the run did not do what is measured. */
  readonly check: (ran: Ran) => void
  readonly beside?: (ran: Ran) => Record<string, number>
  /** Memory is looked at, too. */
  readonly watched?: boolean
  /** What a run's time is multiplied with. */
  readonly scale?: Scale
}

export interface Scale {
  readonly factor: number
  readonly text: string
}

export interface Rounds {
  readonly what: string
  readonly relay: Relay | null
  readonly sides: readonly Side[]
  readonly log: (line: string) => void
}

export async function rounds({ what, relay, sides, log }: Rounds): Promise<Row[]> {
  const samples = sides.map(() => [] as { seconds: number; beside: Record<string, number> }[])
  const most = Math.max(0, ...sides.map(side => side.repetitions))
  for (let round = 0; round < most; round++) {
    for (const [at, side] of sides.entries()) {
      if (round >= side.repetitions) continue
      await side.before?.()
      await relay?.counts()
      const ran = await (side.watched ? runWatched : run)(side.command())
      side.check(ran)
      const line = await relay?.counts()
      const seconds = ran.seconds * (side.scale?.factor ?? 1)
      samples[at]!.push({ seconds, beside: { ...side.beside?.(ran), ...watchedOf(ran), ...line } })
      log(`${what}${relay === null ? '' : ` at ${relay.rtt} ms`}: ${side.side} ${seconds.toFixed(3)} s`)
    }
  }
  return sides.flatMap((side, at) => {
    const taken = samples[at]!
    if (taken.length === 0) return []
    const runs = taken.map(sample => sample.seconds)
    const row = {
      what,
      rtt: relay?.rtt ?? null,
      side: side.side,
      seconds: median(runs),
      runs,
      beside: taken.at(-1)!.beside,
    }
    return [side.scale === undefined ? row : { ...row, extrapolated: side.scale.text }]
  })
}

function watchedOf({ memory, cpuSeconds }: Ran): Record<string, number> {
  const cpu = { 'CPU seconds': cpuSeconds }
  return memory === null ? cpu : { ...cpu, MiB: memory.peakMiB, processes: memory.processes }
}
