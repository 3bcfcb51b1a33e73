/**
 * What roles say besides of what they bring: how their data is kept (decision 14), in `tasks/snapshot.yml`, `restore.yml`
 * and `schema.yml`, and how one sees that it works, in `smoke.yml`; as plays that hold the same uses of the same roles
 * under the same conditions, and nothing else.
 */
import type { LoadContext, Scope } from './load-context.ts'
import { loadRoleTasks } from './load-role-use.ts'
import type { Block, Node, Play, Playbook, RoleUse } from './model.ts'
import { roleFiles } from './role-files.ts'

export const WORKS = ['snapshot', 'restore', 'schema', 'smoke'] as const
export type DataWork = (typeof WORKS)[number]

/** What is put around the tasks of one role. */
export type AroundRole = (use: RoleUse, tasks: readonly Node[]) => readonly Node[]

export interface DataPlays {
  /** Names of the roles that say something of their data. */
  readonly roles: readonly string[]
  /** Plays without any are left out. */
  readonly plays: (work: DataWork, around?: AroundRole) => readonly Play[]
}

export function dataPlays(context: LoadContext, playbooks: readonly Playbook[]): DataPlays {
  const all = playbooks.flatMap(({ plays }) => plays)
  const names = new Set<string>()
  const loaded = new Map<string, readonly Node[]>()
  const tasksOf: Found['tasksOf'] = (play, use, work) => {
    if (!hasWork(context, use, work)) return null
    if (work !== 'smoke') names.add(use.role.name)
    const key = `${play.file}:${play.position.line} ${work} ${use.role.path} ${use.position.file}:${use.position.line}:${use.position.column}`
    const known = loaded.get(key)
    if (known !== undefined) return known
    const tasks = loadRoleTasks(context, { ...use, tasksFrom: work, validates: false }, scopeOf(play, key))
    loaded.set(key, tasks)
    return tasks
  }
  const plays = (work: DataWork, around: AroundRole = (_use, tasks) => tasks) =>
    all.flatMap(play => only(play, { work, around, tasksOf }))
  // Read at once, so that what is wrong with them is known with everything else.
  const used = WORKS.flatMap(work => plays(work))
  if (used.length > 0) for (const play of all) reportHalves(context, play)
  return { roles: [...names], plays }
}

interface Found {
  readonly work: DataWork
  readonly around: AroundRole
  /** null: the role has no such tasks. */
  readonly tasksOf: (play: Play, use: RoleUse, work: DataWork) => readonly Node[] | null
}

function only({ tags: _, ...play }: Play, found: Found): readonly Play[] {
  const nodes = [...play.preTasks, ...play.roles, ...play.tasks, ...play.postTasks]
  const tasks = nodes.flatMap(node => within(play, node, found))
  if (tasks.length === 0) return []
  const nothing = { preTasks: [], roles: [], postTasks: [], handlers: [], varsPrompt: [] }
  const plain = { serial: undefined, strategy: undefined, order: undefined, maxFailPercentage: undefined }
  return [{ ...play, ...nothing, ...plain, name: DATA_PLAY_NAMES[found.work], tasks }]
}

export const DATA_PLAY_NAMES: Readonly<Record<DataWork, string>> = {
  snapshot: 'snapshot of the data',
  restore: 'the data comes back',
  schema: 'schema of the data',
  smoke: 'smoke tests',
}

/** The way to the roles, with its conditions and variables; tags choose what is deployed, not what is kept. */
function within(play: Play, node: Node, found: Found): readonly Node[] {
  if (node.kind !== 'block') return []
  const { tags: _, use, ...block } = node
  const inner = [...node.block, ...node.rescue, ...node.always].flatMap(one => within(play, one, found))
  const own = use === undefined ? null : found.tasksOf(play, use, found.work)
  const tasks = own === null || use === undefined ? [] : found.around(use, own)
  if (inner.length + tasks.length === 0) return []
  const made: Block = { ...block, use, block: [...inner, ...tasks], rescue: [], always: [] }
  return [made]
}

function hasWork(context: LoadContext, { role: { path } }: RoleUse, from: DataWork): boolean {
  return roleFiles(context, { path, folder: 'tasks', from, place: undefined }).length > 0
}

function reportHalves(context: LoadContext, { preTasks, roles, tasks, postTasks }: Play): void {
  for (const use of usesIn([...preTasks, ...roles, ...tasks, ...postTasks])) {
    const [has, lacks] = hasWork(context, use, 'snapshot')
      ? (['snapshot', 'restore'] as const)
      : (['restore', 'snapshot'] as const)
    if (!hasWork(context, use, has) || hasWork(context, use, lacks)) continue
    const message = `The role ${use.role.name} has tasks/${has}.yml and no tasks/${lacks}.yml`
    const hint = 'Data that is kept must be able to come back: write both, or none.'
    context.report('CONFIG_FILE_NOT_FOUND', message, { position: use.position, hint })
  }
}

function usesIn(nodes: readonly Node[]): readonly RoleUse[] {
  return nodes.flatMap(node =>
    node.kind === 'block'
      ? [...(node.use ? [node.use] : []), ...usesIn([...node.block, ...node.rescue, ...node.always])]
      : [],
  )
}

function scopeOf({ file, directory }: Play, idPrefix: string): Scope {
  return {
    use: undefined,
    directory,
    importers: [],
    playbookDirectory: directory,
    chain: [file],
    idPrefix: `${idPrefix}>`,
    inHandlers: false,
    notify: [],
    addHandlers: () => undefined,
  }
}
