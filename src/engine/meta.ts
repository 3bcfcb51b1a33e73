/** meta: what steers the play itself. */
import { VpaiError } from '../base/error.ts'
import type { Task } from '../config/model.ts'
import type { Course } from './course.ts'
import { currentUse, type Frame } from './frame.ts'
import type { HostState } from './host-state.ts'
import type { Cursor } from './lookahead.ts'
import { firstFalse, settingOf } from './prepare.ts'
import { runHandlers } from './run-handlers.ts'

export async function runMeta(
  course: Course,
  hosts: readonly HostState[],
  at: { task: Task; frame: Frame; cursor: Cursor },
): Promise<void> {
  const { task, frame } = at
  const action = String(task.freeText ?? task.args.free_form ?? '')
  const meant = hosts.filter(host => holds(course, host, { task, frame }))
  switch (action) {
    case 'noop':
      return
    case 'flush_handlers':
      return runHandlers(course, meant)
    case 'end_play':
      if (meant.length > 0) course.play.over = true
      return endAll(meant.length > 0 ? course.play.batch : [])
    case 'end_batch':
      return endAll(meant.length > 0 ? course.play.batch : [])
    case 'end_role':
      return endRole(course, meant, { task, frame })
    case 'refresh_inventory':
      return meant.length > 0 ? course.world.inventory.refresh() : undefined
    case 'end_host':
      return endAll(meant)
    case 'clear_facts':
      for (const host of meant) {
        host.facts = {}
        host.kept.clear()
      }
      return
    case 'clear_host_errors':
      for (const name of course.play.allHosts) {
        const host = course.play.hostState(name)
        if ((host.status !== 'failed' && host.status !== 'unreachable') || host.isRefused) continue
        host.status = 'active'
        host.failure = null
      }
      return
    case 'reset_connection':
      await Promise.all(meant.map(host => course.connections.drop(host)))
      return
    default:
      throw new VpaiError('META_UNKNOWN', `meta: ${action} is not known`, {
        hint: 'Known: noop, flush_handlers, end_play, end_batch, end_host, end_role, refresh_inventory, clear_facts, clear_host_errors, reset_connection.',
        position: task.position,
      })
  }
}

function endRole(course: Course, hosts: readonly HostState[], at: { task: Task; frame: Frame }): void {
  const use = currentUse(at.frame)
  if (use === undefined || course.inHandlers) {
    throw new VpaiError('META_END_ROLE', 'meta: end_role stands where no role runs', {
      hint: 'It belongs to the tasks of a role; in plays and handlers there is end_host.',
      position: at.task.position,
    })
  }
  for (const host of hosts) host.leaving = use
}

function endAll(hosts: readonly HostState[]): void {
  for (const host of hosts) if (host.status === 'active') host.status = 'ended'
}

function holds(course: Course, host: HostState, at: { task: Task; frame: Frame }): boolean {
  const place = { world: course.world, play: course.play, host, frame: at.frame }
  return firstFalse(settingOf(place, at.task, { locals: {}, ahead: false })) === null
}
