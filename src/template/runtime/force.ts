/** Rendering what is lazy in a value: its templates and secrets, found deep in containers. */
import { Secret } from '../../base/secret.ts'
import { isDict, Template, Unknown } from '../../base/value.ts'
import { UnknownValueError } from '../errors.ts'
import { evaluator } from './evaluator.ts'
import { LazyMapping, Undefined } from './values.ts'

/** The value with every template in it rendered and every secret revealed. Unknown values stay. */
export function force(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value
  const shallow = forceShallow(value)
  return shallow === value && holdsLazy(value) ? evaluator().copies.current(forceContainer(value)) : shallow
}

/** As `force`, without looking into containers. */
export function forceShallow(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value
  if (value instanceof Template) return evaluator().renderVariable(value)
  if (value instanceof Secret) return evaluator().reveal(value)
  return evaluator().copies.current(value)
}

/** The forced value, which must be known and defined. */
export function demand(value: unknown): unknown {
  const forced = force(value)
  if (forced instanceof Undefined) return forced.fail()
  if (forced instanceof Unknown) throw new UnknownValueError(forced.reason)
  return forced
}

/** Containers never change once handed on, so what was found in one holds for good. */
const lazyContainers = new WeakMap<object, boolean>()

function holdsLazy(container: object): boolean {
  const known = lazyContainers.get(container)
  if (known !== undefined) return known
  const members = membersOf(container)
  if (!members) return false
  // Set before going in: a container that holds itself ends here.
  lazyContainers.set(container, false)
  const found = members.some(isLazy)
  if (found) lazyContainers.set(container, true)
  return found
}

function isLazy(value: unknown): boolean {
  if (value === null || typeof value !== 'object') return false
  return value instanceof Template || value instanceof Secret || holdsLazy(value)
}

function membersOf(container: object): readonly unknown[] | null {
  if (Array.isArray(container)) return container
  // Its values are made on demand; they are forced when they are read.
  if (container instanceof LazyMapping) return null
  if (container instanceof Map) return [...container.values()]
  return isDict(container) ? Object.values(container) : null
}

function forceContainer(container: object): object {
  const at = evaluator()
  const known = at.forced.get(container)
  if (known) {
    at.isTainted ||= known.isTainted
    return known.value as object
  }
  const wasTainted = at.isTainted
  at.isTainted = false
  const value = rebuild(container)
  at.forced.set(container, { value, isTainted: at.isTainted })
  at.isTainted ||= wasTainted
  return value
}

function rebuild(container: object): object {
  if (Array.isArray(container)) return container.map(force)
  if (container instanceof Map) return new Map([...container].map(([key, value]) => [key, force(value)]))
  return Object.fromEntries(Object.entries(container).map(([key, value]) => [key, force(value)]))
}
