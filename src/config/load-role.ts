/** A role from its directory. There is one `Role` for a directory, or for each choice of variable files. */
import type { Dict } from '../base/value.ts'
import { readArgumentSpecs } from './argument-specs.ts'
import type { Cursor } from './cursor.ts'
import type { LoadContext, Scope } from './load-context.ts'
import { loadManifest } from './load-manifest.ts'
import { loadRoleHandlers, loadRoleTasks, readRoleUse } from './load-role-use.ts'
import type { Node, Role, RoleUse, Task } from './model.ts'
import { reportUnknown } from './read-keywords.ts'
import { readVariables, roleFiles } from './role-files.ts'
import { describe } from './value-types.ts'

export interface RoleRequest {
  readonly name: string
  readonly path: string
  readonly varsFrom: string
  readonly defaultsFrom: string
  readonly scope: Scope
  /** Where the role is named. */
  readonly place: Cursor
}

export function loadRole(context: LoadContext, request: RoleRequest): Role {
  const { name, path, varsFrom, defaultsFrom, scope } = request
  const key = [path, varsFrom, defaultsFrom].join('\n')
  const known = context.roles.get(key)
  if (known !== undefined) return known
  const dependencies: RoleUse[] = []
  const meta = readMeta(context, path)
  const role = new LoadedRole(context, scope, {
    name,
    path,
    defaults: variables(context, request, 'defaults'),
    vars: variables(context, request, 'vars'),
    dependencies,
    allowDuplicates: meta?.get('allow_duplicates')?.value === true,
    argumentSpecs: argumentSpecs(context, path, meta),
    manifest: loadManifest(context, { name, path }),
  })
  context.roles.set(key, role)
  for (const item of meta?.get('dependencies')?.items() ?? []) {
    const inner: Scope = { ...scope, use: plainUse(role, item) }
    const use = readRoleUse(context, item, inner)
    if (use !== undefined) dependencies.push(use)
  }
  return role
}

type RoleData = Omit<Role, 'tasks' | 'handlers'>

/** Its tasks and handlers are those of a use without parameters, read when somebody looks at them. */
class LoadedRole implements Role {
  readonly name: string
  readonly path: string
  readonly defaults: Dict
  readonly vars: Dict
  readonly dependencies: readonly RoleUse[]
  readonly allowDuplicates: boolean
  readonly argumentSpecs: Role['argumentSpecs']
  readonly manifest: Role['manifest']
  readonly #context: LoadContext
  readonly #scope: Scope
  #tasks: readonly Node[] | undefined
  #handlers: readonly Task[] | undefined

  constructor(context: LoadContext, scope: Scope, data: RoleData) {
    this.name = data.name
    this.path = data.path
    this.defaults = data.defaults
    this.vars = data.vars
    this.dependencies = data.dependencies
    this.allowDuplicates = data.allowDuplicates
    this.argumentSpecs = data.argumentSpecs
    this.manifest = data.manifest
    this.#context = context
    this.#scope = { ...scope, chain: [], idPrefix: '', notify: [], inHandlers: false, addHandlers: () => {} }
  }

  get tasks(): readonly Node[] {
    this.#tasks ??= loadRoleTasks(this.#context, plainUse(this), this.#scope)
    return this.#tasks
  }

  get handlers(): readonly Task[] {
    this.#handlers ??= loadRoleHandlers(this.#context, plainUse(this), this.#scope)
    return this.#handlers
  }
}

function plainUse(role: Role, place?: Cursor): RoleUse {
  return {
    role,
    position: place?.position ?? { file: role.path, line: 1, column: 1 },
    params: {},
    tasksFrom: 'main',
    defaultsFrom: 'main',
    varsFrom: 'main',
    handlersFrom: 'main',
    public: true,
    validates: true,
    allowDuplicates: undefined,
  }
}

function variables(context: LoadContext, request: RoleRequest, folder: 'vars' | 'defaults'): Dict {
  const { path, place } = request
  const from = folder === 'vars' ? request.varsFrom : request.defaultsFrom
  const files = roleFiles(context, { path, folder, from, place })
  return Object.assign({}, ...files.map(file => readVariables(context, file)))
}

export const META_KEYS = [
  'dependencies',
  'allow_duplicates',
  'galaxy_info',
  'argument_specs',
  'collections',
  'standalone',
]

function readMeta(context: LoadContext, path: string): Cursor | undefined {
  const [file] = roleFiles(context, { path, folder: 'meta', from: 'main', place: undefined })
  const meta = file === undefined ? undefined : context.open(file)
  if (meta === undefined || meta.value === null) return undefined
  if (!meta.isMapping) {
    const message = `meta/main.yml must be a mapping, not ${describe(meta.value)}`
    context.report('CONFIG_NOT_A_MAPPING', message, { position: meta.position })
    return undefined
  }
  for (const [name, item] of meta.entries()) {
    if (!META_KEYS.includes(name)) reportUnknown(context, { name, item, level: 'meta' })
  }
  const duplicates = meta.get('allow_duplicates')
  if (duplicates !== undefined && typeof duplicates.value !== 'boolean') {
    const message = `allow_duplicates must be true or false, not ${describe(duplicates.value)}`
    context.report('CONFIG_WRONG_TYPE', message, { position: duplicates.position })
  }
  const dependencies = meta.get('dependencies')
  if (dependencies !== undefined && dependencies.value !== null && !dependencies.isList) {
    const message = `dependencies must be a list, not ${describe(dependencies.value)}`
    context.report('CONFIG_NOT_A_LIST', message, { position: dependencies.position })
  }
  return meta
}

function argumentSpecs(context: LoadContext, path: string, meta: Cursor | undefined): Role['argumentSpecs'] {
  const [file] = roleFiles(context, { path, folder: 'meta', from: 'argument_specs', place: undefined })
  const own = file === undefined ? undefined : context.open(file)
  return readArgumentSpecs(
    context,
    file === undefined ? meta?.get('argument_specs') : own?.get('argument_specs'),
  )
}
