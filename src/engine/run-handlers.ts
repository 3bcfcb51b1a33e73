/** Handlers that are due, run once each in the order they are written. */
import { bareTask } from '../config/bare-task.ts'
import type { Course } from './course.ts'
import { failOn } from './fail-on.ts'
import { enter } from './frame.ts'
import { dueOf, type Handler } from './handlers.ts'
import type { HostState } from './host-state.ts'
import { account, announce } from './on-hosts.ts'
import { lateOutcome } from './outcome.ts'
import { release } from './prove.ts'
import { reporter, taskName } from './task-report.ts'

/** Runs what is pending on the hosts until nothing is. */
export async function runHandlers(course: Course, hosts: readonly HostState[]): Promise<void> {
  for (const host of hosts) dueOf(course, host)
  for (let round = 0; round < course.handlers.length + 1; round++) {
    const ran = await oneRound(course, hosts)
    if (!ran) break
  }
  // What they made true has been proven by a login after each of them.
  await Promise.all(hosts.filter(host => host.status === 'active').map(host => releaseOrFail(course, host)))
}

async function releaseOrFail(course: Course, host: HostState): Promise<void> {
  try {
    await release(course.world, host)
  } catch (error) {
    const { position, directory } = course.play
    const id = `${position.file}:${position.line} guard`
    const task = bareTask({ id, name: 'Lock-out guard', module: 'meta', position, directory })
    await failOn(course, host, { task, frame: course.playFrame, error })
  }
}

async function oneRound(course: Course, hosts: readonly HostState[]): Promise<boolean> {
  let ran = false
  // Whoever notified it was chosen by tags; the handler itself runs whatever they are.
  const inner: Course = { ...course, inHandlers: true, tags: { runs: () => true } }
  for (const handler of [...course.handlers]) {
    const { task, frame } = handler
    tellLate(inner, hosts, handler)
    const due = hosts.filter(host => host.status === 'active' && host.notified.has(task.id))
    if (due.length === 0 || course.play.over) continue
    ran = true
    for (const host of due) host.notified.delete(task.id)
    await course.runNodes(inner, due, { nodes: [task.include ?? task], index: 0, frame, after: null })
    for (const host of due) if (host.status === 'active') await host.record?.ran(task.id)
  }
  return ran
}

/** Check mode: whether it runs hangs on a task that is known after apply, and so does what it would do. */
function tellLate(course: Course, hosts: readonly HostState[], { task, frame }: Handler): void {
  const isPerhaps = (host: HostState) => host.perhapsNotified.delete(task.id) && !host.notified.has(task.id)
  const late = hosts.filter(host => host.status === 'active' && isPerhaps(host))
  const [first] = late
  if (first === undefined) return
  const { world, play } = course
  const inner = enter(frame, task, { directory: task.directory })
  const placeOf = (host: HostState) => ({ world, play, host, frame: inner })
  announce(course, task, { name: taskName({ place: placeOf(first), task }), frame: inner })
  for (const host of late) {
    const outcome = lateOutcome('whether a task that notifies it changes something')
    reporter({ place: placeOf(host), task, handler: true })(outcome, null)
    account(host, outcome)
  }
}
