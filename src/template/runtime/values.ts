/** Values that exist only while a template runs, and what Python calls the types of all values. */

import type { Position } from '../../base/error.ts'
import { type Dict, isMapping, OMIT, PyFloat, type Value } from '../../base/value.ts'
import { TemplateError } from '../errors.ts'
import type { RenderContext } from './context.ts'

export interface UndefinedDetails {
  /** The name, where it is a variable that is missing. */
  readonly variable?: string | undefined
  /** Where the missing name is written, when that is not the text being rendered. */
  readonly position?: Position | undefined
  /** An inline `if` without `else`: prints as nothing instead of failing. */
  readonly isSilent?: boolean
}

/** A name, key or element that is not there. It chains, and fails when its value is needed. */
export class Undefined {
  readonly message: string
  readonly variable: string | undefined
  readonly isSilent: boolean
  readonly #position: Position | undefined

  constructor(message: string, { variable, position, isSilent = false }: UndefinedDetails = {}) {
    this.message = message
    this.variable = variable
    this.isSilent = isSilent
    this.#position = position
  }

  fail(): never {
    const fallback = `define it, or give a fallback: {{ ${this.variable} | default('...') }}`
    const hint = this.variable === undefined ? undefined : fallback
    throw new TemplateError('TEMPLATE_UNDEFINED', this.message, { hint, position: this.#position })
  }
}

/** Python's tuple: prints in parentheses and never equals a list. */
export class Tuple extends Array<unknown> {
  static override get [Symbol.species](): ArrayConstructor {
    return Array
  }
}

export function tupleOf(members: Iterable<unknown>): Tuple {
  const tuple = new Tuple()
  for (const member of members) tuple.push(member)
  return tuple
}

/** What `namespace()` makes: the one value whose attributes a template can set. */
export class Namespace {
  readonly attributes: Map<string, unknown>

  constructor(pairs: Iterable<readonly [string, unknown]>) {
    this.attributes = new Map(pairs)
  }
}

/** The difference of two dates. */
export class TimeDelta {
  readonly totalSeconds: number

  constructor(totalSeconds: number) {
    this.totalSeconds = totalSeconds
  }

  /** Python splits it into whole days and the rest. */
  get days(): number {
    return Math.floor(this.totalSeconds / 86400)
  }

  get seconds(): number {
    return Math.floor(this.totalSeconds - this.days * 86400)
  }
}

/** Keyword arguments of a call; always the last argument. */
export class Keywords {
  readonly map: ReadonlyMap<string, unknown>

  constructor(pairs: Iterable<readonly [string, unknown]>) {
    this.map = new Map(pairs)
  }
}

export const NO_KEYWORDS = new Keywords([])

export type Invoke = (args: readonly unknown[], keywords: Keywords, context: RenderContext) => unknown

/** The only thing a template can call: JavaScript functions never are values of a template. */
export class Callable {
  readonly name: string
  readonly invoke: Invoke

  constructor(name: string, invoke: Invoke) {
    this.name = name
    this.invoke = invoke
  }
}

/** A mapping whose values are made when asked for (`hostvars`, `vars`); printing or looping over it makes them all. */
export class LazyMapping extends Map<Value, Value> {
  readonly #get: (key: string) => Value | undefined
  readonly #names: () => Iterable<string>

  constructor(get: (key: string) => Value | undefined, names: () => Iterable<string>) {
    super()
    this.#get = get
    this.#names = names
  }

  override get(key: Value): Value | undefined {
    return typeof key === 'string' ? this.#get(key) : undefined
  }

  override has(key: Value): boolean {
    return typeof key === 'string' && this.#get(key) !== undefined
  }

  override get size(): number {
    return [...this.#names()].length
  }

  override keys(): MapIterator<Value> {
    return new Set<Value>(this.#names()).values()
  }

  override *entries(): MapIterator<[Value, Value]> {
    for (const name of this.#names()) yield [name, this.#get(name) ?? null]
  }

  override *values(): MapIterator<Value> {
    for (const [, value] of this.entries()) yield value
  }

  override [Symbol.iterator](): MapIterator<[Value, Value]> {
    return this.entries()
  }

  override forEach(visit: (value: Value, key: Value, map: Map<Value, Value>) => void): void {
    for (const [key, value] of this.entries()) visit(value, key, this)
  }
}

export type DictLike = Dict | ReadonlyMap<unknown, unknown>

/** A mapping as Python's dict; `omit` is an object and no dict. */
export function isDictLike(value: unknown): value is DictLike {
  return value !== OMIT && isMapping(value)
}

export function isFloat(value: unknown): boolean {
  return value instanceof PyFloat || (typeof value === 'number' && !Number.isInteger(value))
}

export function isNumber(value: unknown): value is number | bigint | PyFloat {
  return typeof value === 'number' || typeof value === 'bigint' || value instanceof PyFloat
}

/** A number as a JavaScript one; booleans count as 1 and 0, everything else stays what it is. */
export function numeric(value: unknown): unknown {
  if (value instanceof PyFloat) return value.v
  if (typeof value === 'boolean') return value ? 1 : 0
  return value
}

/** Python's name of a value's type, for messages and `type_debug`. */
export function typeName(value: unknown): string {
  if (value === null) return 'NoneType'
  if (value instanceof Undefined) return 'AnsibleUndefined'
  if (typeof value === 'boolean') return 'bool'
  if (typeof value === 'string') return 'str'
  if (isNumber(value)) return isFloat(value) ? 'float' : 'int'
  if (value instanceof Tuple) return 'tuple'
  if (Array.isArray(value)) return 'list'
  if (isDictLike(value)) return 'dict'
  if (value instanceof Namespace) return 'Namespace'
  if (value instanceof Date) return 'datetime'
  if (value instanceof TimeDelta) return 'timedelta'
  if (value instanceof Callable) return 'function'
  return value === OMIT ? 'omit' : 'object'
}
