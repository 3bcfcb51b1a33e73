/** Values leaving templates: complete, and of types the rest of the program knows. */
import { isDict, mapping, OMIT, PyFloat, type Value } from '../../base/value.ts'
import { typeError } from '../errors.ts'
import { dictEntries } from './dicts.ts'
import { demand } from './force.ts'
import { isDictLike, Tuple, typeName } from './values.ts'

/**
 * The value with nothing lazy, undefined or unknown left in it; throws where something is. Tuples become lists.
 * Containers that need no change stay the same object.
 */
export function settle(value: unknown): Value {
  const known = demand(value)
  if (Array.isArray(known)) return settleList(known)
  if (isDictLike(known)) return settleDict(known)
  return isScalar(known) ? known : typeError(`a ${typeName(known)} cannot be the value of a task's argument`)
}

function isScalar(value: unknown): value is Value {
  if (value === null || typeof value !== 'object') return true
  return value instanceof Date || value instanceof PyFloat || value === OMIT
}

function settleList(list: readonly unknown[]): Value {
  const settled = list.map(settle)
  const isSame = !(list instanceof Tuple) && settled.every((member, i) => member === list[i])
  return isSame ? (list as Value) : settled
}

function settleDict(dict: Parameters<typeof dictEntries>[0]): Value {
  const pairs = dictEntries(dict).map(([key, member]) => [settle(key), settle(member)] as const)
  const isSame = isDict(dict) && pairs.every(([key, member]) => dict[key as string] === member)
  return isSame ? (dict as Value) : mapping(pairs)
}
