/**
 * set_stats: figures of the run, told at its end.
 *
 * Args     data (names and values), per_host (of this host, else of the run), aggregate (put what comes to what is there).
 * Changes  nothing on the host.
 * Errors   a name that is none of a variable.
 */
import { z } from 'zod'
import { isDict, type Value } from '../base/value.ts'
import { defineModule } from './contract.ts'
import { argumentsOf, bool } from './shared/arguments.ts'

const NAME = /^[A-Za-z_]\w*$/

const schema = () =>
  argumentsOf({
    data: z
      .custom<Record<string, Value>>(isDict, 'must be a mapping from names to values')
      .refine(
        data => Object.keys(data).every(name => NAME.test(name)),
        'names are letters, digits and underscores, and do not begin with a digit',
      ),
    per_host: bool().default(false),
    aggregate: bool().default(true),
  })
type Args = z.output<ReturnType<typeof schema>>

export const setStats = defineModule<Args>({
  name: 'set_stats',
  summary: 'Figures of the run, told at its end',
  args: schema,
  settles: true,
  controller: true,
  keys: () => [],
  decide: ({ data, per_host, aggregate }) => ({
    kind: 'ok',
    result: { ansible_stats: { data, per_host, aggregate } },
  }),
})
