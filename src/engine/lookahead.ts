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

export interface Lookahead {
  /** Of so many tasks ahead, or items of their loops. */
  keys(run: TaskRun, identity: Identity, reach: number): Key[]
}

export function lookaheadFrom(cursor: Cursor, tags: TagFilter): Lookahead {
  return {
    keys(run, identity, reach) {
      const keys: Key[] = []
      let left = reach
      for (const { task, frame } of tasksAhead(cursor, tags)) {
        if (keys.length >= MAX_KEYS || left <= 0) break
        const found = keysOf(run, { task, frame, identity, most: left })
        keys.push(...found.flat())
        left -= Math.max(1, found.length)
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

interface Ahead {
  readonly task: Task
  readonly frame: Frame
  readonly identity: Identity
  /** Items of its loop to look at. */
  readonly most: number
}

/** The keys of each item; those of the task where it has no loop. */
function keysOf(run: TaskRun, ahead: Ahead): readonly (readonly Key[])[] {
  const place = { ...run.place, frame: ahead.frame }
  if (place.world.module(ahead.task.module)?.controller) return []
  try {
    const setting = settingOf(place, ahead.task, { locals: {}, ahead: true })
    if (ahead.frame.nearest.delegateTo !== undefined) return []
    if (identityId(identityOf(setting, place.host)) !== identityId(ahead.identity)) return []
    const items = itemsOf(setting)
    if (!items) return firstFalse(setting) === null ? [prepare(setting, ahead.identity).keys] : []
    return items.slice(0, ahead.most).map((_item, index) => {
      const locals = localsOf(ahead.task.loop!, items, index, setting.templar)
      const one = settingOf(place, ahead.task, { locals, ahead: true })
      return firstFalse(one) === null ? prepare(one, ahead.identity).keys : []
    })
  } catch {
    // Not known yet (a register, a fact, an include): it is asked when its turn comes.
    return []
  }
}
