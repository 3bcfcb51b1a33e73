/** Errors around a task (its include, what it notifies, its keywords) as failures of the hosts they are about. */
import { VpaiError } from '../base/error.ts'
import type { Task } from '../config/model.ts'
import type { Course } from './course.ts'
import type { Frame } from './frame.ts'
import { guarded } from './guarded.ts'
import type { HostState } from './host-state.ts'
import { keep } from './keep.ts'
import { account, announce } from './on-hosts.ts'
import type { Outcome } from './outcome.ts'
import { reporter, taskName } from './task-report.ts'

interface Written {
  readonly task: Task
  readonly frame: Frame
}

/** Throws what is no failure of a task: a bug or an interrupt. */
export async function failOn(
  course: Course,
  host: HostState,
  { task, frame, error }: Written & { error: unknown },
): Promise<void> {
  if (course.world.signal.aborted || !(error instanceof VpaiError)) throw error
  const place = { world: course.world, play: course.play, host, frame }
  const outcome = await guarded({ place, task }, () => Promise.reject(error))
  tellOutcome(course, host, { task, frame, outcome })
}

/** Keeps, reports and counts it as if the task had been run. */
export function tellOutcome(
  course: Course,
  host: HostState,
  { task, frame, outcome }: Written & { outcome: Outcome },
): void {
  const place = { world: course.world, play: course.play, host, frame }
  announce(course, task, { name: taskName({ place, task }), frame })
  keep({ place, task }, outcome)
  reporter({ place, task, handler: course.inHandlers })(outcome, null)
  account(host, outcome)
}
