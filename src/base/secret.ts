import { inspect } from 'node:util'

/** A value that prints as [secret] wherever it goes; reveal() is the one way out, easy to grep. */
export class Secret {
  readonly #value: string
  /** Where it is kept, for `vpai explain` and warnings; never the value. */
  readonly name: string

  constructor(value: string, name = 'secret') {
    this.#value = value
    this.name = name
  }

  reveal(): string {
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
