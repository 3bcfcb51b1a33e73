/** One task on several hosts at once, and what it counts for on each. */
import type { Task } from '../config/model.ts'
import type { Course } from './course.ts'
import type { Frame } from './frame.ts'
import type { HostState } from './host-state.ts'
import { type Cursor, lookaheadFrom } from './lookahead.ts'
import type { Outcome } from './outcome.ts'
import { runTask } from './run-task.ts'

export function announce(
  course: Course,
  task: Task,
  at: { name: string; frame: Frame; handler: boolean },
): void {
  course.world.emit({
    type: 'task.started',
    taskId: task.id,
    name: course.world.secrets.mask(at.name),
    module: task.module,
    role: at.frame.uses.at(-1)?.role.name ?? null,
    handler: at.handler,
    position: task.position,
  })
}

export type Outcomes = ReadonlyMap<HostState, Outcome>

export async function onHosts(
  course: Course,
  hosts: readonly HostState[],
  at: { task: Task; frame: Frame; cursor: Cursor; handler?: boolean },
): Promise<Outcomes> {
  const { world, play, connections } = course
  const lookahead = lookaheadFrom({ ...at.cursor, index: at.cursor.index + 1 }, course.tags)
  const outcomes = new Map<HostState, Outcome>()
  await Promise.all(
    hosts.map(host =>
      course.limit(async () => {
        const place = { world, play, host, frame: at.frame }
        const outcome = await runTask({
          place,
          task: at.task,
          connections,
          lookahead,
          handler: at.handler ?? false,
        })
        outcomes.set(host, outcome)
        account(host, outcome)
      }),
    ),
  )
  return outcomes
}

export function account(host: HostState, { status, result }: Outcome): void {
  if (status === 'changed' || status === 'ignored') host.count('ok')
  if (status === 'ignored' && result.changed === true) host.count('changed')
  host.count(status)
  if (status === 'failed' || status === 'unreachable') host.status = status
}
