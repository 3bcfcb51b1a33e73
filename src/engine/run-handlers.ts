/** Handlers that are due, run once each in the order they are written. */
import type { Course } from './course.ts'
import type { HostState } from './host-state.ts'

/** Runs what is pending on the hosts until nothing is. */
export async function runHandlers(course: Course, hosts: readonly HostState[]): Promise<void> {
  for (let round = 0; round < course.handlers.length + 1; round++) {
    const ran = await oneRound(course, hosts)
    if (!ran) return
  }
}

async function oneRound(course: Course, hosts: readonly HostState[]): Promise<boolean> {
  let ran = false
  // Whoever notified it was chosen by tags; the handler itself runs whatever they are.
  const inner: Course = { ...course, inHandlers: true, tags: { runs: () => true } }
  for (const { task, frame } of [...course.handlers]) {
    const due = hosts.filter(host => host.status === 'active' && host.notified.has(task.id))
    if (due.length === 0 || course.play.over) continue
    ran = true
    for (const host of due) host.notified.delete(task.id)
    await course.runNodes(inner, due, { nodes: [task.include ?? task], index: 0, frame, after: null })
  }
  return ran
}
