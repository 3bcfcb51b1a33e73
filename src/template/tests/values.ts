/** Tests of what a value is and how it compares. */

import { typeError } from '../errors.ts'
import { isLower, isUpper } from '../methods/str.ts'
import { iterate } from '../runtime/access.ts'
import { findDefinition } from '../runtime/calls.ts'
import { contains, equal, order, truth } from '../runtime/compare.ts'
import { evaluator } from '../runtime/evaluator.ts'
import { str } from '../runtime/printing.ts'
import { define, mergeTables } from '../runtime/signature.ts'
import { Callable, isDictLike, isFloat, isNumber, numeric, typeName, Undefined } from '../runtime/values.ts'

const forUndefined = define(
  {
    'defined()': (value: unknown) => !(value instanceof Undefined),
    'undefined()': (value: unknown) => value instanceof Undefined,
  },
  { takesUndefined: true },
)

const plain = define({
  'none()': (value: unknown) => value === null,
  'boolean()': (value: unknown) => typeof value === 'boolean',
  'true()': (value: unknown) => value === true,
  'false()': (value: unknown) => value === false,
  'integer()': (value: unknown) => Number.isInteger(value) || typeof value === 'bigint',
  'float()': isFloat,
  'number()': (value: unknown) => isNumber(value) || typeof value === 'boolean',
  'string()': (value: unknown) => typeof value === 'string',
  'mapping()': isDictLike,
  'sequence|iterable()': (value: unknown) =>
    Array.isArray(value) || typeof value === 'string' || isDictLike(value),
  'list()': (value: unknown) => Array.isArray(value),
  'callable()': (value: unknown) => value instanceof Callable,
  'sameas(other)': (value: unknown, other: unknown) => value === other,
  'escaped()': () => false,
  'odd()': (value: unknown) => Math.abs(requireNumber(value) % 2) === 1,
  'even()': (value: unknown) => requireNumber(value) % 2 === 0,
  'divisibleby(num: num)': (value: unknown, divisor: number) => requireNumber(value) % divisor === 0,
  'nan|isnan()': (value: unknown) => Number.isNaN(numeric(value)),
  'upper()': (value: unknown) => isUpper(str(value)),
  'lower()': (value: unknown) => isLower(str(value)),
  'in(seq)': (value: unknown, container: unknown) => contains(container, value),
  'contains(value)': (container: unknown, value: unknown) => contains(container, value),
  'eq|equalto|==(other)': equal,
  'ne|!=(other)': (value: unknown, other: unknown) => !equal(value, other),
  'lt|lessthan|<(other)': (value: unknown, other: unknown) => order(value, other) < 0,
  'le|<=(other)': (value: unknown, other: unknown) => order(value, other) <= 0,
  'gt|greaterthan|>(other)': (value: unknown, other: unknown) => order(value, other) > 0,
  'ge|>=(other)': (value: unknown, other: unknown) => order(value, other) >= 0,
  'subset|issubset(other: list)': (value: unknown, other: readonly unknown[] = []) =>
    isSubset(iterate(value), other),
  'superset|issuperset(other: list)': (value: unknown, other: readonly unknown[] = []) =>
    isSubset(other, iterate(value)),
  'all()': (value: unknown) => iterate(value).every(truth),
  'any()': (value: unknown) => iterate(value).some(truth),
  'truthy(convert_bool: bool)': (value: unknown, convert = false) =>
    convert ? wordTruth(value) : truth(value),
  'falsy(convert_bool: bool)': (value: unknown, convert = false) =>
    !(convert ? wordTruth(value) : truth(value)),
  'filter()': (value: unknown) => findDefinition(evaluator().library.filters, str(value)) !== undefined,
  'test()': (value: unknown) => findDefinition(evaluator().library.tests, str(value)) !== undefined,
})

export const valueTests = mergeTables(forUndefined, plain)

function requireNumber(value: unknown): number {
  const number = numeric(value)
  return isNumber(number) ? Number(number) : typeError(`a number is needed, not ${typeName(value)}`)
}

function isSubset(part: readonly unknown[], whole: readonly unknown[]): boolean {
  return part.every(member => whole.some(other => equal(member, other)))
}

const FALSE_WORDS = new Set(['no', 'off', 'false', 'f', 'n', '0'])

function wordTruth(value: unknown): boolean {
  return !FALSE_WORDS.has(str(value).toLowerCase()) && truth(value)
}
