/** A stretch of tasks that have nothing to do as long as the host is as it was seen. */
import type { Key } from '../probes/contract.ts'
import type { CalmTask, Link } from './chain.ts'
import type { Actor } from './door.ts'
import type { Identity } from './ports.ts'
import type { Snapshot } from './snapshot.ts'

export class Calm {
  #tasks: CalmTask[] = []
  #keys: Key[] = []

  get isEmpty(): boolean {
    return this.#tasks.length === 0
  }

  add(task: CalmTask, keys: readonly Key[]): void {
    this.#tasks.push(task)
    this.#keys.push(...keys)
  }

  /** What something that comes behind the stretch was decided by. */
  watch(keys: readonly Key[]): void {
    this.#keys.push(...keys)
  }

  /** All of it behind one guard, and a new stretch begins; null when the host cannot make sure of it. */
  end(snapshot: Snapshot, identity: Identity, actor: Actor): readonly Link[] | null {
    if (this.#tasks.length === 0 && this.#keys.length === 0) return []
    const guard = snapshot.unchanged(identity, this.#keys)
    if (guard === null) return null
    const link: Link = { kind: 'calm', actor, guard, tasks: this.#tasks }
    this.#tasks = []
    this.#keys = []
    return [link]
  }
}
