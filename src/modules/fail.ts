import type { z } from 'zod'
import { defineModule } from './contract.ts'
import { argumentsOf, text } from './shared/arguments.ts'

const schema = () => argumentsOf({ msg: text().default('Failed as requested from task') })

export type FailArgs = z.output<ReturnType<typeof schema>>

/** Ends the host's play with a message. */
export const fail = defineModule<FailArgs>({
  name: 'fail',
  summary: 'Fails with a message',
  args: schema,
  settles: true,
  controller: true,
  keys: () => [],
  decide: args => ({ kind: 'fail', message: args.msg }),
})
