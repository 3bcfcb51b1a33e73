/** The types of argument specs, and what Ansible takes for each of them. */
import { Secret } from './secret.ts'
import { isMapping, PyFloat, type Value } from './value.ts'

export const SPEC_TYPES = [
  'str',
  'list',
  'dict',
  'bool',
  'int',
  'float',
  'path',
  'raw',
  'json',
  'jsonarg',
  'bytes',
  'bits',
  'sid',
] as const
export type SpecType = (typeof SPEC_TYPES)[number]

export type Checked = { readonly value: Value } | { readonly error: string }

/** The value as the type wants it, or why it cannot be. */
export function checkType(given: Value, type: SpecType): Checked {
  const value = given instanceof Secret ? given.reveal() : given
  const fits = CHECKS[type]
  // A type that does not exist is a mistake in the spec, told where the spec is read.
  const found = fits === undefined ? value : fits(value)
  if (found !== undefined) return { value: found }
  if (type === 'dict' && typeof value === 'string')
    return { error: 'dictionary requested, could not parse JSON or key=value' }
  if (type === 'bool' && !isMapping(value) && !Array.isArray(value))
    return { error: `The value '${String(value)}' is not a valid boolean.` }
  const what = NOUNS[type] ?? `a ${type}`
  return { error: `${typeName(given)} cannot be converted to ${what}` }
}

const NOUNS: Readonly<Partial<Record<SpecType, string>>> = {
  int: 'an int',
  json: 'a json string',
  jsonarg: 'a json string',
  bytes: 'a Byte value',
  bits: 'a Bit value',
}

/** Python's name of the type, as its messages have it. */
export function typeName(value: Value): string {
  return `<class '${pythonType(value)}'>`
}

function pythonType(value: Value): string {
  if (typeof value === 'boolean') return 'bool'
  if (typeof value === 'bigint') return 'int'
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float'
  if (value instanceof PyFloat) return 'float'
  if (Array.isArray(value)) return 'list'
  if (value === null) return 'NoneType'
  return isMapping(value) ? 'dict' : 'str'
}

/** undefined: it does not fit. */
type Check = (value: Value) => Value | undefined

const isNumber = (value: Value) =>
  typeof value === 'number' || typeof value === 'bigint' || value instanceof PyFloat

const asText: Check = value => {
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  return value instanceof PyFloat ? value.v.toFixed(1) : String(value)
}
const asJson: Check = value =>
  typeof value === 'string' || Array.isArray(value) || isMapping(value) ? value : undefined
const asSize: Check = value =>
  isNumber(value) ||
  (typeof value === 'string' && /^\s*\d+(\.\d+)?\s*([KMGTPEZY]?i?[bB]?)?[a-z]*\s*$/.test(value))
    ? value
    : undefined

const CHECKS: Readonly<Record<string, Check>> = {
  str: asText,
  path: asText,
  sid: asText,
  raw: value => value,
  json: asJson,
  jsonarg: asJson,
  bytes: asSize,
  bits: asSize,
  list: value => {
    if (Array.isArray(value)) return value
    if (typeof value === 'string') return value.split(',')
    return isNumber(value) || typeof value === 'boolean' ? [String(value)] : undefined
  },
  dict: value => (isMapping(value) ? value : typeof value === 'string' ? dictOf(value) : undefined),
  bool: value => {
    if (typeof value === 'boolean') return value
    if (typeof value !== 'string' && !isNumber(value)) return undefined
    const word = value instanceof PyFloat ? String(value.v) : String(value).trim().toLowerCase()
    if (/^(y|yes|on|1|true|t|1\.0)$/.test(word)) return true
    return /^(n|no|off|0|false|f|0\.0)$/.test(word) ? false : undefined
  },
  int: value => {
    if (typeof value === 'boolean' || typeof value === 'bigint') return value
    if (typeof value === 'number') return Number.isInteger(value) ? value : undefined
    if (value instanceof PyFloat) return value.v
    return typeof value === 'string' && /^\s*[-+]?\d+\s*$/.test(value) ? Number(value) : undefined
  },
  float: value => {
    if (isNumber(value) || typeof value === 'boolean') return value
    if (typeof value !== 'string' || value.trim() === '') return undefined
    const number = Number(value)
    return Number.isNaN(number) ? undefined : number
  },
}

/** JSON, or `key=value` parted by commas or blanks. */
function dictOf(text: string): Value | undefined {
  if (text.startsWith('{')) {
    try {
      return JSON.parse(text) as Value
    } catch {
      return undefined
    }
  }
  const fields = text.split(/[,\s]+/).filter(field => field !== '')
  if (fields.length === 0 || !fields.every(field => field.includes('='))) return undefined
  return Object.fromEntries(
    fields.map(field => [field.slice(0, field.indexOf('=')), field.slice(field.indexOf('=') + 1)]),
  )
}
