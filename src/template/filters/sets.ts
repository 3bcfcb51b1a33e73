/** Filters that put lists together: sets, zips, products, flattening. */
import { iterate } from '../runtime/access.ts'
import { equal } from '../runtime/compare.ts'
import { define } from '../runtime/signature.ts'
import { type Tuple, tupleOf } from '../runtime/values.ts'
import { uniqueMembers } from './lists.ts'

type List = readonly unknown[]

export const setFilters = define({
  'union(other: list)': (a: unknown, b: List = []) => uniqueMembers([...iterate(a), ...b]),
  'intersect(other: list)': (a: unknown, b: List = []) =>
    uniqueMembers(iterate(a).filter(member => has(b, member))),
  'difference(other: list)': (a: unknown, b: List = []) => uniqueMembers(without(iterate(a), b)),
  'symmetric_difference(other: list)': (a: unknown, b: List = []) => {
    const list = iterate(a)
    return uniqueMembers([...without(list, b), ...without(b, list)])
  },
  'flatten(levels: int, skip_nulls: bool)': (value: unknown, levels?: number, skipNulls = true) =>
    flatten(iterate(value), levels, skipNulls),
  'zip(*)': (value: unknown, others: List) => {
    const lists = [value, ...others].map(list => iterate(list))
    const length = Math.min(...lists.map(list => list.length))
    return Array.from({ length }, (_, i) => tupleOf(lists.map(list => list[i])))
  },
  'zip_longest(*)': (value: unknown, others: List, keywords: ReadonlyMap<string, unknown>) => {
    const lists = [value, ...others].map(list => iterate(list))
    const length = Math.max(...lists.map(list => list.length))
    const fill = keywords.get('fillvalue') ?? null
    return Array.from({ length }, (_, i) => tupleOf(lists.map(list => (i < list.length ? list[i] : fill))))
  },
  'product(*)': (value: unknown, others: List) => product([value, ...others].map(list => iterate(list))),
  'permutations(length: int)': (value: unknown, length?: number) => {
    const members = iterate(value)
    return permutations(members, length ?? members.length).map(tupleOf)
  },
  'combinations(length: int)': (value: unknown, length: number) =>
    combinations(iterate(value), length).map(tupleOf),
})

function has(list: List, wanted: unknown): boolean {
  return list.some(member => equal(member, wanted))
}

function without(list: List, removed: List): unknown[] {
  return list.filter(member => !has(removed, member))
}

/** Lists in lists, `levels` deep (all when undefined); Ansible drops nulls by default. */
export function flatten(list: List, levels?: number, skipNulls = true): unknown[] {
  return list.flatMap(member => {
    if (skipNulls && (member === null || member === 'None' || member === 'null')) return []
    const isFlattened = Array.isArray(member) && (levels === undefined || levels > 0)
    return isFlattened ? flatten(member, levels === undefined ? undefined : levels - 1, skipNulls) : [member]
  })
}

/** Every way to take one member of each list. */
export function product(lists: readonly List[]): Tuple[] {
  let rows: unknown[][] = [[]]
  for (const list of lists) rows = rows.flatMap(row => list.map(member => [...row, member]))
  return rows.map(tupleOf)
}

function permutations(members: List, length: number): unknown[][] {
  if (length === 0) return [[]]
  return members.flatMap((member, i) => {
    const others = [...members.slice(0, i), ...members.slice(i + 1)]
    return permutations(others, length - 1).map(rest => [member, ...rest])
  })
}

function combinations(members: List, length: number): unknown[][] {
  if (length === 0) return [[]]
  return members.flatMap((member, i) =>
    combinations(members.slice(i + 1), length - 1).map(rest => [member, ...rest]),
  )
}
