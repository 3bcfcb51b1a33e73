/**
 * A run's hold on one host (decision 8): the record there is read with the first look, the lease is taken with the
 * first change and not waited for, and ends with the run.
 */
import { VpaiError } from '../base/error.ts'
import type { Dict } from '../base/value.ts'
import type { Key, ReadSeen } from '../probes/contract.ts'
import { LEASE_LOST, recordFolder } from '../record/layout.ts'
import { beatScript, endScript, takeScript } from '../record/lease.ts'
import {
  type Ending,
  type LeaseState,
  leaseState,
  lookScript,
  NO_RECORD,
  type OpenRun,
  parseLook,
  type RecordSeen,
} from '../record/look.ts'
import { type OwnedList, ownedText } from '../record/owned.ts'
import { StaleError } from './door.ts'
import type { DataOptions } from './first-change.ts'
import { heldBy, leaseLost, nameOf, outOfReach, unwritable } from './lease-errors.ts'
import type { Owning } from './owned-lists.ts'
import type { Identity, Session } from './ports.ts'
import type { ReleaseOptions } from './releasing.ts'
import { type World, warn } from './world.ts'

/** What is the same for all hosts of a run; handed in by the command. */
export interface RecordOptions {
  /** Name of the project's folder on the hosts. */
  readonly project: string
  /** Who runs this, for whoever comes next: run, command, user, machine, process. */
  readonly holder: Dict
  /** Is the process of this holder known to be gone? False also for those of other machines. */
  readonly isGone: (holder: Dict) => boolean
  /** Seconds to wait for a run that holds the lease. */
  readonly waitS: number
  /** Take all answers of the run before, not only those that nobody heard. */
  readonly resumes: boolean
  /** Some task acts as another user, so that root can be had. */
  readonly becomes: boolean
  /** What becomes of what the hosts have by a playbook; undefined: it is not kept. */
  readonly owning?: Owning
  /** Where the records of this machine itself lie; default: as on any host. */
  readonly ownFolder?: string
  /** How data is kept before the first change; left out: it is not. */
  readonly data?: DataOptions
  /** What comes to a good end is a release; left out: of no interest. */
  readonly release?: ReleaseOptions
}

export interface LeasePorts {
  /** Name of the host. */
  readonly name: string
  readonly loginUser: string
  /** Where records lie, when it is not the usual place. */
  readonly folder: string | undefined
  readonly session: (identity: Identity) => Promise<Session>
}

const LOOK_AGAIN_MS = 1000

export class Lease {
  readonly #world: World
  readonly #options: RecordOptions
  readonly #ports: LeasePorts
  readonly #login: Identity = { user: null, method: 'sudo' }
  /** Who reads and writes the record: root where that can be had. */
  #keeper: Identity | null = null
  #folder = ''
  #seen: RecordSeen | null = null
  #admitted = false
  #number: number | null = null
  #taking: Promise<void> = Promise.resolve()
  /** The session whose life is the lease's. */
  #alive: Session | null = null

  constructor(world: World, options: RecordOptions, ports: LeasePorts) {
    this.#world = world
    this.#options = options
    this.#ports = ports
  }

  /** Was the record looked at? */
  get wasSeen(): boolean {
    return this.#seen !== null
  }

  get seen(): RecordSeen {
    return this.#seen ?? NO_RECORD
  }

  /** null: nothing was changed yet. */
  get number(): number | null {
    return this.#number
  }

  get folder(): string {
    return this.#folder
  }

  /** Id of this run. */
  get run(): string {
    return String(this.#options.holder.run)
  }

  /** Is the record root's, so that other users have folders of their own in it? */
  get isRootKept(): boolean {
    return this.#isRoot(this.#keeper ?? this.#login)
  }

  #userOf({ user }: Identity): string {
    return user ?? this.#ports.loginUser
  }

  #isRoot(identity: Identity): boolean {
    return this.#userOf(identity) === 'root'
  }

  /** What is asked along with the first look of somebody who can read the record. */
  question(identity: Identity): Extract<Key, { kind: 'read' }> | null {
    if (this.#seen !== null) return null
    const isKeeper = this.#isRoot(identity) || (!this.#options.becomes && identity.user === null)
    if (!isKeeper) return null
    this.#settle(identity)
    return { kind: 'read', name: 'record', script: lookScript(this.#folder) }
  }

  saw(answer: ReadSeen): void {
    this.#seen ??= parseLook(answer.stdout)
  }

  #settle(keeper: Identity): void {
    this.#keeper = keeper
    const isRoot = this.#isRoot(keeper)
    this.#folder = recordFolder(this.#options.project, { isRoot, fixed: this.#ports.folder })
  }

  session(): Promise<Session> {
    return this.#ports.session(this.#keeper ?? this.#login)
  }

  /** Reads the record where no look has brought it. */
  async open(): Promise<void> {
    if (this.#seen !== null) return
    if (this.#keeper === null) await this.#findKeeper()
    this.#seen = await this.#look()
  }

  async #findKeeper(): Promise<void> {
    const { method: wanted } = this.#world.options.become
    const method = wanted === 'su' || wanted === 'doas' ? wanted : 'sudo'
    const isOwn = this.#isRoot(this.#login) || !this.#options.becomes
    this.#settle(isOwn ? this.#login : { user: 'root', method })
    try {
      await this.session()
    } catch (error) {
      if (isOwn || !(error instanceof VpaiError) || !error.code.startsWith('BECOME_')) throw error
      this.#settle(this.#login)
    }
  }

  async #look(): Promise<RecordSeen> {
    const reply = await (await this.session()).request({ script: lookScript(this.#folder) })
    return parseLook(reply.kind === 'done' ? reply.stdout.toString('utf8') : '')
  }

  /**
   * May this run act on the host? Waits for another that does; true: it waited, so that what was seen is old. A run that
   * is gone is not waited for, but what it left running is. Throws LEASE_HELD.
   */
  async admit(): Promise<boolean> {
    if (this.#admitted || this.#seen === null) return false
    const until = this.#world.clock.now() + this.#options.waitS * 1000
    let waited = false
    for (;;) {
      const { open } = this.#seen
      const state = open === null ? 'free' : this.#stateOf(open)
      if (open === null || state === 'free') break
      if (this.#world.options.check) {
        this.#tell(`${nameOf(open)} is at work here: what is seen may change`)
        break
      }
      if (state === 'held' && this.#world.clock.now() >= until) throw heldBy(open, this.#ports.name)
      if (!waited)
        this.#tell(
          state === 'held'
            ? `waiting for ${nameOf(open)}`
            : `${nameOf(open)} is gone, but something that it began still runs: waiting for its end`,
        )
      waited = true
      await this.#world.clock.sleep(LOOK_AGAIN_MS, this.#world.signal)
      this.#seen = await this.#look()
    }
    this.#admitted = true
    this.#tellOpen(this.#seen)
    return waited
  }

  #stateOf(open: OpenRun): LeaseState {
    if (open.holder.run === this.#options.holder.run) return 'free'
    return leaseState(open, this.#options.isGone(open.holder))
  }

  #tellOpen({ open, pending }: RecordSeen): void {
    if (open !== null && open.holder.run !== this.#options.holder.run) {
      const at = open.task === null ? '' : ` in the task “${open.task}”`
      this.#tell(`${nameOf(open)} was cut off${at}; this run goes on from what is there`)
    }
    const names = pending.map(({ handler }) => handler)
    if (names.length > 0) this.#tell(`handlers of an earlier run are due: ${names.join(', ')}`)
  }

  #tell(message: string): void {
    warn(this.#world, message, { host: this.#ports.name })
  }

  /**
   * Before a change; `session` is the one that makes it. What goes out on the keeper's own is not waited for, as what
   * comes behind it there is done after it.
   */
  async hold(session: Session): Promise<{ readonly number: number; readonly isKeeper: boolean }> {
    const keeping = await this.session()
    if (this.#number === null) await this.#take(keeping)
    else if (keeping !== this.#alive) this.#beat(keeping, this.#number)
    const isKeeper = keeping === session
    if (!isKeeper) await this.#taking
    return { number: this.#number ?? 0, isKeeper }
  }

  async #take(keeping: Session): Promise<void> {
    const { open, runs } = this.seen
    // A dry run was let in to look; what it does all the same (`check_mode: false`) has to be alone.
    if (open !== null && this.#stateOf(open) !== 'free') throw heldBy(open, this.#ports.name)
    const isOurs = open !== null && open.holder.run === this.#options.holder.run
    const number = isOurs ? open.number : (runs.at(-1)?.number ?? 0) + 1
    const holder = JSON.stringify(this.#options.holder)
    const user = this.#userOf(this.#keeper ?? this.#login)
    const script = isOurs
      ? beatScript(this.#folder, number)
      : takeScript(this.#folder, { number, run: this.run, holder, user })
    this.#number = number
    this.#alive = keeping
    this.#taking = keeping.request({ script }).then(reply => {
      if (reply.kind === 'done' && reply.code !== 0 && reply.code !== LEASE_LOST)
        throw unwritable(this.#ports.name, reply.stderr.toString('utf8'))
    })
    this.#taking.catch(() => undefined)
  }

  #beat(keeping: Session, number: number): void {
    this.#alive = keeping
    keeping.request({ script: beatScript(this.#folder, number) }).catch(() => undefined)
  }

  /** From time to time, while the run goes on. A session that is gone is not opened for it. */
  giveSignOfLife(): void {
    if (this.#number !== null && this.#alive !== null) this.#beat(this.#alive, this.#number)
  }

  /** A change of this user was refused on the host. Throws StaleError when another run was only quicker: look again. */
  async refused({ number, user }: { number: number; user: string }, hasWritten: boolean): Promise<never> {
    await this.#taking
    if (this.#number === number) {
      this.#number = null
      this.#admitted = false
      this.#seen = await this.#look()
      const { open } = this.#seen
      if (open !== null && open.number === number && open.holder.run === this.#options.holder.run)
        throw outOfReach(this.#ports.name, { user, folder: this.#folder })
    }
    if (!hasWritten) throw new StaleError()
    throw leaseLost(this.#ports.name)
  }

  /** The last word. A host that does not answer any more stays as it is: the next run finds out. */
  async end(ending: Ending, struck: readonly string[], owned: OwnedList | undefined): Promise<void> {
    const number = this.#number
    if (number === null) return
    this.#number = null
    const script = endScript(this.#folder, { number, ending, struck, owned: owned?.id })
    await (await this.session()).request({ script, ...(owned ? { stdin: ownedText(owned) } : {}) })
  }
}
