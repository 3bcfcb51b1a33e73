/** One use of a role: the entry in `roles:` or in dependencies, import_role, include_role. */
import type { Position } from '../base/error.ts'
import type { Dict, Value } from '../base/value.ts'
import { specTask } from './argument-specs.ts'
import type { Cursor } from './cursor.ts'
import { findRole } from './find-role.ts'
import { findKeyword } from './keywords.ts'
import type { LoadContext, Scope } from './load-context.ts'
import { flattenHandlers } from './load-handlers.ts'
import { loadRole } from './load-role.ts'
import { enterFile } from './load-task-file.ts'
import { loadTasks } from './load-tasks.ts'
import type { Block, Keywords, Node, RoleUse, Task } from './model.ts'
import { checkValue, readKeywords, reportUnknown } from './read-keywords.ts'
import { roleFiles } from './role-files.ts'
import { describe } from './value-types.ts'

export interface UsedRole {
  /** Dependencies first, the role last. */
  readonly blocks: readonly Block[]
  readonly handlers: readonly Task[]
}

export interface UseRequest {
  readonly name: string
  /** Where the name stands. */
  readonly place: Cursor
  /** Of the statement. */
  readonly position: Position
  /** tasks_from and the like. */
  readonly options: Dict
  readonly scope: Scope
}

/** A role that import_role or include_role names; empty, with a problem, when it is not there. */
export function useRole(context: LoadContext, request: UseRequest): UsedRole {
  const { name, place, position, options, scope } = request
  const path = findRole(context, name, { scope, position: place.position })
  if (path === undefined) return { blocks: [], handlers: [] }
  const from = (key: string) => (typeof options[key] === 'string' ? options[key] : 'main')
  const files = { varsFrom: from('vars_from'), defaultsFrom: from('defaults_from') }
  const role = loadRole(context, { name, path, ...files, scope, place })
  const use: RoleUse = {
    role,
    position,
    params: {},
    tasksFrom: from('tasks_from'),
    ...files,
    handlersFrom: from('handlers_from'),
    public: options.public === true,
    validates: options.rolespec_validate !== false,
    allowDuplicates: typeof options.allow_duplicates === 'boolean' ? options.allow_duplicates : true,
  }
  return expandUse(context, use, { scope, place })
}

/** An entry of `roles:` or of dependencies; undefined, with a problem, when it names no role. */
export function readRoleUse(context: LoadContext, item: Cursor, scope: Scope): RoleUse | undefined {
  const place = item.isMapping ? (item.get('role') ?? item.get('name')) : item
  const name = place?.text
  if (place === undefined || name === undefined || name === '') {
    const position = (place ?? item).position
    const found = item.isMapping
      ? 'This entry names no role'
      : `A role must be a name, not ${describe(item.value)}`
    context.report('CONFIG_ROLE_NAME_MISSING', found, { position, hint: 'Write role: and its name.' })
    return undefined
  }
  const params = readParams(context, item, item.get('role') === undefined ? 'name' : 'role')
  const path = findRole(context, name, { scope, position: place.position })
  if (path === undefined) return undefined
  const role = loadRole(context, { name, path, varsFrom: 'main', defaultsFrom: 'main', scope, place })
  const from = { tasksFrom: 'main', varsFrom: 'main', defaultsFrom: 'main', handlersFrom: 'main' }
  const plain = { public: true, validates: true, allowDuplicates: undefined }
  return { role, position: item.position, ...readKeywords(context, item), params, ...from, ...plain }
}

/** Keys that are no keywords are parameters. */
function readParams(context: LoadContext, item: Cursor, nameKey: string): Dict {
  const params: [string, Value][] = []
  for (const [name, value] of item.entries()) {
    const keyword = findKeyword(name)
    if (name === nameKey || name === 'name') continue
    if (keyword === undefined) params.push([name, value.value])
    else if (keyword.levels.includes('role')) checkValue(context, { name, item: value, keyword })
    else reportUnknown(context, { name, item: value, level: 'role' })
  }
  return Object.fromEntries(params)
}

/** Blocks and handlers of a use and of what its role depends on. */
export function expandUse(
  context: LoadContext,
  use: RoleUse,
  { scope, place }: { readonly scope: Scope; readonly place?: Cursor },
): UsedRole {
  const key = `role ${use.role.path} ${use.tasksFrom}`
  if (!context.count(use.position)) return { blocks: [], handlers: [] }
  if (scope.chain.includes(key)) {
    context.report('CONFIG_ROLE_CYCLE', `The role ${use.role.name} comes to itself again`, {
      position: place?.position ?? use.position,
      hint: `The way there: ${roleNames([...scope.chain.slice(scope.chain.indexOf(key)), key])}`,
    })
    return { blocks: [], handlers: [] }
  }
  const { file, line, column } = use.position
  const idPrefix = `${scope.idPrefix}${use.role.name}@${file}:${line}:${column}>`
  const inner: Scope = { ...scope, chain: [...scope.chain, key], idPrefix }
  const needed = use.role.dependencies.map(dependency => expandUse(context, dependency, { scope: inner }))
  const handlers: Task[] = needed.flatMap(dependency => dependency.handlers)
  const addHandlers = (added: readonly Task[]) => handlers.push(...added)
  const tasks = loadRoleTasks(context, use, { ...inner, addHandlers }, place)
  handlers.push(...loadRoleHandlers(context, use, inner, place))
  const block = roleBlock(use, tasks)
  return {
    blocks: [
      ...wrap(
        use,
        needed.flatMap(dependency => dependency.blocks),
      ),
      block,
    ],
    handlers,
  }
}

function roleNames(chain: readonly string[]): string {
  return chain
    .filter(link => link.startsWith('role '))
    .map(link => link.split(' ')[1])
    .join(' → ')
}

export function loadRoleTasks(context: LoadContext, use: RoleUse, scope: Scope, place?: Cursor): Node[] {
  const [file] = roleFiles(context, { path: use.role.path, folder: 'tasks', from: use.tasksFrom, place })
  const first = specTask(use, scope.idPrefix)
  if (file === undefined) return first
  const inner: Scope = { ...scope, use, inHandlers: false }
  return [...first, ...loadTasks(context, context.open(file), enterFile(inner, file, scope.idPrefix))]
}

export function loadRoleHandlers(context: LoadContext, use: RoleUse, scope: Scope, place?: Cursor): Task[] {
  const request = { path: use.role.path, folder: 'handlers', from: use.handlersFrom, place } as const
  const [file] = roleFiles(context, request)
  if (file === undefined) return []
  const inner: Scope = { ...scope, use, inHandlers: true, notify: [] }
  return flattenHandlers(loadTasks(context, context.open(file), enterFile(inner, file, scope.idPrefix)), use)
}

function roleBlock(use: RoleUse, block: readonly Node[]): Block {
  const {
    role,
    params: _,
    tasksFrom: _t,
    defaultsFrom: _d,
    varsFrom: _v,
    handlersFrom: _h,
    public: _p,
    validates: _a,
    allowDuplicates: _l,
    ...rest
  } = use
  const lists = { block, rescue: [], always: [] }
  return { ...rest, kind: 'block', name: role.name, ...lists, use, directory: `${role.path}/tasks` }
}

/** Conditions, tags and the like of a use hold for its dependencies too; its parameters are seen by them. */
function wrap(use: RoleUse, blocks: readonly Block[]): readonly Block[] {
  const outer = roleBlock(use, blocks)
  const vars = { ...outer.vars, ...use.params }
  const around: Block = { ...outer, vars: Object.keys(vars).length === 0 ? undefined : vars, use: undefined }
  const isPlain = Object.keys(keywordsOf(around)).length === 0
  return isPlain || blocks.length === 0 ? blocks : [around]
}

function keywordsOf(block: Block): Keywords {
  const {
    kind: _k,
    name: _n,
    block: _b,
    rescue: _r,
    always: _a,
    use: _u,
    directory: _d,
    position: _p,
    ...rest
  } = block
  return Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined))
}
