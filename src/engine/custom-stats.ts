/** What tasks of set_stats told: of the run as a whole, and of hosts. */
import type { CustomStats } from '../base/event.ts'
import { type Dict, isDict, PyFloat, type Value } from '../base/value.ts'
import { masked } from './diff.ts'

export class ToldStats {
  readonly #run = new Map<string, Value>()
  readonly #hosts = new Map<string, Map<string, Value>>()

  /** `host` null: of the run. `aggregate`: what is known under the name grows by it. */
  tell(host: string | null, data: Dict, aggregate: boolean): void {
    const told = host === null ? this.#run : this.#of(host)
    for (const [name, value] of Object.entries(data)) {
      const known = told.get(name)
      told.set(name, aggregate && known !== undefined ? grown(known, value) : value)
    }
  }

  masked(mask: (text: string) => string): CustomStats {
    const plain = (told: ReadonlyMap<string, Value>) => masked(Object.fromEntries(told), mask) as Dict
    return {
      run: plain(this.#run),
      hosts: Object.fromEntries([...this.#hosts].map(([host, told]) => [host, plain(told)])),
    }
  }

  #of(host: string): Map<string, Value> {
    const told = this.#hosts.get(host) ?? new Map<string, Value>()
    this.#hosts.set(host, told)
    return told
  }
}

/** Numbers are added, texts and lists joined, mappings merged all the way down. Kinds that do not fit leave what is known. */
function grown(known: Value, value: Value): Value {
  if (typeof known === 'string' && typeof value === 'string') return known + value
  if (Array.isArray(known) && Array.isArray(value)) return [...known, ...value]
  if (isDict(known) && isDict(value)) return merged(known, value)
  if (known instanceof PyFloat || value instanceof PyFloat) {
    const [one, other] = [numberOf(known), numberOf(value)]
    return one === null || other === null ? known : new PyFloat(one + other)
  }
  if (typeof known === 'number' && typeof value === 'number') return known + value
  if (typeof known === 'bigint' && typeof value === 'bigint') return known + value
  return known
}

function merged(known: Dict, value: Dict): Dict {
  const names = new Set([...Object.keys(known), ...Object.keys(value)])
  return Object.fromEntries(
    [...names].map(name => {
      const [before, after] = [known[name], value[name]]
      if (after === undefined) return [name, before as Value]
      return [name, isDict(before) && isDict(after) ? merged(before, after) : after]
    }),
  )
}

function numberOf(value: Value): number | null {
  if (value instanceof PyFloat) return value.v
  return typeof value === 'number' ? value : null
}
