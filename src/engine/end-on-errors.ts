/** any_errors_fatal and max_fail_percentage: when errors of some hosts end the play for all. */
import type { Task } from '../config/model.ts'
import type { Course } from './course.ts'
import type { Frame } from './frame.ts'
import type { HostState } from './host-state.ts'
import type { Outcomes } from './on-hosts.ts'
import { flag, settingOf } from './prepare.ts'

/** Errors that a rescue may still heal end nothing; where any error is fatal, all that came here go to the rescue. */
export function endOnErrors(course: Course, at: { frame: Frame; outcomes: Outcomes; task: Task }): void {
  const { frame, outcomes, task } = at
  const bad = [...outcomes].filter(([, { status }]) => status === 'failed' || status === 'unreachable')
  const [host] = bad[0] ?? []
  // As in Ansible, hosts that run on their own have nothing to do with each other's errors.
  if (!host || course.isFree) return
  const { world, play, maxFailPercentage } = course
  const setting = settingOf({ world, play, host, frame }, task, { locals: {}, ahead: true })
  const isFatal = flag(setting, frame.nearest.anyErrorsFatal, false)
  if (frame.isRescued) {
    if (isFatal) for (const one of outcomes.keys()) failWith(one, host)
    return
  }
  if (isFatal) {
    for (const one of play.batch) if (one.status === 'active') one.status = 'failed'
    play.broken = true
  }
  const share = (play.batch.filter(hasFailed).length / play.batch.length) * 100
  if (maxFailPercentage !== null && share > maxFailPercentage) {
    play.over = true
    play.broken = true
  }
}

function failWith(host: HostState, other: HostState): void {
  if (host.status !== 'active' || other.failure === null) return
  host.status = 'failed'
  host.failure = { ...other.failure, isShared: true }
}

export function hasFailed({ status }: HostState): boolean {
  return status === 'failed' || status === 'unreachable'
}
