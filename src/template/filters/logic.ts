/** Filters about what a value is: fallbacks, booleans, choices. */
import { Unknown } from '../../base/value.ts'
import { TemplateError, UnknownValueError } from '../errors.ts'
import { truth } from '../runtime/compare.ts'
import { define, mergeTables } from '../runtime/signature.ts'
import { numeric, typeName, Undefined } from '../runtime/values.ts'

const forUndefined = define(
  {
    'default|d(default_value, boolean: bool)': (
      value: unknown,
      fallback: unknown = '',
      isForFalse = false,
    ) => {
      const known = requireKnown(value)
      return known instanceof Undefined || (isForFalse && !truth(known)) ? fallback : known
    },
    'mandatory(msg: str)': (value: unknown, message?: string) => {
      const known = requireKnown(value)
      if (!(known instanceof Undefined)) return known
      const text = message ?? `Mandatory variable '${known.variable ?? known.message}' not defined.`
      throw new TemplateError('TEMPLATE_MANDATORY', text)
    },
    'type_debug()': (value: unknown) => typeName(requireKnown(value)),
  },
  { takesUndefined: true },
)

const plain = define({
  'bool()': toBoolean,
  'ternary(true_val, false_val, none_val)': (
    value: unknown,
    yes: unknown,
    no: unknown = null,
    none: unknown = null,
  ) => {
    if (value === null && none !== null) return none
    return truth(value) ? yes : no
  },
})

export const logicFilters = mergeTables(forUndefined, plain)

function requireKnown(value: unknown): unknown {
  if (value instanceof Unknown) throw new UnknownValueError(value.reason)
  return value
}

const TRUE_WORDS = new Set(['yes', 'on', '1', 'true'])

/** Ansible's rule: what is not one of the words for true is false. */
function toBoolean(value: unknown): boolean | null {
  if (value === null || typeof value === 'boolean') return value
  if (typeof value === 'string') return TRUE_WORDS.has(value.toLowerCase())
  return numeric(value) === 1
}
