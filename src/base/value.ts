/**
 * Values as roles see them: what YAML gives, what templates compute, what modules return.
 *
 * JavaScript alone cannot tell 3.0 from 3 and reorders integer-like keys, so there are two rules:
 * a float with an integral value is a `PyFloat`, and a mapping with a key that is not a plain
 * string (or looks like an integer, or is __proto__) is a `Map`. Every other mapping is a plain object.
 * Containers are never changed in place once handed on.
 */
import type { Position } from './error.ts'
import type { Secret } from './secret.ts'

export type Value =
  | null
  | boolean
  | number
  | bigint
  | string
  | PyFloat
  | Template
  | Secret
  | Unknown
  | Date
  | readonly Value[]
  | ReadonlyMap<Value, Value>
  | { readonly [key: string]: Value }

export type Dict = { readonly [key: string]: Value }

/** A float whose value is integral: prints as 3.0. Non-integral floats are plain numbers. */
export class PyFloat {
  readonly v: number
  constructor(v: number) {
    this.v = v
  }
  valueOf(): number {
    return this.v
  }
  toJSON(): number {
    return this.v
  }
}

/** Text from a project file that holds template syntax. Only these are ever compiled. */
export class Template {
  readonly source: string
  readonly position: Position | undefined
  constructor(source: string, position?: Position) {
    this.source = source
    this.position = position
  }
  toJSON(): string {
    return this.source
  }
}

/** In check mode: a value that exists only after an unapplied change. Using it makes a task "known after apply". */
export class Unknown {
  readonly reason: string
  constructor(reason: string) {
    this.reason = reason
  }
  toString(): string {
    return '(known after apply)'
  }
  toJSON(): string {
    return '(known after apply)'
  }
}

/** What `omit` evaluates to; the argument processor removes a key that holds it. */
export const OMIT: { readonly omit: true } = Object.freeze({
  omit: true,
  toString: () => '__omit_place_holder__',
})

export function float(v: number): number | PyFloat {
  return Number.isInteger(v) ? new PyFloat(v) : v
}

export function isPlainKey(key: unknown): key is string {
  return typeof key === 'string' && key !== '__proto__' && !/^(0|[1-9]\d*)$/.test(key)
}

/** A mapping from pairs, as a plain object where that keeps order and types, else as a Map. */
export function mapping(pairs: readonly (readonly [Value, Value])[]): Value {
  if (!pairs.every(([key]) => isPlainKey(key))) return new Map(pairs)
  const object: Record<string, Value> = {}
  for (const [key, value] of pairs) object[key as string] = value
  return object
}

export function isMapping(value: unknown): value is Dict | ReadonlyMap<Value, Value> {
  return isDict(value) || value instanceof Map
}

/** A plain-object mapping (not a Map, not one of the value classes). */
export function isDict(value: unknown): value is Dict {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return false
  const prototype = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

export function looksLikeTemplate(text: string): boolean {
  return text.includes('{{') || text.includes('{%') || text.includes('{#')
}
