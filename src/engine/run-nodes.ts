/**
 * A list of tasks, blocks and includes over a batch of hosts, in lockstep: a node is done on all hosts
 * before the next begins (strategy linear). What changes nothing costs no round trip, so waiting costs little.
 */
import type { Block, Node, Task } from '../config/model.ts'
import type { Course } from './course.ts'
import { endOnErrors } from './end-on-errors.ts'
import { failOn } from './fail-on.ts'
import { currentUse, enter, type Frame } from './frame.ts'
import { notify } from './handlers.ts'
import type { HostState } from './host-state.ts'
import { shareKept } from './keep.ts'
import type { Cursor } from './lookahead.ts'
import { runMeta } from './meta.ts'
import { announce, type Outcomes, onHosts } from './on-hosts.ts'
import { flag, settingOf } from './prepare.ts'
import { noteDone, withoutDone } from './roles-once.ts'
import { runInclude } from './run-include.ts'
import { taskName } from './task-report.ts'
import type { Place } from './variables.ts'
import { RESCUE } from './world.ts'

export async function runNodes(course: Course, hosts: readonly HostState[], cursor: Cursor): Promise<void> {
  for (let index = cursor.index; index < cursor.nodes.length; index++) {
    const active = hosts.filter(host => host.status === 'active' && host.leaving === null)
    if (active.length === 0 || course.play.over) return
    // What is on its way comes to its end and is told.
    if (active.every(host => host.chain === null)) course.world.signal.throwIfAborted()
    await runNode(course, active, { ...cursor, index })
  }
}

async function runNode(course: Course, hosts: readonly HostState[], cursor: Cursor): Promise<void> {
  const node = cursor.nodes[cursor.index] as Node
  if (node.kind === 'block') return runBlock(course, hosts, { block: node, cursor })
  if (node.kind === 'include') return runInclude(course, hosts, { include: node, cursor })
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
  if (isWaiting(course, name, currentUse(frame)?.role.name)) return
  try {
    if (task.module === 'meta') await runMeta(course, hosts, { task, frame, cursor })
    else await runAnnounced(course, hosts, { task, frame, cursor, name })
  } catch (error) {
    const active = hosts.filter(host => host.status === 'active')
    if (active.length === 0) throw error
    for (const host of active) await failOn(course, host, { task, frame, error })
  }
}

async function runAnnounced(
  course: Course,
  hosts: readonly HostState[],
  at: { task: Task; frame: Frame; cursor: Cursor; name: string },
): Promise<void> {
  const { task, frame, cursor, name } = at
  const first = { world: course.world, play: course.play, host: hosts[0] as HostState, frame }
  announce(course, task, { name, frame })
  const once = isOnce(first, task) && !course.isFree
  const outcomes = await onHosts(course, once ? hosts.slice(0, 1) : hosts, { task, frame, cursor })
  if (once) shareOnce(course, hosts, { task, frame, outcomes })
  if (task.notify.length > 0) await notify(course, task, { frame, outcomes })
  endOnErrors(course, { frame, outcomes, task })
}

function isOnce(place: Place, task: Task): boolean {
  if (place.world.module(task.module)?.forAll === true) return true
  return flag(settingOf(place, task, { locals: {}, ahead: true }), place.frame.nearest.runOnce, false)
}

/** --start-at-task: true while the task to start at has not been met. With or without its role, and with * and ?. */
function isWaiting(course: Course, name: string, role: string | undefined): boolean {
  const { waiting } = course.start
  if (waiting === null) return false
  const wanted = new RegExp(
    `^${waiting
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
    's',
  )
  const names = role === undefined ? [name] : [name, `${role} : ${name}`]
  if (!names.some(one => one === waiting || wanted.test(one))) return true
  course.start.waiting = null
  return false
}

function shareOnce(
  course: Course,
  hosts: readonly HostState[],
  { task, frame, outcomes }: { task: Task; frame: Frame; outcomes: Outcomes },
): void {
  const [first, outcome] = [...outcomes][0] ?? []
  if (!first || !outcome) return
  const others = hosts.slice(1)
  shareKept({ place: { world: course.world, play: course.play, host: first, frame }, task }, outcome, others)
  if (outcome.status !== 'failed' && outcome.status !== 'unreachable') return
  for (const host of others) {
    host.status = 'failed'
    host.failure = first.failure && { ...first.failure, isShared: true }
  }
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
  const isRescued = frame.isRescued || block.rescue.length > 0
  const runsOn = block.rescue.length === 0 && block.always.length === 0
  await runNodes(course, hosts, { ...part(block.block), frame: { ...frame, isRescued }, runsOn })
  const failed = hosts.filter(host => host.status === 'failed' && host.failure !== null && !host.isRefused)
  const rescuing = { ...part(block.rescue), frame: { ...frame, within: [...frame.within, RESCUE] } }
  if (block.rescue.length > 0 && failed.length > 0) await rescue(course, failed, rescuing)
  if (block.always.length > 0) await always(course, hosts, part(block.always))
  for (const host of hosts) if (host.leaving === block.use) host.leaving = null
  noteDone(hosts, block)
}

async function rescue(course: Course, failed: readonly HostState[], cursor: Cursor): Promise<void> {
  for (const host of failed) {
    host.status = 'active'
    if (!host.failure?.isShared) {
      host.stats.failed--
      host.count('rescued')
    }
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
