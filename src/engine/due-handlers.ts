/** Handlers that the record on a host names: noted before a change, struck out when they have run. */
import { pendingId } from '../record/notes.ts'

/**
 * noted: a task that notifies it is about to change something · due: it did · idle: it did not, after all ·
 * done: the handler has run.
 */
type Stage = 'noted' | 'due' | 'idle' | 'done'

export class DueHandlers {
  /** By the name that was notified. */
  readonly #stages = new Map<string, Stage>()
  /** Of earlier runs. */
  readonly #earlier = new Set<string>()
  /** Names that made each handler due, by the id of its task. */
  readonly #causes = new Map<string, Set<string>>()

  /** Names the host's record does not hold yet. */
  unwritten(names: readonly string[]): readonly string[] {
    return [...new Set(names)].filter(name => !this.#stages.has(name) || this.#stages.get(name) === 'done')
  }

  written(names: readonly string[]): void {
    for (const name of names) this.#stages.set(name, 'noted')
  }

  /** How a task that notifies these ended; a failed one may have changed something. */
  told(names: readonly string[], outcome: 'changed' | 'unchanged' | 'failed'): void {
    for (const name of names) {
      const stage = this.#stages.get(name)
      if (stage === undefined) continue
      if (outcome === 'changed') this.#stages.set(name, 'due')
      else if (outcome === 'unchanged' && stage === 'noted') this.#stages.set(name, 'idle')
    }
  }

  /** Names that an earlier run left; each is given once for each play that may have its handler. */
  found(names: readonly string[]): void {
    for (const name of names) if (!this.#stages.has(name)) this.#earlier.add(name)
  }

  /** They are due, and for a later play to run. */
  leave(names: readonly string[]): void {
    for (const name of names) {
      this.#stages.delete(name)
      this.#earlier.add(name)
    }
  }

  get left(): readonly string[] {
    return [...this.#earlier]
  }

  /** A play has a handler for what an earlier run left. */
  takesUp(name: string): void {
    this.#earlier.delete(name)
    this.#stages.set(name, 'due')
  }

  /** That name makes these handlers run. */
  means(name: string, tasks: readonly string[]): void {
    for (const task of tasks) {
      const causes = this.#causes.get(task) ?? new Set()
      this.#causes.set(task, causes.add(name))
    }
  }

  /** A handler has run; the ids that are thereby struck out. */
  ran(task: string): readonly string[] {
    const causes = this.#causes.get(task) ?? new Set()
    this.#causes.delete(task)
    const others = new Set([...this.#causes.values()].flatMap(names => [...names]))
    const over = [...causes].filter(name => !others.has(name) && this.#stages.has(name))
    for (const name of over) this.#stages.set(name, 'done')
    return over.map(pendingId)
  }

  /** What is struck out at the end; a host that did not fail has nothing left that is due. */
  atEnd(isFine: boolean): readonly string[] {
    const over = [...this.#stages].filter(([, stage]) => isFine || stage === 'idle' || stage === 'done')
    return over.map(([name]) => pendingId(name))
  }
}
