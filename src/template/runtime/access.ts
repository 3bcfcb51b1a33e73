/** Reading parts of values: attributes, items, slices, members. Only own keys and listed methods are reachable. */
import { PyFloat, Unknown } from '../../base/value.ts'
import { TemplateError, typeError, valueError } from '../errors.ts'
import { dateAttribute } from './dates.ts'
import { watchDerived } from './derived-secrets.ts'
import { dictGet, dictHas, dictKeys } from './dicts.ts'
import { evaluator } from './evaluator.ts'
import { demand, force, forceShallow } from './force.ts'
import { Loop } from './loop.ts'
import { repr } from './printing.ts'
import { type Definitions, invoke } from './signature.ts'
import {
  Callable,
  isDictLike,
  isFloat,
  Namespace,
  numeric,
  TimeDelta,
  Tuple,
  tupleOf,
  typeName,
  Undefined,
} from './values.ts'

/** `value.name`: a method of its type comes before a key of that name. */
export function attribute(target: unknown, name: string): unknown {
  const value = forceShallow(target)
  if (value instanceof Undefined || value instanceof Unknown) return value
  const special = specialAttribute(value, name)
  if (special !== undefined) return special
  const method = methodOf(value, name)
  if (method) return method
  if (isDictLike(value) && dictHas(value, name)) return dictGet(value, name)
  return missing(value, name)
}

/** `value[key]`: a key comes before a method of that name. */
export function item(target: unknown, key: unknown): unknown {
  const value = forceShallow(target)
  if (value instanceof Undefined || value instanceof Unknown) return value
  if (key instanceof Slice) return watchDerived([value], sliced(value, key))
  const index = demand(key)
  if (isDictLike(value)) {
    if (dictHas(value, index)) return dictGet(value, index)
  } else if (isSequence(value) && isIndex(index)) {
    return definedOr(element(value, Number(numeric(index))), () => missing(value, index))
  }
  if (typeof index !== 'string') return missing(value, index)
  return definedOr(specialAttribute(value, index), () => methodOf(value, index) ?? missing(value, index))
}

/** None is a value like any other, so `??` would be wrong. */
function definedOr(value: unknown, otherwise: () => unknown): unknown {
  return value === undefined ? otherwise() : value
}

function specialAttribute(value: unknown, name: string): unknown {
  if (value instanceof Namespace) return value.attributes.get(name)
  if (value instanceof Loop) return value.attribute(name)
  if (value instanceof Date || value instanceof TimeDelta) return dateAttribute(value, name)
  return undefined
}

function missing(value: unknown, key: unknown): Undefined {
  if (Array.isArray(value) && typeof key === 'number')
    return new Undefined(`list object has no element ${key}`)
  return new Undefined(`'${typeName(value)} object' has no attribute ${repr(key)}`)
}

function methodOf(value: unknown, name: string): Callable | undefined {
  const table = methodTable(value)
  const definition = table?.[name]
  if (!definition) return undefined
  return new Callable(name, (args, keywords) => {
    const receiver = definition.changesReceiver ? ownCopy(value) : force(value)
    return watchDerived(
      [receiver, ...args, ...keywords.map.values()],
      invoke(definition, receiver, { positional: args, keywords }),
    )
  })
}

function ownCopy(value: unknown): unknown {
  const forced = force(value)
  return isContainer(value) && isContainer(forced) ? evaluator().copies.forChange(value, forced) : forced
}

function isContainer(value: unknown): value is object {
  return Array.isArray(value) || isDictLike(value)
}

function methodTable(value: unknown): Definitions | undefined {
  const { methods } = evaluator().library
  if (typeof value === 'string') return methods.str
  if (Array.isArray(value)) return methods.list
  return isDictLike(value) ? methods.dict : undefined
}

function isSequence(value: unknown): value is string | readonly unknown[] {
  return typeof value === 'string' || Array.isArray(value)
}

function isIndex(key: unknown): boolean {
  return Number.isInteger(numeric(key)) && !isFloat(key)
}

/** Texts are counted in characters, not UTF-16 units. */
function element(sequence: string | readonly unknown[], index: number): unknown {
  const members = typeof sequence === 'string' ? [...sequence] : sequence
  const position = index < 0 ? index + members.length : index
  return position >= 0 && position < members.length ? forceShallow(members[position]) : undefined
}

/** `[start:stop:step]` */
export class Slice {
  readonly bounds: readonly [unknown, unknown, unknown]

  constructor(start: unknown, stop: unknown, step: unknown) {
    this.bounds = [start, stop, step]
  }
}

export function slice(start: unknown, stop: unknown, step: unknown): Slice {
  return new Slice(start, stop, step)
}

function sliced(value: unknown, { bounds }: Slice): unknown {
  if (!isSequence(value)) return typeError(`'${typeName(value)}' object cannot be sliced`)
  const [start, stop, stepBound] = bounds.map(sliceBound)
  const step = stepBound ?? 1
  if (step === 0) return valueError('slice step cannot be zero')
  const members = typeof value === 'string' ? [...value] : value
  const picked: unknown[] = []
  for (const index of sliceIndexes(members.length, { start, stop, step })) picked.push(force(members[index]))
  if (typeof value === 'string') return picked.join('')
  return value instanceof Tuple ? tupleOf(picked) : picked
}

function sliceBound(bound: unknown): number | undefined {
  if (bound === null) return undefined
  const value = demand(bound)
  if (value === null) return undefined
  if (!isIndex(value)) return typeError('slice indices must be integers or None')
  return Number(numeric(value))
}

interface IndexRange {
  readonly start: number | undefined
  readonly stop: number | undefined
  readonly step: number
}

function* sliceIndexes(length: number, { start, stop, step }: IndexRange): Generator<number> {
  const lowest = step > 0 ? 0 : -1
  const highest = step > 0 ? length : length - 1
  const clamp = (bound: number): number =>
    bound < 0 ? Math.max(bound + length, lowest) : Math.min(bound, highest)
  const first = start === undefined ? (step > 0 ? 0 : length - 1) : clamp(start)
  const end = stop === undefined ? (step > 0 ? length : -1) : clamp(stop)
  for (let i = first; step > 0 ? i < end : i > end; i += step) yield i
}

/** What a loop goes over: members, keys of a mapping, characters. `takesPart` leaves some out. */
export function iterate(source: unknown, takesPart: ((member: unknown) => boolean) | null = null): unknown[] {
  const value = forceShallow(source)
  if (value instanceof Undefined) return value.fail()
  const members = membersOf(demandShallow(value)).map(force)
  return takesPart ? members.filter(takesPart) : members
}

function demandShallow(value: unknown): unknown {
  return value instanceof Unknown ? demand(value) : value
}

function membersOf(value: unknown): readonly unknown[] {
  if (typeof value === 'string') return [...value]
  if (Array.isArray(value)) return value
  if (isDictLike(value)) return dictKeys(value)
  return typeError(`'${typeName(value)}' object is not iterable`)
}

/** A value taken apart into exactly `count` targets. */
export function unpack(value: unknown, count: number): unknown[] {
  const members = iterate(value)
  if (members.length === count) return members
  const got = members.length < count ? 'not enough' : 'too many'
  return valueError(`${got} values to unpack (expected ${count}, got ${members.length})`)
}

export function setAttribute(target: unknown, name: string, value: unknown): void {
  if (!(target instanceof Namespace)) {
    const hint = 'only a namespace can be changed: {% set ns = namespace(x=1) %}'
    throw new TemplateError('TEMPLATE_TYPE', 'cannot assign attribute on non-namespace object', { hint })
  }
  target.attributes.set(name, value)
}

/** A number as a mapping's key or a list's index would be written in a dotted path. */
export function pathKey(part: unknown): unknown {
  if (part instanceof PyFloat) return part.v
  return typeof part === 'string' && /^\d+$/.test(part) ? Number(part) : part
}

/** The value at a dotted path, as the `attribute=` arguments of filters name it. */
export function valueAt(value: unknown, path: unknown): unknown {
  if (path === null || path === undefined) return value
  const parts = typeof path === 'string' ? path.split('.') : [path]
  let at = value
  for (const part of parts) at = force(item(at, pathKey(part)))
  return at
}
