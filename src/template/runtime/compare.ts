/** Truth, equality, order and membership as Python has them. */
import { Unknown } from '../../base/value.ts'
import { typeError, UnknownValueError } from '../errors.ts'
import { dictGet, dictHas, dictKeys } from './dicts.ts'
import { demand, force, forceShallow } from './force.ts'
import { isDictLike, isNumber, numeric, Tuple, typeName, Undefined } from './values.ts'

export function truth(value: unknown): boolean {
  if (typeof value === 'boolean') return value
  const shallow = forceShallow(value)
  if (shallow instanceof Undefined) return shallow.isSilent ? false : shallow.fail()
  if (shallow instanceof Unknown) throw new UnknownValueError(shallow.reason)
  if (Array.isArray(shallow)) return shallow.length > 0
  if (isDictLike(shallow)) return dictKeys(shallow).length > 0
  return Boolean(numeric(shallow))
}

/** `and` and `or` give one of their operands, as in Python. */
export function and(left: unknown, right: () => unknown): unknown {
  return truth(left) ? right() : left
}

export function or(left: unknown, right: () => unknown): unknown {
  return truth(left) ? left : right()
}

export function equal(left: unknown, right: unknown): boolean {
  const a = demand(left)
  const b = demand(right)
  const x = numeric(a)
  const y = numeric(b)
  if (x === y) return true
  if (isNumber(x) && isNumber(y)) return orderNumbers(x, y) === 0
  if (Array.isArray(a) && Array.isArray(b)) return equalLists(a, b)
  if (isDictLike(a) && isDictLike(b)) {
    const keys = dictKeys(a)
    const isSameSize = keys.length === dictKeys(b).length
    return isSameSize && keys.every(key => dictHas(b, key) && equal(dictGet(a, key), dictGet(b, key)))
  }
  return a instanceof Date && b instanceof Date && a.getTime() === b.getTime()
}

function equalLists(a: readonly unknown[], b: readonly unknown[]): boolean {
  const isSameType = a instanceof Tuple === b instanceof Tuple
  return isSameType && a.length === b.length && a.every((member, i) => equal(member, b[i]))
}

/** Negative, zero or positive; NaN when numbers cannot be ordered. Throws TEMPLATE_TYPE for mixed types. */
export function order(left: unknown, right: unknown, operator = '<'): number {
  const a = demand(left)
  const b = demand(right)
  const x = numeric(a)
  const y = numeric(b)
  if (isNumber(x) && isNumber(y)) return orderNumbers(x, y)
  if (typeof x === 'string' && typeof y === 'string') return orderTexts(x, y)
  if (Array.isArray(a) && Array.isArray(b) && a instanceof Tuple === b instanceof Tuple) {
    const different = a.findIndex((member, i) => i < b.length && !equal(member, b[i]))
    return different < 0 ? a.length - b.length : order(a[different], b[different], operator)
  }
  if (a instanceof Date && b instanceof Date) return a.getTime() - b.getTime()
  return typeError(`'${operator}' not supported between instances of '${typeName(a)}' and '${typeName(b)}'`)
}

function orderNumbers(x: number | bigint | object, y: number | bigint | object): number {
  if (x < y) return -1
  if (x > y) return 1
  return Number.isNaN(Number(x)) || Number.isNaN(Number(y)) ? Number.NaN : 0
}

/** By code points: JavaScript's own order is by UTF-16 units, which differs past U+FFFF. */
function orderTexts(x: string, y: string): number {
  if (x === y) return 0
  const a = [...x]
  const b = [...y]
  const different = a.findIndex((character, i) => character !== b[i])
  if (different < 0 || different >= b.length) return a.length - b.length
  return a[different]!.codePointAt(0)! - b[different]!.codePointAt(0)!
}

/** Python's `value in container`. */
export function contains(container: unknown, value: unknown): boolean {
  const holder = demand(forceShallow(container))
  const wanted = demand(value)
  if (typeof holder === 'string') {
    if (typeof wanted === 'string') return holder.includes(wanted)
    return typeError(`'in <string>' requires string as left operand, not ${typeName(wanted)}`)
  }
  if (Array.isArray(holder)) return holder.some(member => equal(member, wanted))
  if (isDictLike(holder)) return dictHas(holder, wanted)
  return typeError(`argument of type '${typeName(holder)}' is not iterable`)
}

export function compare(operator: string, left: unknown, right: unknown): boolean {
  switch (operator) {
    case '==':
      return equal(left, right)
    case '!=':
      return !equal(left, right)
    case 'in':
      return contains(right, left)
    case 'notin':
      return !contains(right, left)
    case '<':
      return order(left, right, operator) < 0
    case '>':
      return order(left, right, operator) > 0
    case '<=':
      return order(left, right, operator) <= 0
    default:
      return order(left, right, operator) >= 0
  }
}

/** `a < b < c`: each link is evaluated only when the one before held. */
export function compareChain(first: unknown, links: readonly (readonly [string, () => unknown])[]): boolean {
  let left = force(first)
  for (const [operator, next] of links) {
    const right = next()
    if (!compare(operator, left, right)) return false
    left = right
  }
  return true
}
