/** Variables by name, in layers. A scope is looked up, never copied: a task stacks its few layers on the host's many. */
import type { Dict, Value } from '../base/value.ts'

export interface Scope {
  /** JS undefined: not defined here. */
  get(name: string): Value | undefined
  names(): Iterable<string>
}

export function dictScope(dict: Dict): Scope {
  return {
    get: name => (Object.hasOwn(dict, name) ? dict[name] : undefined),
    names: () => Object.keys(dict),
  }
}

export function mapScope(map: ReadonlyMap<string, Value>): Scope {
  return { get: name => map.get(name), names: () => map.keys() }
}

/** The first scope that knows a name wins: strongest first. */
export function stack(scopes: readonly Scope[]): Scope {
  return {
    get(name) {
      for (const scope of scopes) {
        const value = scope.get(name)
        if (value !== undefined) return value
      }
      return undefined
    },
    *names() {
      const told = new Set<string>()
      for (const scope of scopes) {
        for (const name of scope.names()) {
          if (told.has(name)) continue
          told.add(name)
          yield name
        }
      }
    },
  }
}

/** Values computed when first asked for. */
export function lazyScope(makers: Readonly<Record<string, () => Value | undefined>>): Scope {
  const known = new Map<string, Value | undefined>()
  return {
    get(name) {
      if (!Object.hasOwn(makers, name)) return undefined
      if (!known.has(name)) known.set(name, makers[name]?.())
      return known.get(name)
    },
    names: () => Object.keys(makers),
  }
}
