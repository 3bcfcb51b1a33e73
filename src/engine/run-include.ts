/** include_tasks and include_role: what to load is worked out per host and item, then run by those it is the same for. */
import { VpaiError } from '../base/error.ts'
import type { Dict, Value } from '../base/value.ts'
import { isDict } from '../base/value.ts'
import type { Include, Task } from '../config/model.ts'
import type { Course } from './course.ts'
import { enter, type Frame } from './frame.ts'
import { handlersIn } from './handlers.ts'
import type { HostState } from './host-state.ts'
import type { Cursor } from './lookahead.ts'
import { itemsOf, localsOf } from './loop.ts'
import { firstFalse, settingOf } from './prepare.ts'
import { warn } from './world.ts'

/** Handed in: included nodes may include in turn. */
export type RunNodes = (course: Course, hosts: readonly HostState[], cursor: Cursor) => Promise<void>

interface Wanted {
  readonly host: HostState
  readonly target: string
  readonly locals: Dict
  readonly options: Dict
}

export async function runInclude(
  course: Course,
  hosts: readonly HostState[],
  at: { include: Include; cursor: Cursor; runNodes: RunNodes },
): Promise<void> {
  const { include, cursor, runNodes } = at
  const { vars, tags, when, ...keywords } = include
  // tags and `when` of an include decide about the include itself; `apply` is what its tasks inherit.
  const own = enter(cursor.frame, { ...onlyKeywords(keywords), tags, when }, { directory: include.directory })
  if (!course.tags.runs(own.tags)) return
  const wanted = hosts.flatMap(host => wantedBy(course, host, { include, frame: own }))
  for (const group of grouped(wanted)) {
    const inner = enter(
      cursor.frame,
      { ...include.apply, vars: { ...vars, ...include.apply.vars, ...group.locals } },
      {
        asInclude: true,
        directory: include.directory,
      },
    )
    await runLoaded(course, group, { include, frame: inner, cursor, runNodes })
  }
}

function onlyKeywords(include: object): object {
  const { become, becomeUser, becomeMethod, noLog, ignoreErrors, delegateTo, runOnce } = include as Record<
    string,
    unknown
  >
  return { become, becomeUser, becomeMethod, noLog, ignoreErrors, delegateTo, runOnce }
}

function wantedBy(course: Course, host: HostState, at: { include: Include; frame: Frame }): Wanted[] {
  const { include, frame } = at
  const place = {
    world: course.world,
    play: course.play,
    host,
    frame: { ...frame, vars: [...frame.vars, include.vars ?? {}] },
  }
  const task = asTask(include)
  try {
    const plain = settingOf(place, task, { locals: {}, ahead: false })
    const items = include.loop ? itemsOf(plain) : null
    const all = items
      ? items.map((_item, index) => localsOf(include.loop!, items, index, plain.templar))
      : [{}]
    return all.flatMap(locals => {
      const setting = settingOf(place, task, { locals, ahead: false })
      if (firstFalse(setting) !== null) {
        host.count('skipped')
        return []
      }
      host.count('ok')
      const options = setting.templar.value(include.options)
      return [
        {
          host,
          target: String(setting.templar.value(include.target)),
          locals,
          options: isDict(options) ? options : {},
        },
      ]
    })
  } catch (error) {
    if (!(error instanceof VpaiError)) throw error
    host.status = 'failed'
    host.count('failed')
    warn(course.world, error.message, { host: host.name, position: include.position })
    return []
  }
}

/** An include as the task it is written as, for conditions and loops. */
function asTask(include: Include): Task {
  return {
    kind: 'task',
    id: include.id,
    name: include.name,
    module: `include_${include.what}`,
    args: {},
    freeText: undefined,
    argPositions: {},
    loop: include.loop,
    register: include.register,
    until: undefined,
    retries: undefined,
    delay: undefined,
    changedWhen: undefined,
    failedWhen: undefined,
    notify: [],
    listen: [],
    async: undefined,
    poll: undefined,
    use: include.use,
    directory: include.directory,
    position: include.position,
  }
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
    const key = JSON.stringify([what.target, what.options, what.locals], (_key, value: Value) =>
      typeof value === 'bigint' ? String(value) : value,
    )
    const group = groups.get(key) ?? { hosts: [], ...what }
    group.hosts.push(host)
    groups.set(key, group)
  }
  return [...groups.values()]
}

async function runLoaded(
  course: Course,
  group: Group,
  at: { include: Include; frame: Frame; cursor: Cursor; runNodes: RunNodes },
): Promise<void> {
  const { include, frame, cursor, runNodes } = at
  const active = group.hosts.filter(host => host.status === 'active')
  if (active.length === 0) return
  const { nodes, handlers } = course.world.includes.load({
    include,
    target: group.target,
    options: group.options,
    playbookDirectory: course.play.directory,
  })
  const known = new Set(course.handlers.map(handler => handler.task.id))
  const added = handlers.filter(task => !known.has(task.id))
  course.handlers.push(...handlersIn(added, course.playFrame))
  await runNodes(course, active, { nodes, index: 0, frame, after: { ...cursor, index: cursor.index + 1 } })
}
