/**
 * wait_for_connection: dial until the host answers.
 *
 * Args     timeout, delay, sleep, connect_timeout.
 * Changes  never. Result: elapsed.
 * Errors   no answer within `timeout` seconds.
 */
import type { z } from 'zod'
import { defineModule, type Verdict } from './contract.ts'
import { argumentsOf, float } from './shared/arguments.ts'

const schema = () =>
  argumentsOf({
    timeout: float().default(600),
    delay: float().default(0),
    sleep: float().default(1),
    connect_timeout: float().default(5),
  })
type Args = z.output<ReturnType<typeof schema>>

export const waitForConnection = defineModule<Args>({
  name: 'wait_for_connection',
  summary: 'Dial until the host answers',
  args: schema,
  keys: () => [],
  decide: (args): Verdict => ({
    kind: 'opaque',
    summary: 'wait for the host to answer',
    changes: false,
    apply: function* () {
      const { elapsed } = yield {
        do: 'reconnect',
        timeoutS: args.timeout,
        delayS: args.delay,
        sleepS: args.sleep,
        connectTimeoutS: args.connect_timeout,
      }
      return { changed: false, elapsed: Math.round(elapsed) }
    },
  }),
  settles: 'it only waits',
})
