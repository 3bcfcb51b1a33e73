/** Filters over mappings. */
import jmespath from 'jmespath'
import { isMapping, mapping, type Value } from '../../base/value.ts'
import { valueError } from '../errors.ts'
import { item, iterate, valueAt } from '../runtime/access.ts'
import { equal } from '../runtime/compare.ts'
import { dictEntries, dictGet, dictKeys, makeDict, requireDict } from '../runtime/dicts.ts'
import { demand, force } from '../runtime/force.ts'
import { repr, str } from '../runtime/printing.ts'
import { define } from '../runtime/signature.ts'
import {
  type DictLike,
  isDictLike,
  isNumber,
  numeric,
  type Tuple,
  tupleOf,
  Undefined,
} from '../runtime/values.ts'
import { flatten } from './sets.ts'

export const dictFilters = define({
  'items()': (value: unknown) => dictEntries(requireDict(value, 'items')).map(tupleOf),
  'combine(*)': (value: unknown, args: readonly unknown[], keywords: ReadonlyMap<string, unknown>) => {
    const style = {
      isRecursive: keywords.get('recursive') === true,
      lists: String(keywords.get('list_merge') ?? 'replace'),
    }
    const dicts = flatten([value, ...args], 1).map(dict => requireDict(demand(dict), 'combine'))
    return dicts.length > 0 ? dicts.reduce((all, dict) => merge(all, dict, style)) : {}
  },
  'dict2items(key_name: str, value_name: str)': (value: unknown, keyName = 'key', valueName = 'value') =>
    dictEntries(requireDict(value, 'dict2items')).map(([key, member]) =>
      makeDict([
        [keyName, key],
        [valueName, member],
      ]),
    ),
  'items2dict(key_name: str, value_name: str)': (value: unknown, keyName = 'key', valueName = 'value') =>
    makeDict(iterate(value).map(entry => [demand(item(entry, keyName)), demand(item(entry, valueName))])),
  'subelements(subelements, skip_missing: bool)': (value: unknown, path: unknown, skipMissing = false) =>
    subelements(value, path, skipMissing),
  'extract(container, morekeys)': (key: unknown, container: unknown, moreKeys?: unknown) => {
    const more =
      moreKeys === undefined || moreKeys === null ? [] : Array.isArray(moreKeys) ? moreKeys : [moreKeys]
    return [key, ...more].reduce((at: unknown, part) => force(item(at, part)), container)
  },
  'rekey_on_member(key: str, duplicates: str)': (value: unknown, key: string, duplicates = 'error') =>
    rekey(value, key, duplicates),
  'json_query(expression: str)': (value: unknown, expression: string) => query(value, expression),
})

interface MergeStyle {
  readonly isRecursive: boolean
  /** replace, keep, append, prepend, append_rp or prepend_rp. */
  readonly lists: string
}

function merge(into: DictLike, from: DictLike, style: MergeStyle): DictLike {
  const merged = new Map(dictEntries(into))
  for (const [key, value] of dictEntries(from)) {
    const before = merged.get(key)
    if (style.isRecursive && isDictLike(before) && isDictLike(value))
      merged.set(key, merge(before, value, style))
    else if (Array.isArray(before) && Array.isArray(value))
      merged.set(key, mergeLists(before, value, style.lists))
    else merged.set(key, value)
  }
  return makeDict(merged)
}

function mergeLists(before: readonly unknown[], after: readonly unknown[], how: string): readonly unknown[] {
  const left = (): unknown[] => before.filter(member => !after.some(other => equal(member, other)))
  switch (how) {
    case 'replace':
      return after
    case 'keep':
      return before
    case 'append':
      return [...before, ...after]
    case 'prepend':
      return [...after, ...before]
    case 'append_rp':
      return [...left(), ...after]
    case 'prepend_rp':
      return [...after, ...left()]
    default:
      return valueError(
        `combine: no list_merge '${how}'`,
        'one of replace, keep, append, prepend, append_rp, prepend_rp',
      )
  }
}

function subelements(value: unknown, path: unknown, skipMissing: boolean): Tuple[] {
  const members = isDictLike(value) ? dictEntries(value).map(([, member]) => member) : iterate(value)
  const dotted = Array.isArray(path) ? path.map(str).join('.') : str(path)
  return members.flatMap(member => {
    const list = valueAt(member, dotted)
    if (list instanceof Undefined) {
      return skipMissing ? [] : valueError(`could not find '${dotted}' key in iterated item ${repr(member)}`)
    }
    return iterate(list).map(element => tupleOf([member, element]))
  })
}

function rekey(value: unknown, key: string, duplicates: string): DictLike {
  const members = isDictLike(value) ? dictEntries(value).map(([, member]) => member) : iterate(value)
  const byKey = new Map<unknown, unknown>()
  for (const member of members) {
    const name = demand(item(member, key))
    if (byKey.has(name) && duplicates === 'error')
      valueError(`Key ${repr(name)} is not unique, cannot correctly turn into dict`)
    byKey.set(name, member)
  }
  return makeDict(byKey)
}

/** JMESPath over plain JSON values. */
function query(value: unknown, expression: string): Value {
  try {
    return fromJson(jmespath.search(toJson(value), expression))
  } catch (error) {
    return valueError(`json_query: ${error instanceof Error ? error.message : String(error)}`)
  }
}

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

function toJson(value: unknown): Json {
  const known = demand(value)
  if (Array.isArray(known)) return known.map(toJson)
  if (isDictLike(known)) {
    return Object.fromEntries(dictKeys(known).map(key => [str(key), toJson(dictGet(known, key))]))
  }
  if (isNumber(known)) return Number(numeric(known))
  return known === null || typeof known === 'boolean' || typeof known === 'string' ? known : str(known)
}

function fromJson(value: unknown): Value {
  if (Array.isArray(value)) return value.map(fromJson)
  if (isMapping(value)) return mapping(Object.entries(value).map(([key, member]) => [key, fromJson(member)]))
  return (value ?? null) as Value
}
