/**
 * Before the first change of a run, whichever host it is on, the data of all hosts is kept (decision 14): plays of
 * their own, with host states of their own, on the connections and under the lease of the run. Where that fails, no
 * task of the run changes anything.
 */
import { VpaiError } from '../base/error.ts'
import { isDict } from '../base/value.ts'
import type { Play } from '../config/model.ts'
import { type Counter, HostState } from './host-state.ts'
import { HostStates } from './host-states.ts'
import { limiter } from './limit.ts'
import { type PlayRun, runPlay } from './run-play.ts'

/** Handed in by commands that deploy. */
export interface DataOptions {
  /** Make, fill and close the snapshot on each host that has data. */
  readonly plays: readonly Play[]
  /** What the task that closes it registers: its stdout is the snapshot's name, or nothing. */
  readonly closed: string
}

/** What became of it; null: nothing was about to be changed. */
export type DataKept = 'kept' | 'failed' | null

export class FirstChange {
  kept: DataKept = null
  readonly #run: Omit<PlayRun, 'play' | 'playbook'>
  readonly #options: DataOptions
  #keeping: Promise<void> | null = null

  constructor(run: Omit<PlayRun, 'play' | 'playbook'>, options: DataOptions) {
    this.#run = run
    this.#options = options
  }

  /** A change that is sent ahead of its turn would get past it. */
  get isAhead(): boolean {
    return this.kept !== 'kept'
  }

  /** True: it was waited for, so that what was seen is old. Throws SNAPSHOT_FAILED. */
  async wait(): Promise<boolean> {
    if (this.kept === 'kept') return false
    this.#keeping ??= this.#keep()
    await this.#keeping
    return true
  }

  async #keep(): Promise<void> {
    const { world, states } = this.#run
    const { firstChange: _, witness: _w, ...rest } = world
    const own = new AsideStates(states)
    const common = { ...this.#run, world: { ...rest, options: { ...world.options, gatherOnce: true } } }
    const about = { states: own, tags: EVERYTHING, start: { waiting: null } }
    const limit = limiter(world.options.forks)
    for (const play of this.#options.plays)
      await runPlay({ ...common, ...about, limit, play, playbook: 'data' })
    const all = [...own.values()]
    for (const aside of all) this.#settle(aside, states.of(aside.name))
    const bad = all.filter(({ status }) => status === 'failed' || status === 'unreachable')
    this.kept = bad.length === 0 ? 'kept' : 'failed'
    if (bad.length > 0) throw notKept(bad)
  }

  #settle(aside: HostState, host: HostState): void {
    host.record ??= aside.record
    host.facts = aside.facts
    host.loginUser ??= aside.loginUser
    for (const counter of Object.keys(host.stats) as Counter[]) host.stats[counter] += aside.stats[counter]
    const closed = aside.set.get(this.#options.closed)
    const name = isDict(closed) ? String(closed.stdout ?? '').trim() : ''
    if (name !== '' && host.record !== null) host.record.snapshot = name
  }
}

const EVERYTHING = { runs: () => true }

function notKept(bad: readonly HostState[]): VpaiError {
  const names = bad.map(({ name }) => name).join(', ')
  return new VpaiError('SNAPSHOT_FAILED', `the data of ${names} could not be kept, so nothing is changed`, {
    hint: 'What went wrong stands above. --no-snapshot goes on without.',
  })
}

/** What the run knows of its hosts, to be used without disturbing what they are in the middle of. */
class AsideStates extends HostStates {
  readonly #states: HostStates

  constructor(states: HostStates) {
    super(undefined)
    this.#states = states
  }

  override of(name: string): HostState {
    const known = this.get(name)
    if (known !== undefined) return known
    const made = asideOf(this.#states.of(name))
    this.set(name, made)
    return made
  }
}

function asideOf(host: HostState): HostState {
  const made = new HostState(host.name, host.snapshots)
  made.facts = host.facts
  made.record = host.record
  made.loginUser = host.loginUser
  made.isRemote = host.isRemote
  made.takesBundles = host.takesBundles
  made.guardsSeen = host.guardsSeen
  for (const map of ['kept', 'set', 'included'] as const)
    for (const [name, value] of host[map]) made[map].set(name, value)
  return made
}
