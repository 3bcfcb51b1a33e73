/**
 * Decides the tasks behind a change or a command as if it had been made, as far as that can be told: as one user, without
 * a word of what earlier tasks return. Behind a change of files what they will be is foreseen; behind a command all is
 * taken to be as it was. The host makes sure of both. What cannot be told ends it: those tasks wait for their turn.
 */
import { stillSo } from '../actions/index.ts'
import { type Dict, isDict, type Value } from '../base/value.ts'
import type { Task } from '../config/model.ts'
import type { Action, Verdict } from '../modules/contract.ts'
import { keyId } from '../probes/batch.ts'
import type { Key, Seen } from '../probes/contract.ts'
import { actorOf } from './actor.ts'
import { Calm } from './calm.ts'
import { deedsOf, type Link } from './chain.ts'
import type { Actor } from './door.ts'
import { guardKeyword, guardPlan } from './guard-plan.ts'
import { hideDigestsOfFile, hideDigestsOfSeen } from './hide-digests.ts'
import { intend } from './intend.ts'
import type { Ahead } from './lookahead.ts'
import { itemsOf, localsOf } from './loop.ts'
import { mayChange } from './may-change.ts'
import { okOutcome, skippedOutcome } from './outcome.ts'
import { isPlain, judgesItself, mayFollow, warns } from './plain-task.ts'
import { type Identity, identityId } from './ports.ts'
import { Prediction } from './prediction.ts'
import { firstFalse, prepare, type Ready, type Setting, settingOf } from './prepare.ts'
import { NOT_ENDED, Provisional } from './provisional.ts'
import { identityOf } from './reach.ts'
import type { TaskRun } from './run-task.ts'
import { singleRun } from './single-run.ts'
import type { Snapshot } from './snapshot.ts'

interface Decided {
  readonly verdict: Verdict
  readonly keys: readonly Key[]
}

/** One task, or one item of its loop, decided ahead of its turn. */
interface Turn extends Decided {
  readonly task: Task
  readonly item: number | null
  readonly ready: Ready
  readonly actor: Actor
}

export interface Foreseen {
  readonly links: readonly Link[]
  /** Whole tasks among them, also those that a condition leaves out. */
  readonly tasks: number
}

/** What the tasks that are looked at stand behind. */
export interface Behind {
  /** null: a command. */
  readonly actions: readonly Action[] | null
  /** What was looked at to decide them. */
  readonly keys: readonly Key[]
  readonly isRoot: boolean
}

export const NOTHING_FORESEEN: Foreseen = { links: [], tasks: 0 }

/** A look behind a chain goes as far as a chain does. */
export const MAX_LINKS = 64
const MAX_BYTES = 4 * 1024 * 1024

export function foresee(
  run: TaskRun,
  at: Behind & { readonly identity: Identity; readonly snapshot: Snapshot },
): Foreseen {
  const { place, task, rest } = run
  const none = NOTHING_FORESEEN
  if (run.handler || place.play.activeBatch().length !== 1 || !isPlain(task, place.frame, place.frame))
    return none
  if (at.actions === null ? !mayFollow(task) : judgesItself(task)) return none
  const foresight = new Foresight(run, at)
  return at.actions?.every(action => foresight.foresees(action, at.keys)) === false
    ? none
    : foresight.look(rest ?? [])
}

class Foresight {
  readonly #run: TaskRun
  readonly #identity: Identity
  readonly #snapshot: Snapshot
  readonly #state: Prediction
  readonly #links: Link[] = []
  readonly #variables: Provisional
  /** Since the last link. */
  readonly #calm = new Calm()
  #hasChanged = false
  #bytes = 0
  #tasks = 0

  constructor(run: TaskRun, at: { identity: Identity; snapshot: Snapshot; isRoot: boolean }) {
    this.#run = run
    this.#identity = at.identity
    this.#snapshot = at.snapshot
    this.#state = new Prediction(at.snapshot.seen(at.identity), at.isRoot)
    this.#variables = new Provisional(run.place.host)
  }

  foresees(action: Action, keys: readonly Key[]): boolean {
    this.#hasChanged = true
    return this.#state.apply(action, keys)
  }

  look(rest: readonly RestItem[]): Foreseen {
    const { task, place, lookahead } = this.#run
    let passed = 0
    try {
      for (const item of rest) if (!this.#item({ task, frame: place.frame }, item)) return this.#found()
      this.#keep({ task, item: null }, NOT_ENDED)
      for (const ahead of lookahead.next()) {
        if (!this.#task(ahead)) break
        passed++
        // Calm ones count once something stands behind them that is sent.
        if (this.#calm.isEmpty) this.#tasks = passed
      }
    } catch {
      // Something is not known yet: it is decided when its turn comes.
    } finally {
      this.#variables.restore()
    }
    return this.#found()
  }

  #found(): Foreseen {
    return { links: this.#links, tasks: this.#tasks }
  }

  /** What a loop returns is known at its end, which is not waited for. */
  #keep({ task, item }: Pick<Turn, 'task' | 'item'>, value: Value): void {
    if (task.register !== undefined && item === null) this.#variables.put(task.register, value)
  }

  /** False: the chain ends before the end of this task. */
  #task(ahead: Ahead): boolean {
    const { task, frame } = ahead
    if (!isPlain(task, frame, this.#run.place.frame)) return false
    if (!task.loop) return this.#item(ahead, { index: null, locals: {} })
    const setting = this.#setting(ahead, {})
    const items = itemsOf(setting) ?? []
    const loop = task.loop
    const isWhole = items.every((_item, index) =>
      this.#item(ahead, { index, locals: localsOf(loop, items, index, setting.templar) }),
    )
    this.#keep({ task, item: null }, NOT_ENDED)
    return isWhole
  }

  #setting({ task, frame }: Ahead, locals: Dict): Setting {
    return settingOf({ ...this.#run.place, frame }, task, { locals, ahead: true })
  }

  #item(ahead: Ahead, { index, locals }: RestItem): boolean {
    const { place } = this.#run
    const { task } = ahead
    const setting = this.#setting(ahead, locals)
    const condition = firstFalse(setting)
    if (condition !== null) {
      this.#keep({ task, item: index }, skippedOutcome(condition, { false_condition: condition }).result)
      return true
    }
    const module = place.world.module(task.module)
    if (!module || this.#links.length >= place.host.chainLength) return false
    if (module.controller) return this.#passes(ahead, setting, index)
    if (identityId(identityOf(setting, place.host)) !== identityId(this.#identity)) return false
    return this.#link(ahead, setting, index)
  }

  /** It happens on this machine when its turn comes, and is foreseen to be fine. */
  #passes({ task, frame }: Ahead, setting: Setting, item: number | null): boolean {
    const { place } = this.#run
    if (frame.nearest.delegateTo !== undefined || judgesItself(task)) return false
    const { module, args, context } = prepare(setting, this.#identity, place.host)
    if (module.foreseeable?.(args) !== 'only looks') return false
    const verdict = module.decide(args, this.#state, context)
    if (verdict.kind !== 'ok' || warns(verdict)) return false
    const { ansible_facts: facts = {}, _ansible_facts_cacheable: isKept } = verdict.result ?? {}
    if (!isDict(facts) || isKept === true) return false
    for (const [name, value] of Object.entries(facts)) this.#variables.put(name, value)
    this.#keep({ task, item }, okOutcome(verdict.result ?? {}, false).result)
    return true
  }

  #link({ task, frame }: Ahead, setting: Setting, item: number | null): boolean {
    const run = { ...this.#run, task, place: { ...this.#run.place, frame } }
    const { world, host } = run.place
    const ready = prepare(setting, this.#identity, setting.place.host)
    if (ready.context.check) return false
    const decided = this.#decide(ready)
    if (decided === null || decided.keys.some(key => world.secrets.taints(lookedUp(key)))) return false
    if (guardPlan(ready, decided.verdict, { keyword: guardKeyword(setting), host }) !== null) return false
    // What is refused is met again, and told, when its turn comes.
    intend(run, decided.verdict)
    const actor = actorOf(run, { setting, target: host, identity: this.#identity })
    if (world.firstChange?.isAhead && mayChange(decided.verdict, actor)) return false
    return this.#add({ ...decided, task, item, ready, actor })
  }

  #add(at: Turn): boolean {
    const { verdict, keys, task } = at
    const isUntouched = !this.#hasChanged && keys.every(key => this.#snapshot.seen(this.#identity).has(key))
    if (verdict.kind === 'opaque') return mayFollow(task) && this.#addRun(at, isUntouched)
    if (judgesItself(task) || warns(verdict)) return false
    if (verdict.kind === 'ok' && isUntouched) return this.#addCalm(at, verdict.result ?? {})
    return this.#addFiles(at)
  }

  #addCalm(at: Turn, result: Dict): boolean {
    if (result.ansible_facts !== undefined || at.keys.some(key => key.kind === 'facts')) return false
    const outcome = okOutcome(result, false)
    this.#calm.add({ task: at.task, item: at.item, ready: at.ready, outcome }, at.keys)
    this.#keep(at, outcome.result)
    return true
  }

  #addRun(at: Turn, isUntouched: boolean): boolean {
    const run = singleRun(at.verdict)
    if (run === null || (at.keys.length > 0 && !isUntouched)) return false
    this.#calm.watch(at.keys)
    return this.#addLink(at, { ...at, kind: 'run', run })
  }

  #addFiles(at: Turn): boolean {
    const { verdict, keys, ready } = at
    const how = ready.module.foreseeable?.(ready.args) ?? 'no'
    if (how === 'no') return false
    const files = keys.filter(key => how === 'by files' || key.kind === 'path' || key.kind === 'content')
    const guard = stillSo(files, this.#state)
    if (guard === null) return false
    if (verdict.kind === 'ok') return this.#addLink(at, { ...at, kind: 'look', guard })
    if (verdict.kind !== 'change' || how === 'only looks' || typeof verdict.apply === 'function') return false
    if (!verdict.apply.every(action => this.#isForeseeable(action))) return false
    const deeds = deedsOf(verdict.apply, this.#state, at.actor.host)
    for (const action of verdict.apply) this.foresees(action, keys)
    return this.#addLink(at, { ...at, kind: 'change', guard, verdict, deeds })
  }

  /** What the calm tasks in front of it were decided by is looked at before it happens. */
  #addLink(at: Turn, link: Link): boolean {
    const before = this.#calm.end(this.#snapshot, this.#identity, at.actor)
    if (before === null) return false
    this.#links.push(...before, link)
    this.#keep(at, NOT_ENDED)
    return true
  }

  /** What it comes to, and everything that it looked at to come to it. */
  #decide({ module, args, keys, context }: Ready): Decided | null {
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
