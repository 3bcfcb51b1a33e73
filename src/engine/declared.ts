/** What each host has by the tasks of a run, and which of them it has it by. Nothing is asked for it. */
import { type Resource, resourceId, resourceText } from '../base/resource.ts'
import type { Dict, Value } from '../base/value.ts'
import { type Entry, entryId } from '../record/owned.ts'
import { notified } from './actor.ts'
import type { HostState } from './host-state.ts'
import { itemsOf, localsOf } from './loop.ts'
import type { Outcome } from './outcome.ts'
import { prepare, type Ready, settingOf } from './prepare.ts'
import { roleOf, taskSignature, writtenName } from './presence.ts'
import { identityOf } from './reach.ts'
import type { TaskRun } from './run-task.ts'
import { taskName } from './task-report.ts'

export interface Declared {
  readonly resource: Resource
  /** null: of a play, outside roles. */
  readonly role: string | null
  /** The file that the run was begun with. */
  readonly playbook: string
  readonly taskId: string
  /** Its name, or that of its module; without secrets. */
  readonly task: string
  readonly module: string
  /** Names of the handlers that it notifies when it changes something. */
  readonly notifies: readonly string[]
  /** The host whose task it is: another one where it was delegated. */
  readonly from: string
}

export class Declarations {
  /** By id; the last task that declares it counts. */
  readonly #found = new Map<string, Declared>()
  readonly #tallies = new Map<string, Tally>()

  add(declared: Declared): void {
    const id = resourceId(declared.resource)
    this.#found.delete(id)
    this.#found.set(id, declared)
  }

  /** In the order of the tasks. */
  get all(): readonly Declared[] {
    return [...this.#found.values()]
  }

  /** How the tasks of a playbook ended. */
  of(playbook: string): Tally {
    const tally = this.#tallies.get(playbook) ?? new Tally()
    this.#tallies.set(playbook, tally)
    return tally
  }

  has(playbook: string): boolean {
    return this.#tallies.has(playbook)
  }
}

/** Tasks and includes by their signatures. */
export class Tally {
  readonly fine = new Set<string>()
  readonly doubtful = new Set<string>()
  /** By role and resource. */
  readonly entries = new Map<string, Omit<Entry, 'since'>>()
  /** What tasks have taken away. */
  readonly away: Resource[] = []
  /** What tasks that did not end well would have declared. */
  readonly perhaps: (() => readonly Resource[])[] = []

  ended(signature: string, isFine: boolean): void {
    const set = isFine ? this.fine : this.doubtful
    set.add(signature)
  }
}

/** With what the task would declare; whether it ends well is judged later. */
export function declaring(host: HostState, { module, args, context }: Ready, outcome: Outcome): Outcome {
  if (module.declares === undefined || !isFine(outcome)) return outcome
  const resources = module.declares(args, outcome.result, context)
  const present = isAbsence(args)
    ? { ...args, state: module.name === 'file' ? 'directory' : 'present' }
    : null
  const away = present === null ? [] : module.declares(present, outcome.result, context)
  return { ...outcome, declares: { host, resources, away } }
}

function isAbsence(args: unknown): args is { readonly state: 'absent' | 'removed' } {
  if (typeof args !== 'object' || args === null || !('state' in args)) return false
  return args.state === 'absent' || args.state === 'removed'
}

/** One item, or a task without a loop, has ended. What handlers do follows from tasks, which declare it themselves. */
export function noteDeclared(run: TaskRun, locals: Dict, outcome: Outcome): void {
  const tally = tallyOf(run)
  if (tally === null) return
  tally.ended(taskSignature(run.task), isFine(outcome))
  if (!isFine(outcome)) tally.perhaps.push(() => wouldDeclare(run, locals))
  else if (outcome.declares !== undefined && outcome.declares.resources.length > 0)
    add(run, tally, { ...outcome.declares, outcome, locals })
  if (outcome.declares?.host === run.place.host) tally.away.push(...outcome.declares.away)
}

function add(
  run: TaskRun,
  tally: Tally,
  declares: { host: HostState; resources: readonly Resource[]; outcome: Outcome; locals: Dict },
): void {
  const { place, task } = run
  const { play, world, host, frame } = place
  const about = {
    role: roleOf(task),
    playbook: play.playbook,
    taskId: task.id,
    task: world.secrets.mask(taskName(run)),
    module: task.module,
    notifies:
      task.notify.length === 0
        ? []
        : notified(settingOf(place, task, { locals: declares.locals, ahead: true })),
    from: host.name,
  }
  const within = play.presence.within(frame.within)
  const name = world.secrets.mask(writtenName(task))
  for (const resource of declares.resources) {
    // A name that is a secret must not be written down, and cannot be found again without it.
    if (world.secrets.taints(`${resourceId(resource)}\0${resourceText(resource)}`)) continue
    declares.host.declarations.add({ ...about, resource })
    if (resource.kind === 'file' && isMade(declares.outcome, resource.path))
      declares.host.made.add(resource.path)
    // What a host has by the task of another is not known to be gone when that task did not run.
    if (declares.host !== host) continue
    const entry = { resource, role: about.role, task: name, module: task.module, within }
    tally.entries.set(entryId(entry), entry)
  }
}

/** The task as a whole: also one whose condition left out its loop, or that broke off. */
export function noteEnded(run: TaskRun, outcome: Outcome): void {
  const tally = tallyOf(run)
  if (tally === null) return
  const { results } = outcome.result
  const isEmptyLoop = Array.isArray(results) && results.length === 0
  tally.ended(taskSignature(run.task), isFine(outcome) || isEmptyLoop)
  if (!isFine(outcome) && run.task.loop !== undefined) tally.perhaps.push(() => itemsWouldDeclare(run))
}

function tallyOf({ place, task, handler }: TaskRun): Tally | null {
  if (handler || place.world.module(task.module)?.declares === undefined) return null
  return place.host.declarations.of(place.play.playbook)
}

function itemsWouldDeclare(run: TaskRun): readonly Resource[] {
  const { place, task } = run
  const { loop } = task
  if (loop === undefined) return []
  try {
    const { templar } = settingOf(place, task, { locals: {}, ahead: true })
    const items = itemsOf(settingOf(place, task, { locals: {}, ahead: true })) ?? []
    return items.flatMap((_item, index) => wouldDeclare(run, localsOf(loop, items, index, templar)))
  } catch {
    return []
  }
}

/** As far as that can be told. */
function wouldDeclare({ place, task }: TaskRun, locals: Dict): readonly Resource[] {
  try {
    const setting = settingOf(place, task, { locals, ahead: true })
    const { module, args, context } = prepare(setting, identityOf(setting, place.host), place.host)
    return module.declares?.(args, {}, context) ?? []
  } catch {
    return []
  }
}

/** It was not there before. */
function isMade({ changes }: Outcome, path: string): boolean {
  const isStart = (from: Value) => from === null || from === 'absent'
  return changes.some(({ what, subject, from }) => MAKING.has(what) && subject === path && isStart(from))
}

/** What changes of files are called that may make one. */
const MAKING = new Set(['content', 'state', 'link'])

function isFine({ status }: Outcome): boolean {
  return status === 'ok' || status === 'changed'
}
