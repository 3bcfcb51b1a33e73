import { z } from 'zod'
import { VpaiError } from '../base/error.ts'
import type { Value } from '../base/value.ts'
import { type Context, defineModule } from './contract.ts'
import { argumentsOf, int, text } from './shared/arguments.ts'

const schema = () =>
  argumentsOf(
    {
      msg: z.custom<Value>(value => value !== undefined).optional(),
      var: text().optional(),
      verbosity: int().default(0),
    },
    {},
    ['msg'],
  ).refine(args => args.msg === undefined || args.var === undefined, 'give one of msg and var')

export type DebugArgs = z.output<ReturnType<typeof schema>>

/** Prints a text, or a variable under its own name. */
export const debug = defineModule<DebugArgs>({
  name: 'debug',
  summary: 'Prints a text or variable',
  args: schema,
  settles: true,
  controller: true,
  foreseeable: () => 'only looks',
  keys: () => [],
  decide(args, _seen, ctx) {
    if (Number(ctx.variable('ansible_verbosity') ?? 0) < args.verbosity)
      return { kind: 'skip', reason: 'Verbosity threshold not met.' }
    if (args.var === undefined)
      return { kind: 'ok', result: { msg: args.msg === undefined ? 'Hello world!' : args.msg } }
    return { kind: 'ok', result: { [args.var]: valueOrNotice(args.var, ctx) } }
  },
})

/** What is not defined is told, not refused: looking for it is what debug is for. */
function valueOrNotice(expression: string, ctx: Context): Value {
  try {
    return ctx.evaluate(expression)
  } catch (error) {
    if (error instanceof VpaiError && error.code.includes('UNDEFINED')) return 'VARIABLE IS NOT DEFINED!'
    throw error
  }
}
