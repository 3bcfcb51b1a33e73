/**
 * Which keys the tasks ahead will want: a walk that assumes no task changes anything. What cannot be
 * told yet is left out. It is a hint: a wrong guess costs bytes, never correctness.
 */
import type { Node, Task } from '../config/model.ts'
import type { TagFilter } from '../plan/tags.ts'
import type { Key } from '../probes/contract.ts'
import { enter, type Frame } from './frame.ts'
import { itemsOf, localsOf } from './loop.ts'
import type { Identity } from './ports.ts'
import { firstFalse, prepare, settingOf } from './prepare.ts'
import { identityOf } from './reach.ts'
import type { TaskRun } from './run-task.ts'
import { identityId } from './snapshot.ts'

/** Where a walk stands: the rest of a list of nodes, and what comes after the list is done. */
export interface Cursor {
  readonly nodes: readonly Node[]
  readonly index: number
  readonly frame: Frame
  readonly after: Cursor | null
}

/** One batch of probes stays below this many keys. */
const MAX_KEYS = 2000
/** How many tasks a look ahead takes in: all there is at first, a few after each change, so that work stays linear. */
const FAR_TASKS = 1000
const NEAR_TASKS = 40

export interface Lookahead {
  keys(run: TaskRun, identity: Identity, reach: 'far' | 'near'): Key[]
}

export function lookaheadFrom(cursor: Cursor, tags: TagFilter): Lookahead {
  return {
    keys(run, identity, reach) {
      const most = reach === 'far' ? FAR_TASKS : NEAR_TASKS
      const keys: Key[] = []
      let tasks = 0
      for (const { task, frame } of tasksAhead(cursor, tags)) {
        if (keys.length >= MAX_KEYS || ++tasks > most) break
        keys.push(...keysOf(run, { task, frame, identity }))
      }
      return keys
    },
  }
}

function* tasksAhead(cursor: Cursor | null, tags: TagFilter): Generator<{ task: Task; frame: Frame }> {
  for (let at = cursor; at; at = at.after) {
    for (const node of at.nodes.slice(at.index)) yield* tasksIn(node, at.frame, tags)
  }
}

function* tasksIn(node: Node, outer: Frame, tags: TagFilter): Generator<{ task: Task; frame: Frame }> {
  if (node.kind === 'include') return
  if (node.kind === 'task') {
    const frame = enter(outer, node, { directory: node.directory })
    if (tags.runs(frame.tags)) yield { task: node, frame }
    return
  }
  const frame = enter(outer, node, { use: node.use, directory: node.directory })
  for (const child of [...node.block, ...node.always]) yield* tasksIn(child, frame, tags)
}

function keysOf(run: TaskRun, ahead: { task: Task; frame: Frame; identity: Identity }): readonly Key[] {
  const place = { ...run.place, frame: ahead.frame }
  if (place.world.module(ahead.task.module)?.controller) return []
  try {
    const setting = settingOf(place, ahead.task, { locals: {}, ahead: true })
    if (ahead.frame.nearest.delegateTo !== undefined) return []
    if (identityId(identityOf(setting, place.host)) !== identityId(ahead.identity)) return []
    const items = itemsOf(setting)
    if (!items) return firstFalse(setting) === null ? prepare(setting, ahead.identity).keys : []
    return items.flatMap((_item, index) => {
      const locals = localsOf(ahead.task.loop!, items, index, setting.templar)
      const one = settingOf(place, ahead.task, { locals, ahead: true })
      return firstFalse(one) === null ? prepare(one, ahead.identity).keys : []
    })
  } catch {
    // Not known yet (a register, a fact, an include): it is asked when its turn comes.
    return []
  }
}
