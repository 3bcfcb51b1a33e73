import { inspect } from 'node:util'

/** A value that prints as [secret] wherever it goes; reveal() is the one way out, easy to grep. */
export class Secret {
  #value: string | (() => string)
  /** Where it is kept, for `vpai explain` and warnings; never the value. */
  readonly name: string

  /** A function is called at the first reveal(), and again only when it threw. */
  constructor(value: string | (() => string), name = 'secret') {
    this.#value = value
    this.name = name
  }

  reveal(): string {
    if (typeof this.#value === 'function') this.#value = this.#value()
    return this.#value
  }

  toString(): string {
    return '[secret]'
  }

  toJSON(): string {
    return '[secret]'
  }

  [inspect.custom](): string {
    return '[secret]'
  }
}
