/**
 * A list of tasks, blocks and includes over a batch of hosts, in lockstep: a node is done on all hosts
 * before the next begins (strategy linear). What changes nothing costs no round trip, so waiting costs little.
 */
import type { Block, Node, RoleUse, Task } from '../config/model.ts'
import type { Course } from './course.ts'
import { enter, type Frame } from './frame.ts'
import { notify } from './handlers.ts'
import type { HostState } from './host-state.ts'
import type { Cursor } from './lookahead.ts'
import { runMeta } from './meta.ts'
import { announce, type Outcomes, onHosts } from './on-hosts.ts'
import { flag, settingOf } from './prepare.ts'
import { runInclude } from './run-include.ts'
import { taskName } from './task-report.ts'

/** Failed hosts stay out of `hosts` for the rest; the caller looks at their status. */
export async function runNodes(course: Course, hosts: readonly HostState[], cursor: Cursor): Promise<void> {
  for (let index = cursor.index; index < cursor.nodes.length; index++) {
    const active = hosts.filter(host => host.status === 'active')
    if (active.length === 0 || course.play.over) return
    course.world.signal.throwIfAborted()
    await runNode(course, active, { ...cursor, index })
  }
}

async function runNode(course: Course, hosts: readonly HostState[], cursor: Cursor): Promise<void> {
  const node = cursor.nodes[cursor.index] as Node
  if (node.kind === 'block') return runBlock(course, hosts, { block: node, cursor })
  if (node.kind === 'include') return runInclude(course, hosts, { include: node, cursor, runNodes })
  return runOne(course, hosts, { task: node, cursor })
}

async function runOne(
  course: Course,
  hosts: readonly HostState[],
  at: { task: Task; cursor: Cursor },
): Promise<void> {
  const { task, cursor } = at
  const frame = enter(cursor.frame, task, { directory: task.directory })
  if (!course.tags.runs(frame.tags)) return
  const first = { world: course.world, play: course.play, host: hosts[0] as HostState, frame }
  const name = taskName({ place: first, task })
  if (isWaiting(course, name)) return
  if (task.module === 'meta') return runMeta(course, hosts, { task, frame, cursor })
  announce(course, task, { name, frame, handler: false })
  const once = flag(settingOf(first, task, { locals: {}, ahead: true }), frame.nearest.runOnce, false)
  const outcomes = await onHosts(course, once ? hosts.slice(0, 1) : hosts, { task, frame, cursor })
  if (once) shareOnce(hosts, task, outcomes)
  if (task.notify.length > 0) notify(course, task, { frame, outcomes })
  endPlayOnErrors(course, hosts, { frame, outcomes, task })
}

/** --start-at-task: true while the task to start at has not been met. */
function isWaiting(course: Course, name: string): boolean {
  if (course.start.waiting === null) return false
  if (name !== course.start.waiting && !name.endsWith(` : ${course.start.waiting}`)) return true
  course.start.waiting = null
  return false
}

function shareOnce(hosts: readonly HostState[], task: Task, outcomes: Outcomes): void {
  const [first, outcome] = [...outcomes][0] ?? []
  if (!first || !outcome) return
  for (const host of hosts.slice(1)) {
    if (task.register) host.set.set(task.register, outcome.result)
    const facts = outcome.result.ansible_facts
    if (task.module === 'set_fact' && facts && typeof facts === 'object') {
      for (const [name, value] of Object.entries(facts)) host.set.set(name, value)
    }
    if (outcome.status === 'failed' || outcome.status === 'unreachable') host.status = 'failed'
  }
}

function endPlayOnErrors(
  course: Course,
  hosts: readonly HostState[],
  at: { frame: Frame; outcomes: Outcomes; task: Task },
): void {
  const bad = [...at.outcomes.values()].filter(
    outcome => outcome.status === 'failed' || outcome.status === 'unreachable',
  )
  if (bad.length === 0) return
  const host = hosts[0] as HostState
  const place = { world: course.world, play: course.play, host, frame: at.frame }
  const fatal = flag(
    settingOf(place, at.task, { locals: {}, ahead: true }),
    at.frame.nearest.anyErrorsFatal,
    false,
  )
  if (fatal) for (const one of hosts) if (one.status === 'active') one.status = 'failed'
  const { maxFailPercentage } = course
  const { batch } = course.play
  const failedShare = (batch.filter(one => one.status !== 'active').length / batch.length) * 100
  if (maxFailPercentage !== null && failedShare > maxFailPercentage) course.play.over = true
}

async function runBlock(
  course: Course,
  all: readonly HostState[],
  at: { block: Block; cursor: Cursor },
): Promise<void> {
  const { block, cursor } = at
  const hosts = withoutDone(course, all, block)
  if (hosts.length === 0) return
  const frame = enter(cursor.frame, block, { use: block.use, directory: block.directory })
  if (block.use?.public && !course.play.publicUses.includes(block.use)) course.play.publicUses.push(block.use)
  const after: Cursor = { ...cursor, index: cursor.index + 1 }
  const part = (nodes: readonly Node[]): Cursor => ({ nodes, index: 0, frame, after })
  await runNodes(course, hosts, part(block.block))
  const failed = hosts.filter(host => host.status === 'failed' && host.failure !== null)
  if (block.rescue.length > 0 && failed.length > 0) await rescue(course, failed, part(block.rescue))
  if (block.always.length > 0) await always(course, hosts, part(block.always))
  if (block.use) for (const host of hosts) if (host.status === 'active') host.rolesDone.add(useKey(block.use))
}

/** A role of the play's list runs once for a host and set of parameters, unless it allows duplicates. */
function withoutDone(
  course: Course,
  hosts: readonly HostState[],
  { use, ...block }: Block,
): readonly HostState[] {
  const listed = course.roleBlocks.some(one => one.use === use && one.position === block.position)
  if (!use || !listed || use.role.allowDuplicates) return hosts
  return hosts.filter(host => !host.rolesDone.has(useKey(use)))
}

function useKey(use: RoleUse): string {
  return `${use.role.path} ${use.tasksFrom} ${JSON.stringify(use.params)}`
}

async function rescue(course: Course, failed: readonly HostState[], cursor: Cursor): Promise<void> {
  for (const host of failed) {
    host.status = 'active'
    host.stats.failed--
    host.count('rescued')
    course.world.emit({ type: 'host.rescued', host: host.name })
  }
  await runNodes(course, failed, cursor)
  for (const host of failed) if (host.status === 'active') host.failure = null
}

/** Runs for failed hosts too; they are failed again afterwards. */
async function always(course: Course, hosts: readonly HostState[], cursor: Cursor): Promise<void> {
  const failed = hosts.filter(host => host.status === 'failed')
  for (const host of failed) host.status = 'active'
  await runNodes(
    course,
    hosts.filter(host => host.status === 'active'),
    cursor,
  )
  for (const host of failed) if (host.status === 'active') host.status = 'failed'
}
