/** include_tasks and include_role: what to load is worked out per host and item, then run by those it is the same for. */
import { type Dict, isDict } from '../base/value.ts'
import { bareTask } from '../config/bare-task.ts'
import type { Include, Loop, Task } from '../config/model.ts'
import type { Course } from './course.ts'
import { failOn, tellOutcome } from './fail-on.ts'
import { enter, type Frame } from './frame.ts'
import { guarded } from './guarded.ts'
import { handlersIn } from './handlers.ts'
import type { HostState } from './host-state.ts'
import type { Cursor } from './lookahead.ts'
import { itemsOf, localsOf } from './loop.ts'
import { account } from './on-hosts.ts'
import { okOutcome, skippedOutcome } from './outcome.ts'
import { firstFalse, flag, settingOf } from './prepare.ts'
import { includeSignature } from './presence.ts'
import { valueKey } from './value-key.ts'
import type { World } from './world.ts'

interface Wanted {
  readonly host: HostState
  readonly target: string
  /** Which item of its loop; 0 without one. */
  readonly index: number
  readonly locals: Dict
  readonly options: Dict
}

export async function runInclude(
  course: Course,
  hosts: readonly HostState[],
  at: { include: Include; cursor: Cursor },
): Promise<void> {
  const { include, cursor } = at
  const { vars, tags, when, ...keywords } = include
  // tags and `when` of an include decide about the include itself; `apply` is what its tasks inherit.
  const own = enter(
    cursor.frame,
    { ...onlyKeywords(keywords), tags, when, vars },
    { directory: include.directory },
  )
  // Names may hang on what was left out: as in Ansible, --start-at-task does not look into includes.
  if (!course.tags.runs(own.tags) || course.start.waiting !== null) return
  const task = asTask(include)
  const wanted: Wanted[] = []
  for (const host of onceOrAll(course, hosts, { task, frame: own }))
    wanted.push(...(await wantedBy(course, host, { include, task, frame: own })))
  for (const group of grouped(wanted)) {
    const inner = enter(
      cursor.frame,
      { ...include.apply, vars: { ...vars, ...include.apply.vars, ...group.locals } },
      {
        asInclude: true,
        directory: include.directory,
      },
    )
    const within = [...cursor.frame.within, include.id]
    await runLoaded(course, group, { include, task, own, frame: { ...inner, within }, cursor })
  }
}

function onceOrAll(
  course: Course,
  hosts: readonly HostState[],
  { task, frame }: { task: Task; frame: Frame },
): readonly HostState[] {
  const first = { world: course.world, play: course.play, host: hosts[0] as HostState, frame }
  const isOnce = flag(settingOf(first, task, { locals: {}, ahead: true }), frame.nearest.runOnce, false)
  return isOnce && !course.isFree ? hosts.slice(0, 1) : hosts
}

function onlyKeywords(include: object): object {
  const { become, becomeUser, becomeMethod, noLog, ignoreErrors, delegateTo, runOnce } = include as Record<
    string,
    unknown
  >
  return { become, becomeUser, becomeMethod, noLog, ignoreErrors, delegateTo, runOnce }
}

interface Asked {
  readonly include: Include
  /** The include as the task it is written as. */
  readonly task: Task
  readonly frame: Frame
}

async function wantedBy(course: Course, host: HostState, { include, task, frame }: Asked): Promise<Wanted[]> {
  const place = { world: course.world, play: course.play, host, frame }
  const found: Wanted[] = []
  let isWhole = false
  const outcome = await guarded({ place, task }, async () => {
    const plain = settingOf(place, task, { locals: {}, ahead: false })
    const items = include.loop ? itemsOf(plain) : null
    const all =
      include.loop && items
        ? items.map((_item, index) => localsOf(include.loop as Loop, items, index, plain.templar))
        : [{}]
    for (const [index, locals] of all.entries()) {
      const setting = settingOf(place, task, { locals, ahead: false })
      if (firstFalse(setting) !== null) continue
      const options = setting.templar.value(include.options)
      const target = String(setting.templar.value(include.target))
      found.push({ host, target, index, locals, options: isDict(options) ? options : {} })
    }
    isWhole = found.length === all.length
    return found.length > 0 ? okOutcome({}, false) : skippedOutcome('no condition holds')
  })
  host.declarations.of(course.play.playbook).ended(includeSignature(include), isWhole)
  if (outcome.status === 'ok' || outcome.status === 'skipped') {
    // Each item that is included counts.
    for (const _ of found.length > 1 ? found : [null]) account(host, outcome)
    return found
  }
  // An include is told of only when something is wrong with it.
  tellOutcome(course, host, { task, frame, outcome })
  return []
}

/** An include as the task it is written as, for conditions and loops. */
function asTask(include: Include): Task {
  const { id, name, what, loop, register, use, directory, position } = include
  return bareTask({ id, name, module: `include_${what}`, loop, register, use, directory, position })
}

interface Group {
  readonly hosts: HostState[]
  readonly target: string
  readonly locals: Dict
  readonly options: Dict
}

/** Hosts that want the same with the same item go together, in the order the first of them asked. */
function grouped(wanted: readonly Wanted[]): Group[] {
  const groups = new Map<string, Group>()
  for (const { host, ...what } of wanted) {
    const id = valueKey([what.index, what.target, what.options, what.locals])
    const group = groups.get(id) ?? { hosts: [], ...what }
    group.hosts.push(host)
    groups.set(id, group)
  }
  return [...groups.values()]
}

interface Loading {
  readonly include: Include
  readonly task: Task
  /** Of the include itself. */
  readonly own: Frame
  /** Of what it brings. */
  readonly frame: Frame
  readonly cursor: Cursor
}

async function runLoaded(course: Course, group: Group, at: Loading): Promise<void> {
  const { include, task, own, frame, cursor } = at
  const active = group.hosts.filter(host => host.status === 'active')
  if (active.length === 0) return
  let loaded: ReturnType<World['includes']['load']>
  try {
    loaded = course.world.includes.load({
      include,
      target: group.target,
      options: group.options,
      playbookDirectory: course.play.directory,
    })
  } catch (error) {
    for (const host of active) await failOn(course, host, { task, frame: own, error })
    return
  }
  course.play.presence.learn(course.play.playbook, [...loaded.nodes, ...loaded.handlers])
  const known = new Set(course.handlers.map(handler => handler.task.id))
  const added = loaded.handlers.filter(one => !known.has(one.id))
  course.handlers.push(...handlersIn(added, course.playFrame))
  await course.runNodes(course, active, {
    nodes: loaded.nodes,
    index: 0,
    frame,
    after: { ...cursor, index: cursor.index + 1 },
  })
}
