/**
 * validate_argument_spec: do variables hold against a spec, as a role's meta/argument_specs.yml gives it.
 *
 * Args     argument_spec (options by name); provided_arguments (values that win over the variables of those
 *          names); validate_args_context (what is checked, for whoever reads the result).
 * Changes  never; defaults of the spec set nothing. Result: msg, and on failure argument_errors, argument_spec_data.
 * Errors   a value of another type, none of the choices, a required one that is missing, an unknown one in a mapping.
 */
import type { z } from 'zod'
import { specErrors } from '../base/argument-spec.ts'
import type { Dict, Value } from '../base/value.ts'
import { defineModule, type Verdict } from './contract.ts'
import { argumentsOf, dict } from './shared/arguments.ts'

const schema = () =>
  argumentsOf({
    argument_spec: dict(),
    provided_arguments: dict().default({}),
    validate_args_context: dict().default({}),
  })
type Args = z.output<ReturnType<typeof schema>>

export const validateArgumentSpec = defineModule<Args>({
  name: 'validate_argument_spec',
  summary: 'Check variables against a spec',
  args: schema,
  settles: true,
  controller: true,
  keys: () => [],
  decide(args, _seen, ctx): Verdict {
    const spec = args.argument_spec as Dict
    const values = Object.keys(spec).flatMap((name): [string, Value][] => {
      const value = ctx.variable(name)
      return value === undefined ? [] : [[name, value]]
    })
    const provided = args.provided_arguments as Dict
    const errors = specErrors(spec, { ...Object.fromEntries(values), ...provided })
    const validate_args_context = args.validate_args_context as Dict
    if (errors.length === 0)
      return { kind: 'ok', result: { msg: 'The arg spec validation passed', validate_args_context } }
    return {
      kind: 'fail',
      message: `Validation of arguments failed:\n${errors.join('\n')}`,
      result: { argument_errors: errors, argument_spec_data: spec, validate_args_context },
    }
  },
})
