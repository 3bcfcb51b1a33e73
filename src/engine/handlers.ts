/** Handlers: noted per host when a task changed something. */
import { VpaiError } from '../base/error.ts'
import type { Task } from '../config/model.ts'
import type { Course } from './course.ts'
import { failOn } from './fail-on.ts'
import { enter, type Frame } from './frame.ts'
import type { HostState } from './host-state.ts'
import type { Outcomes } from './on-hosts.ts'
import type { Outcome } from './outcome.ts'
import { settingOf } from './prepare.ts'
import { taskName } from './task-report.ts'

/** A handler and the frame it was written in: the play's, or its role's. */
export interface Handler {
  readonly task: Task
  readonly frame: Frame
}

/** Conditions, tags and variables of what is around belong to tasks; a handler sees its role and the play alone. */
export function handlersIn(tasks: readonly Task[], playFrame: Frame): Handler[] {
  const outer = { ...playFrame, when: [], tags: [] }
  return tasks.map(task => {
    const { use } = task
    return { task, frame: use ? enter(outer, { vars: use.vars }, { use, directory: use.role.path }) : outer }
  })
}

/** A name that cannot be worked out, or that no handler has, fails the host it is about. */
export async function notify(
  course: Course,
  task: Task,
  at: { frame: Frame; outcomes: Outcomes },
): Promise<void> {
  for (const [host, outcome] of at.outcomes) {
    const isLate = outcome.status === 'late'
    tellRecord(course, task, { host, frame: at.frame, outcome })
    // A failure that was passed over tells nobody, whatever it changed.
    if (!isLate && (outcome.result.changed !== true || !['ok', 'changed'].includes(outcome.status))) continue
    try {
      if (course.play.leavesHandlers)
        host.record?.handlers.leave(namesOf(course, task, { host, frame: at.frame }))
      else noteAll(course, task, { host, frame: at.frame, isLate })
    } catch (error) {
      await failOn(course, host, { task, frame: at.frame, error })
    }
  }
}

/** What was noted on the host before the task began is now known to be due, or not to be. */
function tellRecord(
  course: Course,
  task: Task,
  { host, frame, outcome }: { host: HostState; frame: Frame; outcome: Outcome },
): void {
  if (host.record === null || task.notify.length === 0) return
  const { status, result } = outcome
  const isBad = status === 'failed' || status === 'unreachable' || status === 'ignored'
  const ended = isBad ? 'failed' : result.changed === true ? 'changed' : 'unchanged'
  try {
    host.record.handlers.told(namesOf(course, task, { host, frame }), ended)
  } catch {
    // A name that cannot be worked out was not noted either.
  }
}

interface Notifier {
  readonly host: HostState
  readonly frame: Frame
  /** Whether it notifies is known after apply. */
  readonly isLate: boolean
}

function noteAll(course: Course, task: Task, { host, frame, isLate }: Notifier): void {
  for (const name of namesOf(course, task, { host, frame }))
    noteOne(course, { host, name, by: task, frame, isLate })
}

function namesOf(course: Course, task: Task, { host, frame }: Omit<Notifier, 'isLate'>): readonly string[] {
  const place = { world: course.world, play: course.play, host, frame }
  const { templar } = settingOf(place, task, { locals: {}, ahead: true })
  return task.notify.flatMap(one => templar.value(one)).map(String)
}

/** Handlers that an earlier run left due on the host, as far as this play has them. */
export async function takeUpEarlier(course: Course, host: HostState): Promise<void> {
  const { record } = host
  if (record === null || course.handlers.length === 0) return
  await record.lease.open()
  await record.admit()
  for (const name of record.handlers.left) {
    if (matchingHandlers(course, host, name).length === 0) continue
    record.handlers.takesUp(name)
    host.notifications.set(name, false)
    course.world.emit({ type: 'handler.notified', host: host.name, handler: name, by: 'an earlier run' })
  }
}

function noteOne(course: Course, note: Notifier & { name: string; by: Task }): void {
  const { host, name, by, frame, isLate } = note
  const matching = matchingHandlers(course, host, name)
  if (matching.length === 0) {
    throw new VpaiError('HANDLER_UNKNOWN', `no handler is called ${name} or listens to it`, {
      position: by.position,
    })
  }
  const wasSure = host.notifications.get(name) === false
  if (wasSure) return
  host.notifications.set(name, isLate)
  // Handlers that run are looked up at once: what they notify may still come in this very round.
  if (course.inHandlers) dueOf(course, host)
  if (isLate) return
  const place = { world: course.world, play: course.play, host, frame }
  course.world.emit({
    type: 'handler.notified',
    host: host.name,
    handler: name,
    by: taskName({ place, task: by }),
  })
}

/**
 * Turns names into handlers. Only now, because a role that is included later may bring a handler of the same name,
 * and the last one of a name is meant.
 */
export function dueOf(course: Course, host: HostState): void {
  for (const [name, isLate] of host.notifications) {
    const due = isLate ? host.perhapsNotified : host.notified
    const matching = matchingHandlers(course, host, name).map(({ task }) => task.id)
    for (const id of matching) due.add(id)
    if (!isLate) host.record?.handlers.means(name, matching)
  }
  host.notifications.clear()
}

/** By name (the last one of a name), by `role : name`, and all that listen. */
function matchingHandlers(course: Course, host: HostState, wanted: string): Handler[] {
  const named = course.handlers.filter(handler => {
    const name = handlerName(course, host, handler)
    const role = handler.frame.uses.at(-1)?.role.name
    return name === wanted || (role !== undefined && `${role} : ${name}` === wanted)
  })
  return [...new Set([...named.slice(-1), ...listening(course, host, wanted)])]
}

/** Of several with one name, as when a role is used twice, the last one listens. */
function listening(course: Course, host: HostState, wanted: string): Handler[] {
  const found = new Map<string, Handler>()
  for (const handler of course.handlers) {
    if (!handler.task.listen.includes(wanted)) continue
    const { name, id } = handler.task
    found.set(name === undefined ? `id ${id}` : `name ${handlerName(course, host, handler)}`, handler)
  }
  return [...found.values()]
}

function handlerName(course: Course, host: HostState, { task, frame }: Handler): string {
  return taskName({
    place: { world: course.world, play: course.play, host, frame: enter(frame, task) },
    task,
  })
}
