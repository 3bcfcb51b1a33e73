/** What makes two keys of a YAML mapping the same, and the other rules of its entries. */
import { isScalar, type Node } from 'yaml'
import { isMapping, mapping, PyFloat, Template, type Value } from '../base/value.ts'

type Entry = [Value, Value]

/** An unquoted << (or a key tagged !!merge). */
export function isMergeKey(node: Node): boolean {
  if (!isScalar(node)) return false
  return (
    node.tag === 'tag:yaml.org,2002:merge' ||
    (node.tag === undefined && node.type === 'PLAIN' && node.value === '<<')
  )
}

/** As a Python dict counts them: 1, 1.0 and true are one key, '1' is another. */
export function keyIdentity(key: Value): unknown {
  if (typeof key === 'string') return `text ${key}`
  if (typeof key === 'bigint' || key === null) return key
  return key instanceof Date ? `time ${key.toString()}` : Number(key)
}

/** One entry for each key: at the place where the key came first, with the value that came last. */
export function lastWins(entries: readonly Entry[]): Entry[] {
  const result = new Map<unknown, Entry>()
  for (const [key, value] of entries) {
    const identity = keyIdentity(key)
    result.set(identity, [result.get(identity)?.[0] ?? key, value])
  }
  return [...result.values()]
}

export function entriesOf(value: Value): Entry[] {
  return value instanceof Map ? [...value.entries()] : Object.entries(value as Record<string, Value>)
}

/** The value with every template turned back into its text. */
export function withoutTemplates(value: Value): Value {
  if (value instanceof Template) return value.source
  if (Array.isArray(value)) return value.map(withoutTemplates)
  if (!isMapping(value) || value instanceof PyFloat) return value
  return mapping(entriesOf(value).map(([key, item]) => [key, withoutTemplates(item)] as const))
}
