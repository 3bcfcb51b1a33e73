import { z } from 'zod'
import type { Value } from '../base/value.ts'
import { defineModule } from './contract.ts'
import { argumentsOf } from './shared/arguments.ts'
import { toJson } from './shared/to-json.ts'

const DEFAULT = 'Failed as requested from task'

const schema = () => argumentsOf({ msg: z.custom<Value>(value => value !== undefined).default(DEFAULT) })

export type FailArgs = z.output<ReturnType<typeof schema>>

/** Ends the host's play with a message; a number or list is registered as it is. */
export const fail = defineModule<FailArgs>({
  name: 'fail',
  summary: 'Fails with a message',
  args: schema,
  settles: true,
  controller: true,
  keys: () => [],
  decide: ({ msg }) => ({
    kind: 'fail',
    message: typeof msg === 'string' ? msg : toJson(msg),
    result: { msg },
  }),
})
