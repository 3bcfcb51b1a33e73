import type { z } from 'zod'
import { defineModule } from './contract.ts'
import { argumentsOf, text } from './shared/arguments.ts'

const schema = () => argumentsOf({ data: text().default('pong') })

export type PingArgs = z.output<ReturnType<typeof schema>>

/** Answers when the host can be reached and has a working shell. */
export const ping = defineModule<PingArgs>({
  name: 'ping',
  summary: 'Checks that the host answers',
  args: schema,
  settles: true,
  // Any question will do: the answer shows that the connection and sh work.
  keys: () => [{ kind: 'which', command: 'sh' }],
  decide: args =>
    args.data === 'crash' ? { kind: 'fail', message: 'boom' } : { kind: 'ok', result: { ping: args.data } },
})
