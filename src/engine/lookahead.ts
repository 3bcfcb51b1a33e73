/**
 * Which keys the tasks ahead will want: a walk that assumes no task changes anything. What cannot be
 * told yet is left out. It is a hint: a wrong guess costs bytes, never correctness.
 */
import type { Node, Task } from '../config/model.ts'
import type { TagFilter } from '../plan/tags.ts'
import type { Key } from '../probes/contract.ts'
import { enter, type Frame } from './frame.ts'
import { itemsOf, localsOf } from './loop.ts'
import { type Identity, identityId } from './ports.ts'
import { firstFalse, prepare, type Setting, settingOf } from './prepare.ts'
import { identityOf } from './reach.ts'
import type { TurnOfRole } from './roles-once.ts'
import type { TaskRun } from './run-task.ts'

/** Where a walk stands: the rest of a list of nodes, and what comes after the list is done. */
export interface Cursor {
  readonly nodes: readonly Node[]
  readonly index: number
  readonly frame: Frame
  readonly after: Cursor | null
  /** What comes after the list comes right after it: nothing is rescued, flushed or repeated between. */
  readonly runsOn?: boolean
}

/** One batch of probes stays below this many keys. */
const MAX_KEYS = 2000

/** Each is a few programs more to start on the host. */
const MAX_GROUPS = 40

export interface Lookahead {
  /**
   * Of so many tasks ahead, or items of their loops; `past`: that many tasks are taken care of already. In groups: a
   * new one begins after each task that may run a command, since what comes after it has to be looked at anew. In a run
   * like the last one a command that looks at a path first (`creates`) is taken to have nothing to do.
   */
  keys(run: TaskRun, identity: Identity, reach: number, past?: number): Key[][]
  /** The tasks that come next in any case, in order, up to the first place where that cannot be told. */
  next(): Iterable<Ahead>
}

export interface Ahead {
  readonly task: Task
  readonly frame: Frame
}

/** `turns`: whether the role of a block that is come upon will run; asked once for each walk. */
export function lookaheadFrom(cursor: Cursor, tags: TagFilter, turns: () => TurnOfRole): Lookahead {
  return {
    keys(run, identity, reach, past = 0) {
      const groups = [past === 0 ? restKeys(run, identity, reach) : []]
      let count = 0
      let left = reach - (past === 0 ? Math.min(reach, run.rest?.length ?? 0) : 0)
      let passed = 0
      for (const { task, frame } of tasksAhead(cursor, tags)) {
        if (count >= MAX_KEYS || left <= 0) break
        if (passed++ < past) continue
        const found = keysOf(run, { task, frame, identity, most: left })
        groups.at(-1)?.push(...found.flat())
        count += found.flat().length
        left -= Math.max(1, found.length)
        if (groups.length < MAX_GROUPS && mayRun(run, task) && !isIdle(run, found.flat())) groups.push([])
      }
      return groups
    },
    *next() {
      const walk = { tags, turn: turns() }
      for (let at: Cursor | null = cursor; at; at = at.runsOn ? at.after : null)
        for (const node of at.nodes.slice(at.index)) if (!(yield* inOrder(node, at.frame, walk))) return
    },
  }
}

function mayRun({ place }: TaskRun, { module: name }: Task): boolean {
  const module = place.world.module(name)
  return module !== null && module !== undefined && module.settles !== true && !module.controller
}

/** A guess: wrong, it costs that what comes after it is asked once more. */
function isIdle({ connections, place }: TaskRun, keys: readonly Key[]): boolean {
  return keys.some(({ kind }) => kind === 'path') && connections.isRepeat(place.host)
}

interface Walk {
  readonly tags: TagFilter
  readonly turn: TurnOfRole
}

/** False: what comes next cannot be told. */
function* inOrder(node: Node, outer: Frame, walk: Walk): Generator<Ahead, boolean> {
  if (node.kind === 'include') return false
  if (node.kind === 'task') {
    const frame = enter(outer, node, { directory: node.directory })
    if (!walk.tags.runs(frame.tags)) return true
    if (node.module === 'meta') return false
    yield { task: node, frame }
    return true
  }
  // What rescues or always runs is not in line.
  if (node.rescue.length > 0 || node.always.length > 0) return false
  const turn = walk.turn(node)
  if (turn !== 'runs') return turn === 'is left out'
  const frame = enter(outer, node, { use: node.use, directory: node.directory })
  for (const child of node.block) if (!(yield* inOrder(child, frame, walk))) return false
  return true
}

function* tasksAhead(cursor: Cursor | null, tags: TagFilter): Generator<Ahead> {
  for (let at = cursor; at; at = at.after) {
    for (const node of at.nodes.slice(at.index)) yield* tasksIn(node, at.frame, tags)
  }
}

function* tasksIn(node: Node, outer: Frame, tags: TagFilter): Generator<Ahead> {
  if (node.kind === 'include') return
  if (node.kind === 'task') {
    const frame = enter(outer, node, { directory: node.directory })
    if (tags.runs(frame.tags)) yield { task: node, frame }
    return
  }
  const frame = enter(outer, node, { use: node.use, directory: node.directory })
  for (const child of [...node.block, ...node.always]) yield* tasksIn(child, frame, tags)
}

interface Asked extends Ahead {
  readonly identity: Identity
  /** Items of its loop to look at. */
  readonly most: number
}

/** The keys of each item; those of the task where it has no loop. */
function keysOf(run: TaskRun, ahead: Asked): readonly (readonly Key[])[] {
  const place = { ...run.place, frame: ahead.frame }
  if (place.world.module(ahead.task.module)?.controller) return []
  try {
    const setting = settingOf(place, ahead.task, { locals: {}, ahead: true })
    if (ahead.frame.nearest.delegateTo !== undefined) return []
    if (identityId(identityOf(setting, place.host)) !== identityId(ahead.identity)) return []
    const items = itemsOf(setting)
    if (!items) return [keysAt(setting, ahead.identity)]
    return items.slice(0, ahead.most).map((_item, index) => {
      const locals = localsOf(ahead.task.loop!, items, index, setting.templar)
      return keysAt(settingOf(place, ahead.task, { locals, ahead: true }), ahead.identity)
    })
  } catch {
    // Not known yet (a register, a fact, an include): it is asked when its turn comes.
    return []
  }
}

/** Of the items of its own loop that come after the one it is at. */
function restKeys({ place, task, rest = [] }: TaskRun, identity: Identity, most: number): Key[] {
  try {
    return rest
      .slice(0, most)
      .flatMap(({ locals }) => keysAt(settingOf(place, task, { locals, ahead: true }), identity))
  } catch {
    return []
  }
}

function keysAt(setting: Setting, identity: Identity): readonly Key[] {
  return firstFalse(setting) === null ? prepare(setting, identity, setting.place.host).keys : []
}
