/**
 * Decides the tasks behind a change as if it had been made, as far as that can be told: files only, as one user, without
 * a word of what earlier tasks return. What cannot be told ends it: those tasks wait for their turn.
 */
import { stillSo } from '../actions/index.ts'
import { type Dict, Unknown, type Value } from '../base/value.ts'
import type { Task } from '../config/model.ts'
import type { Action, Verdict } from '../modules/contract.ts'
import { keyId } from '../probes/batch.ts'
import type { Key, Seen } from '../probes/contract.ts'
import { actorOf } from './actor.ts'
import { deedsOf, type Link } from './chain.ts'
import type { Frame } from './frame.ts'
import { hideDigestsOfFile, hideDigestsOfSeen } from './hide-digests.ts'
import type { Ahead } from './lookahead.ts'
import { itemsOf, localsOf } from './loop.ts'
import { type Identity, identityId } from './ports.ts'
import { Prediction } from './prediction.ts'
import { firstFalse, prepare, type Ready, type Setting, settingOf } from './prepare.ts'
import { identityOf } from './reach.ts'
import type { TaskRun } from './run-task.ts'
import type { Snapshot } from './snapshot.ts'

export interface Foreseen {
  readonly links: readonly Link[]
  /** Whole tasks among them, also those that a condition leaves out. */
  readonly tasks: number
}

/** A chain takes in as much as a look ahead does. */
export const MAX_LINKS = 64
const MAX_BYTES = 4 * 1024 * 1024

export function foresee(
  run: TaskRun,
  at: { identity: Identity; snapshot: Snapshot; actions: readonly Action[]; isRoot: boolean },
): Foreseen {
  const { place, task, rest } = run
  const state = new Prediction(at.snapshot.seen(at.identity), at.isRoot)
  const none = { links: [], tasks: 0 }
  if (run.handler || place.play.activeBatch().length !== 1) return none
  if (!isPlain(task, place.frame, place.frame) || !at.actions.every(action => state.apply(action)))
    return none
  return new Foresight(run, at.identity, state).look(rest ?? [])
}

class Foresight {
  readonly #run: TaskRun
  readonly #identity: Identity
  readonly #state: Prediction
  readonly #links: Link[] = []
  readonly #hidden = new Map<string, Value | undefined>()
  #bytes = 0
  #tasks = 0

  constructor(run: TaskRun, identity: Identity, state: Prediction) {
    this.#run = run
    this.#identity = identity
    this.#state = state
  }

  look(rest: readonly RestItem[]): Foreseen {
    const { task, place, lookahead } = this.#run
    try {
      for (const item of rest) if (!this.#item({ task, frame: place.frame }, item)) return this.#found()
      this.#hide(task)
      for (const ahead of lookahead.next()) {
        if (!this.#task(ahead)) break
        this.#hide(ahead.task)
        this.#tasks++
      }
    } catch {
      // Something is not known yet: it is decided when its turn comes.
    } finally {
      this.#unhide()
    }
    return this.#found()
  }

  #found(): Foreseen {
    return { links: this.#links, tasks: this.#tasks }
  }

  /** What a task will return is not known: whoever reads it has to wait. */
  #hide({ register }: Task): void {
    const { set } = this.#run.place.host
    if (register === undefined) return
    if (!this.#hidden.has(register)) this.#hidden.set(register, set.get(register))
    set.set(register, new Unknown('a task before it has not ended'))
  }

  #unhide(): void {
    const { set } = this.#run.place.host
    for (const [name, value] of this.#hidden) {
      if (value === undefined) set.delete(name)
      else set.set(name, value)
    }
  }

  /** False: the chain ends before the end of this task. */
  #task(ahead: Ahead): boolean {
    const { task, frame } = ahead
    if (!isPlain(task, frame, this.#run.place.frame)) return false
    if (!task.loop) return this.#item(ahead, { index: null, locals: {} })
    const setting = this.#setting(ahead, {})
    const items = itemsOf(setting) ?? []
    const loop = task.loop
    return items.every((_item, index) =>
      this.#item(ahead, { index, locals: localsOf(loop, items, index, setting.templar) }),
    )
  }

  #setting({ task, frame }: Ahead, locals: Dict): Setting {
    return settingOf({ ...this.#run.place, frame }, task, { locals, ahead: true })
  }

  #item(ahead: Ahead, { index, locals }: RestItem): boolean {
    const { place } = this.#run
    const setting = this.#setting(ahead, locals)
    if (firstFalse(setting) !== null) return true
    if (identityId(identityOf(setting, place.host)) !== identityId(this.#identity)) return false
    const module = place.world.module(ahead.task.module)
    if (!module?.foreseeable || this.#links.length === MAX_LINKS) return false
    const link = this.#link(ahead, setting, index)
    if (link === null) return false
    this.#links.push(link)
    return true
  }

  #link({ task, frame }: Ahead, setting: Setting, item: number | null): Link | null {
    const run = { ...this.#run, task, place: { ...this.#run.place, frame } }
    const { world, host } = run.place
    const ready = prepare(setting, this.#identity, setting.place.host)
    const how = ready.module.foreseeable?.(ready.args) ?? 'no'
    if (how === 'no' || ready.context.check) return null
    const decided = this.#decide(ready)
    if (decided === null) return null
    const { verdict, keys } = decided
    const files = keys.filter(key => how === 'by files' || key.kind === 'path' || key.kind === 'content')
    const guard = stillSo(files, this.#state)
    if (guard === null || keys.some(key => world.secrets.taints(lookedUp(key)))) return null
    const actor = actorOf(run, { setting, target: host, identity: this.#identity })
    const shared = { task, item, ready, actor, keys, guard }
    if (verdict.kind === 'ok') return { ...shared, change: null }
    if (verdict.kind !== 'change' || how === 'only looks' || typeof verdict.apply === 'function') return null
    if (!verdict.apply.every(action => this.#isForeseeable(action))) return null
    const deeds = deedsOf(verdict.apply, this.#state)
    for (const action of verdict.apply) this.#state.apply(action)
    return { ...shared, change: { verdict, deeds } }
  }

  /** What it comes to, and everything that it looked at to come to it. */
  #decide({ module, args, keys, context }: Ready): { verdict: Verdict; keys: readonly Key[] } | null {
    const { secrets } = this.#run.place.world
    const local = (name: string) => hideDigestsOfFile(secrets, context.local(name))
    const state = this.#state
    const wanted = new Map(keys.map(key => [keyId(key), key]))
    const seen: Seen = {
      has: key => state.has(key),
      get(key) {
        wanted.set(keyId(key), key)
        return state.get(key)
      },
    }
    for (;;) {
      const known = [...wanted.values()]
      if (!known.every(key => state.has(key))) return null
      hideDigestsOfSeen(secrets, known, state)
      const verdict = module.decide(args, seen, { ...context, local })
      if (verdict.kind !== 'ask') return { verdict, keys: [...wanted.values()] }
      for (const key of verdict.keys) wanted.set(keyId(key), key)
      if (wanted.size === known.length) return null
    }
  }

  /** Made of known bytes alone, with nothing secret where programs of the host would show it. */
  #isForeseeable(action: Action): boolean {
    if (!FILE_ACTIONS.has(action.do) || !('path' in action) || this.#state.isNewDirectory(action.path))
      return false
    if (action.do === 'put') {
      this.#bytes += action.content.length
      if (action.validate !== undefined || this.#bytes > MAX_BYTES) return false
    }
    const more = action.do === 'link' ? action.target : ''
    return !this.#run.place.world.secrets.taints(`${action.path}\0${more}`)
  }
}

/** An item of a loop that comes after the one that is being done. */
export interface RestItem {
  readonly index: number | null
  readonly locals: Dict
}

const FILE_ACTIONS: ReadonlySet<Action['do']> = new Set(['put', 'mkdir', 'link', 'remove', 'attributes'])

/** As for a task's own look: what programs on the host get as arguments. */
function lookedUp(key: Key): string {
  return key.kind === 'read' ? key.script : keyId(key)
}

/** Nothing but what it does decides about it: no retries, no other host or user or connection, no verdict of its own. */
function isPlain(task: Task, { nearest, vars }: Frame, head: Frame): boolean {
  const { until, retries, async, changedWhen, failedWhen, loop } = task
  const own = [until, retries, async, changedWhen, failedWhen, loop?.control.pause, loop?.control.breakWhen]
  const here = [nearest.delegateTo, nearest.runOnce, nearest.throttle, nearest.timeout]
  if ([...own, ...here].some(one => one !== undefined)) return false
  if (SAME.some(name => nearest[name] !== head.nearest[name])) return false
  return !vars.some(layer => Object.keys(layer).some(name => name.startsWith('ansible_')))
}

const SAME = ['checkMode', 'remoteUser', 'port', 'connection'] as const
