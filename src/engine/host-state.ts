/** All that a run knows of one host: its variables made so far, what was seen of it, and how it fares. */
import type { HostStats } from '../base/event.ts'
import type { Dict, Value } from '../base/value.ts'
import type { RoleUse } from '../config/model.ts'
import type { Chain } from './chain.ts'
import { Declarations } from './declared.ts'
import { ForeseenFiles } from './foreseen-files.ts'
import type { HostRecord } from './host-record.ts'
import { limiter } from './limit.ts'
import type { LockOut } from './lock-out.ts'
import type { Snapshot } from './snapshot.ts'

export type Counter = keyof HostStats

export interface Failure {
  readonly task: Dict
  readonly result: Dict
  /** Another host failed for it (run_once): it is not counted as failed. */
  readonly isShared?: true
}

const FARTHEST = 1000
const MIDDLE = 64
const NEAREST = 4
const WIDENING = 4
const LONGEST_CHAIN = 64
const SHORTEST_CHAIN = 8

export class HostState {
  readonly name: string
  facts: Dict = {}
  /** set_fact with cacheable: as strong as facts in the runs after this one. */
  readonly kept = new Map<string, Value>()
  /** set_fact and register: same strength, the later wins. */
  readonly set = new Map<string, Value>()
  readonly included = new Map<string, Value>()
  /** Names that tasks notified since the last flush, which finds out whom they mean; true: known after apply. */
  readonly notifications = new Map<string, boolean>()
  /** Handlers that are due. */
  readonly notified = new Set<string>()
  /** Check mode: handlers of tasks that are known after apply. */
  readonly perhapsNotified = new Set<string>()
  readonly stats: Record<Counter, number> = {
    ok: 0,
    changed: 0,
    unreachable: 0,
    failed: 0,
    skipped: 0,
    rescued: 0,
    ignored: 0,
    late: 0,
  }
  /** failed and unreachable hosts take no further part in the play; ended ones left it by themselves. */
  status: 'active' | 'failed' | 'unreachable' | 'ended' = 'active'
  /** A witness refused what a task of it was about to do: nothing passes over that. */
  isRefused = false
  /** Left early with meta end_role: nothing more of it runs. */
  leaving: RoleUse | null = null
  /** The report of the failure that stopped it, for ansible_failed_task and ansible_failed_result. */
  failure: Failure | null = null
  /** Check mode: ids of keys that unapplied changes would alter. */
  readonly pending = new Set<string>()
  /** Check mode: what files would be after unapplied changes. */
  readonly foreseen = new ForeseenFiles()
  /** What was seen of it, one for each way it was reached. */
  readonly snapshots: Map<string, Snapshot>
  /** False once it turned out that it has no tar. */
  takesBundles = true
  /** What the host keeps of this run; null before it is reached. */
  record: HostRecord | null = null
  /** Paths that were not there before this run made them. */
  readonly made = new Set<string>()
  /** Known once connected. */
  loginUser: string | null = null
  /** Reached over a network: one can be locked out of it. */
  isRemote = false
  /** What it has by the tasks of this run. */
  readonly declarations = new Declarations()
  /** The lock-out guard that is armed or held on it. */
  lockOut: LockOut | null = null
  /** Guards of earlier runs were looked for. */
  guardsSeen = false
  #reach = FARTHEST
  #chainLength = LONGEST_CHAIN
  /** Uses of roles of which something ran, and those that are done, for roles that run once. */
  readonly rolesBegun = new Set<RoleUse>()
  readonly rolesDone = new Set<string>()
  /** One actor at a time: between looking and acting nobody else of this run acts on the host. */
  readonly exclusive = limiter(1)
  /** Tasks that were decided and sent behind a change, and wait to be told. */
  chain: Chain | null = null

  constructor(name: string, snapshots = new Map<string, Snapshot>()) {
    this.name = name
    this.snapshots = snapshots
  }

  /** Something on it may be different now. */
  forget(): void {
    for (const snapshot of this.snapshots.values()) snapshot.forget()
  }

  /** After a change: the next is likely to follow. */
  lookNear(): void {
    this.#reach = NEAREST
  }

  /** After a command, which changes nothing more often than not. */
  lookLessFar(): void {
    this.#reach = Math.max(MIDDLE, Math.floor(this.#reach / WIDENING))
  }

  /** What comes is to be looked at as a whole. */
  lookFar(): void {
    this.#reach = FARTHEST
  }

  /**
   * How many tasks ahead to look this time. A converged host is looked at as a whole; after a change, which may be
   * followed by the next, a few tasks, then more each time, so that the work stays linear and round trips stay few.
   */
  nextReach(): number {
    const reach = this.#reach
    this.#reach = Math.min(FARTHEST, reach * WIDENING)
    return reach
  }

  /** How many links the next chain may have: fewer after one that broke off, so that little is sent for nothing. */
  get chainLength(): number {
    return this.#chainLength
  }

  chainBroke(): void {
    this.#chainLength = SHORTEST_CHAIN
  }

  chainHeld(): void {
    this.#chainLength = Math.min(LONGEST_CHAIN, this.#chainLength * WIDENING)
  }

  count(counter: Counter): void {
    this.stats[counter]++
  }
}
