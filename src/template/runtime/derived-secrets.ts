/**
 * Secrets do not stop being secret when a template changes them. While a render has read one, what a filter,
 * method, slice or lookup makes of a text that holds it (a hash, an upper-cased form, a part) is told to the
 * registry, so that masking finds it too.
 */
import { isMapping } from '../../base/value.ts'
import { evaluator } from './evaluator.ts'
import { LazyMapping } from './values.ts'

/** Shorter texts would mask half of what is printed. */
const SHORTEST = 4

/** Returns `output`; registers the texts in it that were made from a secret in `inputs`. */
export function watchDerived<T>(inputs: readonly unknown[], output: T): T {
  const { isTainted, secrets } = evaluator()
  if (!isTainted) return output
  const sources = textsIn(inputs)
  if (!sources.some(text => secrets.taints(text))) return output
  // What can be read in the inputs without the secret was not made from it: the host in a connection string.
  const visible = sources.map(text => secrets.mask(text).replaceAll('[secret]', '\0'))
  for (const text of textsIn([output])) {
    const isDerived =
      text.length >= SHORTEST && !secrets.taints(text) && !visible.some(seen => seen.includes(text))
    if (isDerived) secrets.add(text)
  }
  return output
}

/** Every text in the values, deeply; of mappings only the values. */
function textsIn(values: readonly unknown[], found: string[] = [], seen = new Set<object>()): string[] {
  for (const value of values) {
    if (typeof value === 'string') found.push(value)
    if (value === null || typeof value !== 'object' || seen.has(value)) continue
    seen.add(value)
    if (Array.isArray(value)) textsIn(value, found, seen)
    else if (value instanceof LazyMapping) continue
    else if (value instanceof Map) textsIn([...value.values()], found, seen)
    else if (isMapping(value)) textsIn(Object.values(value), found, seen)
  }
  return found
}
