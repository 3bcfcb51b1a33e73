/** Does a written value fit what a keyword wants? Templates fit everywhere a value is computed. */
import { isMapping, PyFloat, Template, type Value } from '../base/value.ts'
import type { ValueType } from './keywords.ts'

/** What is wanted, in words, or undefined when the value fits. Null stands for "not given" and fits. */
export function misfit(type: ValueType, value: Value): string | undefined {
  if (value === null) return undefined
  const { fits, wanted } = TYPES[type]
  return fits(value) ? undefined : wanted
}

/** A name a variable may have. */
export function isVariableName(name: string): boolean {
  return /^[A-Za-z_]\w*$/.test(name) && !RESERVED.has(name)
}

/** What a value is, in words. */
export function describe(value: Value): string {
  if (value === null) return 'nothing'
  if (value instanceof Template) return 'a template'
  if (Array.isArray(value)) return 'a list'
  if (isMapping(value)) return 'a mapping'
  if (typeof value === 'string') return value === '' ? 'an empty text' : 'a text'
  if (typeof value === 'boolean') return String(value)
  return value instanceof Date ? 'a date' : 'a number'
}

interface TypeRule {
  readonly fits: (value: Value) => boolean
  readonly wanted: string
}

/** Words that expressions read as something else. */
const RESERVED = new Set([
  'and',
  'else',
  'false',
  'False',
  'if',
  'in',
  'is',
  'none',
  'None',
  'not',
  'or',
  'true',
  'True',
])

const isText = (value: Value) => typeof value === 'string' || isNumber(value) || value instanceof Template
const isNumber = (value: Value) =>
  typeof value === 'number' || typeof value === 'bigint' || value instanceof PyFloat

const TYPES: Readonly<Record<ValueType, TypeRule>> = {
  any: { fits: () => true, wanted: '' },
  bool: { fits: isBool, wanted: 'true or false' },
  int: { fits: value => isIntegral(value), wanted: 'a whole number' },
  number: { fits: isNumeric, wanted: 'a number' },
  text: { fits: value => isText(value) || typeof value === 'boolean', wanted: 'a text' },
  texts: {
    fits: value => (Array.isArray(value) ? value.every(isText) : isText(value)),
    wanted: 'a text or a list of texts',
  },
  list: { fits: Array.isArray, wanted: 'a list' },
  dict: { fits: isMapping, wanted: 'a mapping' },
  dicts: { fits: isDicts, wanted: 'a mapping' },
  variables: { fits: isMapping, wanted: 'a mapping of names to values' },
  name: { fits: value => typeof value === 'string', wanted: 'the name of a variable' },
}

function isBool(value: Value): boolean {
  if (typeof value === 'boolean' || value instanceof Template) return true
  if (typeof value === 'number') return value === 0 || value === 1
  return typeof value === 'string' && /^(?:yes|no|true|false|on|off|y|n|t|f|0|1)$/i.test(value)
}

function isIntegral(value: Value): boolean {
  if (value instanceof Template || value instanceof PyFloat || typeof value === 'bigint') return true
  if (typeof value === 'number') return Number.isInteger(value)
  return typeof value === 'string' && /^[-+]?\d+$/.test(value.trim())
}

function isNumeric(value: Value): boolean {
  if (value instanceof Template || isNumber(value)) return true
  return typeof value === 'string' && /^[-+]?\d+(?:\.\d+)?%?$/.test(value.trim())
}

function isDicts(value: Value): boolean {
  if (isMapping(value) || value instanceof Template) return true
  return Array.isArray(value) && value.every(item => isMapping(item) || item instanceof Template)
}
