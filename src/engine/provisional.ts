/** Variables of a host as they will be, for as long as tasks ahead are worked out. */
import { Unknown, type Value } from '../base/value.ts'
import type { HostState } from './host-state.ts'

export class Provisional {
  readonly #set: HostState['set']
  readonly #former = new Map<string, Value | undefined>()

  constructor({ set }: HostState) {
    this.#set = set
  }

  put(name: string, value: Value): void {
    if (!this.#former.has(name)) this.#former.set(name, this.#set.get(name))
    this.#set.set(name, value)
  }

  restore(): void {
    for (const [name, value] of this.#former) {
      if (value === undefined) this.#set.delete(name)
      else this.#set.set(name, value)
    }
  }
}

/** What a task returns that has not ended: who reads it has to wait. */
export const NOT_ENDED = new Unknown('a task before it has not ended')
