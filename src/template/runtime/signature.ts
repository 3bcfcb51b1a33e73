/**
 * Signatures of filters, tests and methods, written as text: `'default|d(default_value, boolean: bool)'`.
 * They bind keywords, refuse wrong counts and names, and check what is given: a body gets what it declares.
 */
import { isMapping, Unknown, type Value } from '../../base/value.ts'
import { typeError, UnknownValueError } from '../errors.ts'
import { iterate } from './access.ts'
import { truth } from './compare.ts'
import { force } from './force.ts'
import { str } from './printing.ts'
import { isFloat, type Keywords, numeric, typeName, Undefined } from './values.ts'

/**
 * What a parameter takes. `text`: anything, as str() prints it; `str`: only a text; `list`: anything that can be
 * looped over, as an array; `any`: as it comes, undefined values too. None counts as "not given" except for `any`.
 */
type Kind = 'any' | 'str' | 'text' | 'int' | 'num' | 'bool' | 'list' | 'dict'

const KINDS: ReadonlySet<string> = new Set(['any', 'str', 'text', 'int', 'num', 'bool', 'list', 'dict'])

interface Parameter {
  readonly name: string
  readonly kind: Kind
}

/** A body declares the parameters its signature promises; `never` lets each declare its own types. */
export type Body = (receiver: never, ...args: never[]) => unknown

export interface Definition {
  readonly name: string
  readonly parameters: readonly Parameter[]
  /** `(*)`: the body gets (receiver, positional[], keywords) unchecked. */
  readonly takesRest: boolean
  /** May the receiver be undefined or unknown (`default`, `is defined`)? */
  readonly takesUndefined: boolean
  /** Does the body change its receiver? It gets a copy of its own then. */
  readonly changesReceiver: boolean
  readonly body: Body
}

export type Traits = Partial<Pick<Definition, 'takesUndefined' | 'changesReceiver'>>

export type Definitions = Readonly<Record<string, Definition>>

/** A table by name (and alias) without a prototype, so that `constructor` is no filter. */
export function define(bodies: Readonly<Record<string, Body>>, traits: Traits = {}): Definitions {
  const table: Record<string, Definition> = Object.create(null)
  for (const [signature, body] of Object.entries(bodies)) {
    for (const definition of parseSignature(signature, body, traits)) table[definition.name] = definition
  }
  return table
}

export function mergeTables<T>(
  ...tables: readonly Readonly<Record<string, T>>[]
): Readonly<Record<string, T>> {
  return Object.assign(Object.create(null), ...tables)
}

function parseSignature(signature: string, body: Body, traits: Traits): Definition[] {
  const open = signature.indexOf('(')
  const inside = signature.slice(open + 1, -1).trim()
  const takesRest = inside === '*'
  const parameters = takesRest || inside === '' ? [] : inside.split(',').map(parseParameter)
  const names = signature.slice(0, open).split('|')
  const { takesUndefined = false, changesReceiver = false } = traits
  return names.map(name => ({ name, parameters, takesRest, takesUndefined, changesReceiver, body }))
}

function parseParameter(text: string): Parameter {
  const [name = '', kind = 'any'] = text.split(':').map(part => part.trim())
  if (!KINDS.has(kind)) throw new Error(`unknown kind in a signature: ${text}`)
  return { name, kind: kind as Kind }
}

/** Arguments of a call, all of them rendered. */
export interface Arguments {
  readonly positional: readonly unknown[]
  readonly keywords: Keywords
}

/** Runs a definition's body with checked arguments. */
export function invoke(definition: Definition, receiver: unknown, given: Arguments): unknown {
  const { positional: args, keywords } = given
  const body = definition.body as (...all: unknown[]) => unknown
  if (definition.takesRest) return body(receiver, args, forcedKeywords(keywords))
  const { name, parameters } = definition
  if (args.length > parameters.length) {
    typeError(`${name}() takes at most ${parameters.length} arguments but ${args.length} were given`)
  }
  const bound: unknown[] = [...args]
  for (const [key, value] of keywords.map) {
    const position = parameters.findIndex(parameter => parameter.name === key)
    if (position < 0) typeError(`${name}() got an unexpected keyword argument '${key}'`)
    if (position < args.length) typeError(`${name}() got multiple values for argument '${key}'`)
    bound[position] = value
  }
  return body(receiver, ...bound.map((value, i) => checked(value, parameters[i]!, name)))
}

function forcedKeywords(keywords: Keywords): ReadonlyMap<string, unknown> {
  return new Map([...keywords.map].map(([name, value]) => [name, force(value)]))
}

function checked(value: unknown, parameter: Parameter, callee: string): unknown {
  const forced = force(value)
  if (parameter.kind === 'any') return forced
  if (forced === null || forced === undefined) return undefined
  if (forced instanceof Undefined) return forced.fail()
  if (forced instanceof Unknown) throw new UnknownValueError(forced.reason)
  const converted = convert(forced, parameter.kind)
  if (converted !== undefined) return converted
  const wanted = KIND_NAMES[parameter.kind]
  return typeError(`${callee}(): ${parameter.name} must be ${wanted}, not ${typeName(forced)}`)
}

const KIND_NAMES: Readonly<Record<Kind, string>> = {
  any: 'anything',
  str: 'a string',
  text: 'a string',
  int: 'an integer',
  num: 'a number',
  bool: 'a boolean',
  list: 'a list',
  dict: 'a dictionary',
}

/** undefined: it does not fit. */
function convert(value: unknown, kind: Kind): unknown {
  switch (kind) {
    case 'str':
      return typeof value === 'string' ? value : undefined
    case 'text':
      return str(value)
    case 'bool':
      return truth(value)
    case 'list':
      return iterate(value)
    case 'dict':
      return isMapping(value) ? (value as Value) : undefined
    case 'num':
      return typeof numeric(value) === 'bigint' ? Number(numeric(value)) : asNumber(numeric(value))
    default:
      return isFloat(value) ? asInteger(Number(numeric(value))) : asNumber(numeric(value))
  }
}

function asNumber(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined
}

function asInteger(value: number): number | undefined {
  return Number.isInteger(value) ? value : undefined
}
