/** The record of a run on one host: what goes before each change, what handlers it leaves, and how it ends. */
import { VpaiError } from '../base/error.ts'
import {
  type CommandPlace,
  commandId,
  heardLine,
  keptCommand,
  userFolderScript,
} from '../record/kept-command.ts'
import { fenceLine, LEASE_LOST } from '../record/layout.ts'
import { strikeScript } from '../record/lease.ts'
import { type Ending, type Pending, unfinished } from '../record/look.ts'
import { type Intent, intentLine, pendingId, pendingLine } from '../record/notes.ts'
import type { OwnedList } from '../record/owned.ts'
import { StaleError } from './door.ts'
import { DueHandlers } from './due-handlers.ts'
import { Lease, type LeasePorts, type RecordOptions } from './lease.ts'
import { writeOwned } from './owned-lists.ts'
import type { Request, Session } from './ports.ts'
import type { World } from './world.ts'

/** Who changes what. */
export interface Change {
  /** Whose session it is on the host. */
  readonly user: string
  readonly session: Session
  readonly taskId: string
  readonly taskName: string
  /** Names of the handlers that are due when it changes something. */
  readonly notifies: readonly string[]
  readonly intents: readonly Intent[]
  /** The script of the change. */
  readonly script: string
  /** What a command somebody wrote reads; null: it is no such command. */
  readonly command: { readonly stdin?: Request['stdin'] } | null
}

export interface Entered {
  /** Goes before everything else in the script. */
  readonly fence: string
  /** Goes right before the change. */
  readonly notes: string
  /** The script, or what keeps its answer. */
  readonly script: string
  /** The host refused it, saying this: throws what is to be done, or nothing when it was the change itself. */
  readonly refused: (stderr: string) => Promise<void>
  /** It was done, or tried. */
  readonly answered: () => void
  /** It was never begun. */
  readonly notDone: () => void
}

export class HostRecord {
  readonly handlers = new DueHandlers()
  readonly lease: Lease
  /** Lists of what the host has that are written at the end. */
  owned: readonly OwnedList[] = []
  /** Name of the snapshot of its data that this run has made. */
  snapshot: string | null = null
  readonly #world: World
  readonly #options: RecordOptions
  readonly #name: string
  /** Users whose folders for answers are there. */
  readonly #users = new Set<string>()
  /** How often each command came. */
  readonly #times = new Map<string, number>()
  #heard: { readonly user: string; readonly id: string }[] = []
  #hasWritten = false

  constructor(world: World, options: RecordOptions, ports: LeasePorts) {
    this.#world = world
    this.#options = options
    this.#name = ports.name
    this.lease = new Lease(world, options, ports)
  }

  /** After a look: throws LEASE_HELD, and StaleError when another run had to be waited for. */
  async admit(): Promise<void> {
    if (await this.lease.admit()) throw new StaleError()
    this.handlers.found(this.lease.seen.pending.map(({ handler }) => handler))
  }

  /** Everything that goes with a change. */
  async enter(change: Change): Promise<Entered> {
    const { lease } = this
    await lease.open()
    await this.admit()
    const { number, isKeeper } = await lease.hold(change.session)
    const { user } = change
    const place: CommandPlace = { folder: lease.folder, number, user }
    const due = this.handlers.unwritten(change.notifies)
    const heard = this.#heard.filter(one => one.user === user).map(({ id }) => id)
    const isWithinReach = isKeeper || lease.isRootKept
    const written = due.map(handler => pendingLine(lease.folder, this.#pending(handler, change)))
    const notes = [...written, intentLine(lease.folder, number, change.intents)]
    if (!isKeeper) await this.#writeFirst(place, notes)
    const id = change.command && isWithinReach ? this.#count(change) : null
    const token = this.#world.token(16)
    return {
      fence: isWithinReach ? fenceLine(lease.folder, { number, run: lease.run }, token) : ':',
      notes: [...(isKeeper ? notes : []), isWithinReach ? heardLine(place, heard) : ':'].join('; '),
      script: id === null ? change.script : keptCommand(change.script, { ...place, id }, this.#earlier()),
      refused: async stderr => {
        if (stderr.includes(token)) await lease.refused({ number, user }, this.#hasWritten)
      },
      answered: () => {
        this.#hasWritten = true
        this.handlers.written(due)
        this.#heard = this.#heard.filter(one => one.user !== user || !heard.includes(one.id))
        if (id !== null) this.#heard.push({ user, id })
      },
      notDone: () => {
        if (id !== null) this.#uncount(change)
      },
    }
  }

  #pending(handler: string, { taskName }: Change): Pending {
    const { secrets } = this.#world
    const by = secrets.mask(taskName)
    return {
      id: pendingId(handler),
      handler: secrets.mask(handler),
      by,
      run: String(this.#options.holder.run),
    }
  }

  #earlier() {
    const alsoHeard = this.#options.resumes
    const runs = unfinished(this.lease.seen, { alsoFailed: alsoHeard })
    // Another name of this machine may have begun this very run there.
    return { runs: runs.filter(run => run !== this.lease.number), alsoHeard }
  }

  /** What another user changes, who may not write the record, is noted before: this is waited for. */
  async #writeFirst(place: CommandPlace, notes: readonly string[]): Promise<void> {
    const isKnown = this.#users.has(place.user)
    const token = this.#world.token(16)
    const fence = fenceLine(place.folder, { number: place.number, run: this.lease.run }, token)
    const lines = [fence, ...notes, ...(isKnown || !this.lease.isRootKept ? [] : [userFolderScript(place)])]
    const session = await this.lease.session()
    const reply = await session.request({ script: lines.join('\n') })
    if (reply.kind === 'done' && reply.code === LEASE_LOST && reply.stderr.toString('utf8').includes(token))
      await this.lease.refused(place, this.#hasWritten)
    if (reply.kind === 'done' && reply.code !== 0)
      throw new VpaiError(
        'RECORD_UNWRITABLE',
        `the record of this run cannot be kept: ${reply.stderr.toString('utf8').trim()}`,
      )
    this.#users.add(place.user)
  }

  #count(change: Change): string {
    const base = this.#base(change)
    const time = this.#times.get(base) ?? 0
    this.#times.set(base, time + 1)
    const { taskId, script, command } = change
    return commandId({ host: this.#name, taskId, script, stdin: command?.stdin }, time)
  }

  #uncount(change: Change): void {
    const base = this.#base(change)
    this.#times.set(base, Math.max(0, (this.#times.get(base) ?? 0) - 1))
  }

  #base({ taskId, script }: Change): string {
    return `${taskId}\0${script}`
  }

  /** A handler has run: what made it due is struck out, without waiting. */
  async ran(task: string): Promise<void> {
    const struck = this.handlers.ran(task)
    if (struck.length === 0 || this.#world.options.check) return
    const { folder, number } = this.lease
    const session = await this.lease.session()
    session.request({ script: strikeScript(folder, number, struck) }).catch(() => undefined)
  }

  async end(ending: Ending): Promise<void> {
    const { lease, owned } = this
    const [last, ...more] = owned
    await writeOwned(lease, lease.number === null ? owned : more)
    await lease.end(ending, this.handlers.atEnd(ending === 'ok'), last)
  }
}
