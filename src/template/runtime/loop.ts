import { TemplateError } from '../errors.ts'
import { equal } from './compare.ts'
import { Callable, type Tuple, tupleOf, Undefined } from './values.ts'

/** Renders the loop's body over other items, for recursive loops. */
export type Recurse = (items: unknown, depth: number) => unknown

/** The `loop` variable. Generated code moves `position`. */
export class Loop {
  position = 0
  readonly #items: readonly unknown[]
  readonly #recurse: Recurse | null
  readonly #depth: number
  #lastChanged: Tuple | null = null

  constructor(items: readonly unknown[], recurse: Recurse | null, depth: number) {
    this.#items = items
    this.#recurse = recurse
    this.#depth = depth
  }

  /** undefined where `loop` has no such attribute. */
  attribute(name: string): unknown {
    return Object.hasOwn(ATTRIBUTES, name) ? ATTRIBUTES[name]?.(this) : undefined
  }

  get length(): number {
    return this.#items.length
  }

  get depth(): number {
    return this.#depth
  }

  neighbour(distance: number, message: string): unknown {
    const position = this.position + distance
    return position in this.#items ? this.#items[position] : new Undefined(message)
  }

  cycle(values: readonly unknown[]): unknown {
    return values[this.position % values.length]
  }

  changed(values: readonly unknown[]): boolean {
    const now = tupleOf(values)
    if (this.#lastChanged && equal(this.#lastChanged, now)) return false
    this.#lastChanged = now
    return true
  }

  /** `loop(children)` in a recursive loop. */
  recurse(items: unknown): unknown {
    if (this.#recurse) return this.#recurse(items, this.#depth + 1)
    const hint = 'write {% for ... recursive %} to call loop()'
    throw new TemplateError('TEMPLATE_TYPE', "the loop must have the 'recursive' marker to be called", {
      hint,
    })
  }
}

const ATTRIBUTES: Readonly<Record<string, (loop: Loop) => unknown>> = {
  index: loop => loop.position + 1,
  index0: loop => loop.position,
  revindex: loop => loop.length - loop.position,
  revindex0: loop => loop.length - loop.position - 1,
  first: loop => loop.position === 0,
  last: loop => loop.position === loop.length - 1,
  length: loop => loop.length,
  depth: loop => loop.depth + 1,
  depth0: loop => loop.depth,
  previtem: loop => loop.neighbour(-1, 'there is no previous item'),
  nextitem: loop => loop.neighbour(1, 'there is no next item'),
  cycle: loop => new Callable('cycle', values => loop.cycle(values)),
  changed: loop => new Callable('changed', values => loop.changed(values)),
}
