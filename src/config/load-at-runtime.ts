/** What an include brings in once the engine has reached it and its name is known. */
import type { Problem } from '../base/error.ts'
import type { Dict } from '../base/value.ts'
import { readYaml } from '../yaml/read-yaml.ts'
import { Cursor } from './cursor.ts'
import type { LoadContext, Scope } from './load-context.ts'
import { useRole } from './load-role-use.ts'
import { loadTaskFile } from './load-task-file.ts'
import type { Include, Node, Task } from './model.ts'
import { sortProblems } from './sort-problems.ts'

export interface IncludeRequest {
  readonly include: Include
  /** File or role, rendered. */
  readonly target: string
  /** Options of the include, rendered. */
  readonly options: Dict
  /** Of the play. */
  readonly playbookDirectory: string
}

export interface Included {
  /** Without the keywords of `apply:` and the vars of the include, which depend on the host. */
  readonly nodes: readonly Node[]
  /** Handlers that an included role brings. */
  readonly handlers: readonly Task[]
  readonly problems: readonly Problem[]
}

/** `context` is that of loadPlaybooks; files read once are not read again. Ids are the same in every run. */
export function loadIncluded(context: LoadContext, request: IncludeRequest): Included {
  const { include, target, options, playbookDirectory } = request
  const before = context.problems.length
  context.startCounting()
  const handlers: Task[] = []
  const scope: Scope = {
    use: include.use,
    directory: include.directory,
    importers: [],
    playbookDirectory,
    chain: [],
    idPrefix: include.id.slice(0, -ownPart(include).length),
    inHandlers: false,
    notify: [],
    addHandlers: added => handlers.push(...added),
  }
  const nodes = loadNodes(context, { include, target, options, scope })
  const problems = sortProblems(context.problems.splice(before))
  return { nodes, handlers, problems }
}

interface NodesRequest {
  readonly include: Include
  readonly target: string
  readonly options: Dict
  readonly scope: Scope
}

function loadNodes(context: LoadContext, { include, target, options, scope }: NodesRequest): readonly Node[] {
  const { position } = include
  const place = placeAt(include)
  if (include.what === 'tasks') return loadTaskFile(context, target, { scope, place, cursor: place })
  const inner = { ...scope, idPrefix: `${include.id}>` }
  const used = useRole(context, { name: target, place, position, options, scope: inner })
  scope.addHandlers(used.handlers)
  return used.blocks
}

/** The statement itself is not read again; all that is asked of it is its place. */
function placeAt({ position }: Include): Cursor {
  const document = { ...readYaml('', { file: position.file, templates: false }) }
  return new Cursor({ ...document, positionOf: () => position, positionOfKey: () => position })
}

function ownPart({ position: { file, line, column } }: Include): string {
  return `${file}:${line}:${column}`
}
