/** Where the time of the task at hand goes on one host (--profile). One thing at a time: what is within counts for itself. */

import type { Bundle } from '../actions/index.ts'
import type { Spent } from '../base/event.ts'
import type { Action } from '../modules/contract.ts'

export type Pursuit = Exclude<keyof Spent, 'decide'>

const NOTHING: Spent = { connect: 0, probe: 0, upload: 0, act: 0, wait: 0, decide: 0 }

export class Meter {
  readonly #now: () => number
  #spent: Record<keyof Spent, number> = { ...NOTHING }
  #on: keyof Spent = 'decide'
  #since: number

  /** Milliseconds; only differences are used. */
  constructor(now: () => number) {
    this.#now = now
    this.#since = now()
  }

  async spend<T>(on: Pursuit, waiting: Promise<T>): Promise<T> {
    const outer = this.#turnTo(on)
    try {
      return await waiting
    } finally {
      this.#turnTo(outer)
    }
  }

  /** All since it was made. */
  read(): Spent {
    this.#turnTo(this.#on)
    return { ...this.#spent }
  }

  #turnTo(on: keyof Spent): keyof Spent {
    const former = this.#on
    const now = this.#now()
    this.#spent[former] += now - this.#since
    this.#since = now
    this.#on = on
    return former
  }
}

export function pursuitOf(action: Action | Bundle): Pursuit {
  if (action.do === 'bundle') return action.files.length > 0 ? 'upload' : 'act'
  const { do: what, ...more } = action
  if (what === 'put' || ('files' in more && more.files !== undefined)) return 'upload'
  if (what === 'read' || ('readOnly' in more && more.readOnly === true)) return 'probe'
  if (what === 'pause') return 'wait'
  return what === 'reconnect' ? 'connect' : 'act'
}
