import { z } from 'zod'
import type { Value } from '../base/value.ts'
import { defineModule } from './contract.ts'
import { argumentsOf, bool } from './shared/arguments.ts'
import { withoutEffect } from './shared/honoured.ts'
import { fail, settled } from './shared/results.ts'

const message = () => z.custom<Value>(value => value !== undefined)

const schema = () =>
  argumentsOf(
    {
      that: z.custom<Value>(value => value !== undefined, 'is required'),
      fail_msg: message().optional(),
      success_msg: message().optional(),
      quiet: withoutEffect(bool().default(false), 'conditions that hold are not printed in any case'),
    },
    { msg: 'fail_msg' },
  )

export type AssertArgs = z.output<ReturnType<typeof schema>>

/** Fails unless all conditions hold; names the first that does not. */
export const assert = defineModule<AssertArgs>({
  name: 'assert',
  summary: 'Fails unless conditions hold',
  args: schema,
  settles: true,
  controller: true,
  foreseeable: () => 'only looks',
  keys: () => [],
  decide(args, _seen, ctx) {
    const conditions: readonly Value[] = Array.isArray(args.that) ? args.that : [args.that]
    const assertion = conditions.find(condition => !ctx.test(condition))
    // A condition that is itself `undefined` cannot be written, so nothing found means that all hold.
    if (assertion === undefined) return settled({ msg: args.success_msg ?? 'All assertions passed' })
    return fail(messageText(args.fail_msg ?? 'Assertion failed'), { assertion, evaluated_to: false })
  },
})

function messageText(value: Value): string {
  return Array.isArray(value) ? value.map(messageText).join('\n') : String(value)
}
