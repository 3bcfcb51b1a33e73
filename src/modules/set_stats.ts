import { z } from 'zod'
import type { Dict, Value } from '../base/value.ts'
import { defineModule } from './contract.ts'
import { argumentsOf, bool } from './shared/arguments.ts'

const schema = () =>
  argumentsOf({
    data: z.record(
      z.string(),
      z.custom<Value>(value => value !== undefined),
    ),
    per_host: bool().default(false),
    aggregate: bool().default(true),
  })

export type SetStatsArgs = z.output<ReturnType<typeof schema>>

/** Adds figures to the summary of the run. */
export const setStats = defineModule<SetStatsArgs>({
  name: 'set_stats',
  summary: 'Adds to the summary of the run',
  args: schema,
  settles: true,
  controller: true,
  keys: () => [],
  decide(args) {
    const data: Dict = args.data
    return {
      kind: 'ok',
      result: { ansible_stats: { data, per_host: args.per_host, aggregate: args.aggregate } },
    }
  },
})
