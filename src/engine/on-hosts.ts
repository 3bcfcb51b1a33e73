/** One task on several hosts at once, and what it counts for on each. */
import type { Task } from '../config/model.ts'
import type { Course } from './course.ts'
import type { Frame } from './frame.ts'
import type { HostState } from './host-state.ts'
import { limiter } from './limit.ts'
import { type Cursor, lookaheadFrom } from './lookahead.ts'
import type { Outcome } from './outcome.ts'
import { settingOf } from './prepare.ts'
import { turnsOfRoles } from './roles-once.ts'
import { runTask } from './run-task.ts'

export function announce(course: Course, task: Task, at: { name: string; frame: Frame }): void {
  course.world.emit({
    type: 'task.started',
    taskId: task.id,
    name: course.world.secrets.mask(at.name),
    module: task.module,
    role: at.frame.uses.at(-1)?.role.name ?? null,
    handler: course.inHandlers,
    position: task.position,
  })
}

export type Outcomes = ReadonlyMap<HostState, Outcome>

export async function onHosts(
  course: Course,
  hosts: readonly HostState[],
  at: { task: Task; frame: Frame; cursor: Cursor },
): Promise<Outcomes> {
  const { world, play, connections } = course
  const next = { ...at.cursor, index: at.cursor.index + 1 }
  const lookahead = lookaheadFrom(next, course.tags, () =>
    turnsOfRoles(course, hosts[0] as HostState, at.frame.uses),
  )
  const outcomes = new Map<HostState, Outcome>()
  const throttled = throttleOf(course, hosts, at)
  const work = hosts.map(host =>
    throttled(() =>
      course.limit(async () => {
        if (host.chain === null) world.signal.throwIfAborted()
        const place = { world, play, host, frame: at.frame }
        const outcome = await runTask({
          place,
          task: at.task,
          connections,
          lookahead,
          handler: course.inHandlers,
        })
        outcomes.set(host, outcome)
        account(host, outcome)
        if (outcome.status !== 'skipped') for (const use of at.frame.uses) host.rolesBegun.add(use)
      }),
    ),
  )
  // An interrupt or a fault on one host must not tear down what others are in the middle of.
  const ended = await Promise.allSettled(work)
  for (const one of ended) if (one.status === 'rejected') throw one.reason
  return outcomes
}

/** `throttle`: fewer hosts at a time than --forks; shared by hosts that come one by one. */
function throttleOf(
  { world, play, isFree, throttles }: Course,
  hosts: readonly HostState[],
  { task, frame }: { task: Task; frame: Frame },
): Course['limit'] {
  const { throttle } = frame.nearest
  if (throttle === undefined) return work => work()
  const place = { world, play, host: hosts[0] as HostState, frame }
  const width = Number(settingOf(place, task, { locals: {}, ahead: true }).templar.value(throttle))
  if (!(width > 0)) return work => work()
  const made = (isFree ? throttles.get(task.id) : undefined) ?? limiter(width)
  throttles.set(task.id, made)
  return made
}

export function account(host: HostState, { status, result }: Outcome): void {
  if (status === 'changed' || status === 'ignored') host.count('ok')
  if (status === 'ignored' && result.changed === true) host.count('changed')
  host.count(status)
  if (status === 'failed' || status === 'unreachable') host.status = status
}
