/** Every host that a run has had to do with, by name; new ones begin with the facts of earlier runs. */
import { ToldStats } from './custom-stats.ts'
import { HostState } from './host-state.ts'
import { Presence } from './presence.ts'
import type { FactCache } from './world.ts'

export class HostStates extends Map<string, HostState> {
  readonly told = new ToldStats()
  readonly presence = new Presence()
  readonly #cache: FactCache | undefined

  constructor(cache: FactCache | undefined) {
    super()
    this.#cache = cache
  }

  of(name: string): HostState {
    const known = this.get(name)
    if (known !== undefined) return known
    const made = new HostState(name)
    const remembered = this.#cache?.read(name)
    made.facts = remembered?.facts ?? {}
    for (const [key, value] of remembered?.kept ?? []) made.kept.set(key, value)
    this.set(name, made)
    return made
  }
}
