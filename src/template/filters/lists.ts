/** Filters over lists: order, size, picking and grouping. */

import { SeededRandom } from '../data/seeded-random.ts'
import { typeError, valueError } from '../errors.ts'
import { iterate, valueAt } from '../runtime/access.ts'
import { add } from '../runtime/arithmetic.ts'
import { equal, order } from '../runtime/compare.ts'
import { dictEntries, dictKeys, requireDict } from '../runtime/dicts.ts'
import { evaluator } from '../runtime/evaluator.ts'
import { printable, str } from '../runtime/printing.ts'
import { define } from '../runtime/signature.ts'
import { isDictLike, numeric, type Tuple, tupleOf, typeName, Undefined } from '../runtime/values.ts'

export const listFilters = define({
  'list()': (value: unknown) => [...iterate(value)],
  'length|count()': (value: unknown) => lengthOf(value),
  'first()': (value: unknown) => memberOr(iterate(value), 0, 'No first item, sequence was empty.'),
  'last()': (value: unknown) => memberOr(iterate(value), -1, 'No last item, sequence was empty.'),
  'min(case_sensitive: bool, attribute)': (value: unknown, caseSensitive?: boolean, path?: unknown) =>
    extreme(value, sortKey(path, caseSensitive), -1),
  'max(case_sensitive: bool, attribute)': (value: unknown, caseSensitive?: boolean, path?: unknown) =>
    extreme(value, sortKey(path, caseSensitive), 1),
  'sum(attribute, start)': (value: unknown, path?: unknown, start: unknown = 0) =>
    iterate(value).reduce((total, member) => add(total, valueAt(member, path)), start),
  'sort(reverse: bool, case_sensitive: bool, attribute)': (
    value: unknown,
    reverse?: boolean,
    caseSensitive?: boolean,
    path?: unknown,
  ) => sortBy(iterate(value), sortKey(path, caseSensitive), reverse),
  'join(d: text, attribute)': (value: unknown, separator = '', path?: unknown) =>
    iterate(value)
      .map(member => str(printable(valueAt(member, path))))
      .join(separator),
  'unique(case_sensitive: bool, attribute)': (value: unknown, caseSensitive?: boolean, path?: unknown) =>
    uniqueMembers(iterate(value), sortKey(path, caseSensitive)),
  'batch(linecount: int, fill_with)': (value: unknown, size: number, fill?: unknown) =>
    batches(iterate(value), size, fill),
  'slice(slices: int, fill_with)': (value: unknown, count: number, fill?: unknown) =>
    columns(iterate(value), count, fill),
  'groupby(attribute, default, case_sensitive: bool)': (value: unknown, path: unknown, fallback?: unknown) =>
    groupBy(iterate(value), path, fallback),
  'dictsort(case_sensitive: bool, by: str, reverse: bool)': (
    value: unknown,
    caseSensitive = false,
    by = 'key',
    reverse = false,
  ) => {
    const part = by === 'value' ? 1 : 0
    const key = (pair: unknown): unknown => foldCase((pair as Tuple)[part], caseSensitive)
    return sortBy(dictEntries(requireDict(value, 'dictsort')).map(tupleOf), key, reverse)
  },
  'random(start: int, step: int, seed)': (value: unknown, start?: number, step?: number, seed?: unknown) =>
    randomOf(value, { start, step, seed }),
  'shuffle(seed)': (value: unknown, seed?: unknown) => shuffled(iterate(value), seed),
})

type Key = (member: unknown) => unknown

function lengthOf(value: unknown): number {
  if (typeof value === 'string') return [...value].length
  if (Array.isArray(value)) return value.length
  return isDictLike(value)
    ? dictKeys(value).length
    : typeError(`object of type '${typeName(value)}' has no len()`)
}

function memberOr(members: readonly unknown[], index: number, message: string): unknown {
  return members.length > 0 ? members.at(index) : new Undefined(message)
}

function foldCase(value: unknown, isCaseSensitive = false): unknown {
  return typeof value === 'string' && !isCaseSensitive ? value.toLowerCase() : value
}

/** By one attribute or several with commas; texts without regard to case unless asked. */
function sortKey(path: unknown, isCaseSensitive?: boolean): Key {
  if (path === undefined || path === null) return member => foldCase(member, isCaseSensitive)
  const paths = String(path)
    .split(',')
    .map(part => part.trim())
  return member => {
    const values = paths.map(part => foldCase(valueAt(member, part), isCaseSensitive))
    return values.length > 1 ? values : values[0]
  }
}

/** Stable, also when reversed. */
function sortBy(members: readonly unknown[], key: Key, isReversed = false): unknown[] {
  const direction = isReversed ? -1 : 1
  return members
    .map(member => ({ member, key: key(member) }))
    .sort((a, b) => order(a.key, b.key) * direction)
    .map(({ member }) => member)
}

function extreme(value: unknown, key: Key, direction: number): unknown {
  const members = iterate(value)
  if (members.length === 0) return new Undefined('No aggregated item, sequence was empty.')
  return members.reduce((best, member) => (order(key(member), key(best)) * direction > 0 ? member : best))
}

/** The first of each; plain texts and numbers are compared through a set, so long lists stay fast. */
export function uniqueMembers(members: readonly unknown[], key: Key = member => member): unknown[] {
  const seenPlain = new Set<unknown>()
  const seenOther: unknown[] = []
  return members.filter(member => {
    const value = key(member)
    if (typeof value === 'string' || typeof value === 'number') {
      if (seenPlain.has(value)) return false
      seenPlain.add(value)
      return typeof value === 'string' || !seenOther.some(seen => equal(seen, value))
    }
    const isNumber = typeof value === 'boolean' || typeof numeric(value) === 'number'
    if ((isNumber && seenPlain.has(numeric(value))) || seenOther.some(seen => equal(seen, value)))
      return false
    seenOther.push(value)
    return true
  })
}

function batches(members: readonly unknown[], size: number, fill: unknown): unknown[][] {
  if (!(size > 0)) valueError('batch: the number of items must be positive')
  const rows: unknown[][] = []
  for (let i = 0; i < members.length; i += size) rows.push(members.slice(i, i + size))
  const last = rows.at(-1)
  if (fill !== undefined && fill !== null) while (last && last.length < size) last.push(fill)
  return rows
}

/** `count` lists as even as can be; the first ones get the members left over. */
function columns(members: readonly unknown[], count: number, fill: unknown): unknown[][] {
  if (!(count > 0)) valueError('slice: the number of slices must be positive')
  const size = Math.floor(members.length / count)
  const longer = members.length % count
  return Array.from({ length: count }, (_, i) => {
    const start = i * size + Math.min(i, longer)
    const column = members.slice(start, start + size + (i < longer ? 1 : 0))
    if (fill !== undefined && fill !== null && i >= longer) column.push(fill)
    return column
  })
}

function groupBy(members: readonly unknown[], path: unknown, fallback: unknown): Tuple[] {
  const keyOf = (member: unknown): unknown => {
    const value = valueAt(member, path)
    return value instanceof Undefined && fallback !== undefined ? fallback : value
  }
  const groups: Tuple[] = []
  for (const member of sortBy(members, item => foldCase(keyOf(item)))) {
    const key = keyOf(member)
    const last = groups.at(-1)
    if (last && equal(foldCase(last[0]), foldCase(key))) (last[1] as unknown[]).push(member)
    else groups.push(tupleOf([key, [member]]))
  }
  return groups
}

interface RandomOptions {
  readonly start: number | undefined
  readonly step: number | undefined
  readonly seed: unknown
}

function randomOf(value: unknown, { start = 0, step = 1, seed }: RandomOptions): unknown {
  const below = chooser(seed)
  if (typeof numeric(value) === 'number') {
    const count = Math.ceil((Number(numeric(value)) - start) / step)
    return count > 0 ? start + step * below(count) : valueError('random: there is no number in that range')
  }
  const members = iterate(value)
  if (members.length === 0) return new Undefined('No random item, sequence was empty.')
  return members[below(members.length)]
}

function shuffled(members: readonly unknown[], seed: unknown): unknown[] {
  const below = chooser(seed)
  const mixed = [...members]
  for (let i = mixed.length - 1; i > 0; i--) {
    const j = below(i + 1)
    ;[mixed[i], mixed[j]] = [mixed[j], mixed[i]]
  }
  return mixed
}

/** With a seed the same numbers every time, those that Ansible draws. */
function chooser(seed: unknown): (limit: number) => number {
  if (seed === undefined || seed === null) return limit => Math.floor(evaluator().random() * limit)
  const random = new SeededRandom(typeof seed === 'number' && Number.isInteger(seed) ? seed : str(seed))
  return limit => random.below(limit)
}
