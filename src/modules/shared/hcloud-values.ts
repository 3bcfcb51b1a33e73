/** Labels, names and ids as the API of Hetzner Cloud gives them. */
import { isDict, type Value } from '../../base/value.ts'

/** The same names with the same texts; their order does not count. */
export function sameDict(one: Readonly<Record<string, Value>>, other: Value | undefined): boolean {
  const sorted = (dict: Readonly<Record<string, Value>>) =>
    JSON.stringify(Object.entries(dict).sort(([a], [b]) => (a < b ? -1 : 1)))
  return sorted(one) === sorted(isDict(other) ? other : {})
}

/** `name` of what stands under a name; null where there is nothing. */
export function nameOf(value: Value | undefined): string | null {
  return isDict(value) && typeof value.name === 'string' ? value.name : null
}

export function idIn(value: Value | undefined): number | null {
  return isDict(value) && typeof value.id === 'number' ? value.id : null
}
