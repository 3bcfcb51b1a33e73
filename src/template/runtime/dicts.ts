/** One set of operations over both shapes of a mapping: plain object and Map. */
import { mapping, PyFloat, type Value } from '../../base/value.ts'
import { typeError } from '../errors.ts'
import { force, forceShallow } from './force.ts'
import { type DictLike, isDictLike, typeName } from './values.ts'

export function dictKeys(dict: DictLike): unknown[] {
  return dict instanceof Map ? [...dict.keys()] : Object.keys(dict)
}

/** Own keys only, so that nothing of JavaScript's prototypes is ever reached. */
export function dictHas(dict: DictLike, key: unknown): boolean {
  if (dict instanceof Map) return dict.has(dictKey(key))
  return typeof key === 'string' && Object.hasOwn(dict, key)
}

/** The value, with its own template rendered but nothing inside it. */
export function dictGet(dict: DictLike, key: unknown): unknown {
  if (!dictHas(dict, key)) return undefined
  return forceShallow(
    dict instanceof Map ? dict.get(dictKey(key)) : (dict as Record<string, unknown>)[key as string],
  )
}

/** Pairs with fully rendered values. */
export function dictEntries(dict: DictLike): [unknown, unknown][] {
  const pairs = dict instanceof Map ? [...dict.entries()] : Object.entries(dict)
  return pairs.map(([key, value]) => [key, force(value)])
}

export function makeDict(pairs: Iterable<readonly [unknown, unknown]>): DictLike {
  const last = new Map<unknown, unknown>()
  for (const [key, value] of pairs) last.set(dictKey(key), force(value))
  return mapping([...last] as [Value, Value][]) as DictLike
}

/** In place, for methods such as `update`. */
export function dictSet(dict: DictLike, key: unknown, value: unknown): void {
  if (dict instanceof Map) dict.set(dictKey(key), value)
  else {
    const property = { value, enumerable: true, configurable: true, writable: true }
    Object.defineProperty(dict, String(key), property)
  }
}

export function dictDelete(dict: DictLike, key: unknown): void {
  if (dict instanceof Map) dict.delete(dictKey(key))
  else delete (dict as Record<string, unknown>)[String(key)]
}

/** The value as a mapping; `who` asks for it in the error. */
export function requireDict(value: unknown, who: string): DictLike {
  return isDictLike(value) ? value : typeError(`${who} requires a dictionary, got ${typeName(value)} instead`)
}

/** 1.0 and 1 are the same key. */
function dictKey(key: unknown): unknown {
  return key instanceof PyFloat ? key.v : key
}
