/**
 * Secrets do not stop being secret when a template changes them. What a filter, method, slice or lookup makes
 * of a text that holds one (a hash, an upper-cased form, a part) is told to the registry, so that masking finds
 * it too. The text may come from anywhere: a fact, a loop's item or a registered result holds secrets as well.
 */
import { isMapping } from '../../base/value.ts'
import { evaluator } from './evaluator.ts'
import { LazyMapping } from './values.ts'

/** Shorter texts would mask half of what is printed. */
const SHORTEST = 4

/** Returns `output`; registers the texts in it that were made from a secret in `inputs`. */
export function watchDerived<T>(inputs: readonly unknown[], output: T): T {
  const { secrets } = evaluator()
  const sources = textsIn(inputs)
  if (!sources.some(text => secrets.taints(text))) return output
  // What can be read in the inputs without the secret was not made from it: the host in a connection string.
  const visible = [...sources, ...keysIn(inputs)].map(text => secrets.mask(text).replaceAll('[secret]', '\0'))
  for (const text of textsIn([output])) {
    const isDerived =
      text.length >= SHORTEST && !secrets.taints(text) && !visible.some(seen => seen.includes(text))
    if (isDerived) secrets.add(text)
  }
  return output
}

/** Every text in the values, deeply; of mappings only the values. */
function textsIn(values: readonly unknown[]): string[] {
  return walk(values, { texts: [], keys: [], seen: new Set() }).texts
}

/** Every text that is a key of a mapping in the values, deeply. */
function keysIn(values: readonly unknown[]): string[] {
  return walk(values, { texts: [], keys: [], seen: new Set() }).keys
}

interface Walked {
  readonly texts: string[]
  readonly keys: string[]
  readonly seen: Set<object>
}

function walk(values: Iterable<unknown>, walked: Walked): Walked {
  const { texts, keys, seen } = walked
  for (const value of values) {
    if (typeof value === 'string') texts.push(value)
    if (value === null || typeof value !== 'object' || seen.has(value)) continue
    seen.add(value)
    if (Array.isArray(value)) walk(value, walked)
    else if (value instanceof LazyMapping) continue
    else if (value instanceof Map || isMapping(value)) {
      const map: ReadonlyMap<unknown, unknown> = value instanceof Map ? value : new Map(Object.entries(value))
      for (const key of map.keys()) if (typeof key === 'string') keys.push(key)
      walk(map.values(), walked)
    }
  }
  return walked
}
