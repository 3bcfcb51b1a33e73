/** Values as Python prints them: str(), repr() and what a template's output becomes. */
import { OMIT, PyFloat, Unknown } from '../../base/value.ts'
import { UnknownValueError } from '../errors.ts'
import { dictEntries } from './dicts.ts'
import { demand, force } from './force.ts'
import { Callable, isDictLike, Namespace, Tuple, Undefined } from './values.ts'

/** Python's str(). Throws for what is undefined or unknown. */
export function str(value: unknown): string {
  const forced = force(value)
  switch (typeof forced) {
    case 'string':
      return forced
    case 'boolean':
      return forced ? 'True' : 'False'
    case 'bigint':
      return String(forced)
    case 'number':
      return numberText(forced)
  }
  if (forced === null) return 'None'
  if (forced instanceof PyFloat) return floatText(forced.v)
  if (forced instanceof Undefined) return forced.isSilent ? '' : forced.fail()
  if (forced instanceof Unknown) throw new UnknownValueError(forced.reason)
  if (forced instanceof Date) return forced.toISOString().slice(0, 19).replace('T', ' ')
  if (forced instanceof Namespace) return `<Namespace ${namespaceText(forced)}>`
  if (forced instanceof Callable) return `<function ${forced.name}>`
  if (forced === OMIT) return String(OMIT)
  if (Array.isArray(forced) || isDictLike(forced)) return repr(forced)
  return '<object>'
}

/** Python's repr(): as str(), with strings in quotes. */
export function repr(value: unknown): string {
  const forced = force(value)
  if (typeof forced === 'string') return quotedText(forced)
  if (Array.isArray(forced)) {
    const members = forced.map(repr).join(', ')
    return forced instanceof Tuple ? `(${members}${forced.length === 1 ? ',' : ''})` : `[${members}]`
  }
  if (!isDictLike(forced)) return str(forced)
  const pairs = dictEntries(forced).map(([key, member]) => `${repr(key)}: ${repr(member)}`)
  return `{${pairs.join(', ')}}`
}

/** Python's repr() of a float: 3.0, 1e+16, 1e-05, inf. */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf'
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0'
  const [mantissa = '', exponentText = ''] = value.toExponential().split('e')
  const exponent = Number(exponentText)
  if (exponent < -4 || exponent >= 16) {
    const digits = String(Math.abs(exponent)).padStart(2, '0')
    return `${mantissa}e${exponent < 0 ? '-' : '+'}${digits}`
  }
  // JavaScript switches to exponents at 1e-7 and 1e21, so small numbers are written out here.
  const plain =
    Math.abs(value) < 1e-6
      ? value.toFixed(mantissa.replace(/[-.]/g, '').length - 1 - exponent)
      : String(value)
  return plain.includes('.') ? plain : `${plain}.0`
}

/** What printing adds to the output. The start of a native template: a lone value keeps its type. */
export const EMPTY = Symbol('nothing printed yet')

export function print(output: unknown, value: unknown): unknown {
  return output === EMPTY ? value : outputText(output) + outputText(value)
}

/** A value that is about to be printed: known and defined (or silently nothing). */
export function printable(value: unknown): unknown {
  const forced = force(value)
  return forced instanceof Undefined && forced.isSilent ? '' : demand(forced)
}

/** None prints as nothing at the top of a template. */
function outputText(value: unknown): string {
  return value === null ? '' : str(value)
}

function numberText(value: number): string {
  if (!Number.isInteger(value)) return floatText(value)
  const text = String(value)
  return text.includes('e') ? BigInt(value).toString() : text
}

function namespaceText(namespace: Namespace): string {
  return `{${[...namespace.attributes].map(([key, value]) => `${quotedText(key)}: ${repr(value)}`).join(', ')}}`
}

const NAMED_ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
}
const ESCAPED = /[\\\x00-\x1f\x7f-\xa0\xad]|\u2028|\u2029/g

/** Single quotes, unless the text holds those and no double ones. */
function quotedText(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'"
  const escaped = text.replace(ESCAPED, character => NAMED_ESCAPES[character] ?? hexEscape(character))
  return quote + (quote === "'" ? escaped.replaceAll("'", "\\'") : escaped) + quote
}

function hexEscape(character: string): string {
  const code = character.charCodeAt(0)
  return code > 255 ? `\\u${code.toString(16).padStart(4, '0')}` : `\\x${code.toString(16).padStart(2, '0')}`
}
