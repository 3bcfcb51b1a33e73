/** What an import or include names, read from its short or long form. */
import type { Dict, Value } from '../base/value.ts'
import type { Cursor } from './cursor.ts'
import type { LoadContext, Scope } from './load-context.ts'
import type { TaskAction } from './task-action.ts'
import { readArguments } from './task-arguments.ts'

export interface Statement {
  readonly cursor: Cursor
  readonly action: TaskAction
  readonly scope: Scope
}

export interface Target {
  /** File or role; undefined, with a problem, when it is not said. */
  readonly name: Value | undefined
  /** Where the name stands. */
  readonly place: Cursor
  /** The other arguments. */
  readonly options: Dict
  readonly apply: Cursor | undefined
}

export const ROLE_OPTIONS = [
  'tasks_from',
  'vars_from',
  'defaults_from',
  'handlers_from',
  'public',
  'allow_duplicates',
  'rolespec_validate',
]

/** Reads the target of a statement about a file of tasks or about a role. */
export function readTarget(
  context: LoadContext,
  { cursor, action }: Statement,
  what: 'tasks' | 'role',
): Target {
  const names = what === 'tasks' ? ['file'] : ['name', 'role']
  const apply = action.module.startsWith('include') ? ['apply'] : []
  const info = { ...action.info, args: [...names, ...(what === 'role' ? ROLE_OPTIONS : []), ...apply] }
  const more = cursor.get('args')
  const { args, freeText } = readArguments(context, { ...action, info }, more)
  const key = names.find(name => Object.hasOwn(args, name))
  const place = (key === undefined ? undefined : (action.value.get(key) ?? more?.get(key))) ?? action.value
  const name = freeText ?? (key === undefined ? undefined : args[key])
  const options = Object.fromEntries(
    Object.entries(args).filter(([option]) => !names.includes(option) && option !== 'apply'),
  )
  const applied = action.value.get('apply') ?? more?.get('apply')
  if (name !== undefined && name !== null && name !== '') return { name, place, options, apply: applied }
  reportNameless(context, { cursor, action, place, what })
  return { name: undefined, place, options, apply: applied }
}

/** The name of something imported must be known before the run. */
export function staticName(context: LoadContext, { name, place }: Target): string | undefined {
  if (name === undefined || typeof name === 'string') return name
  context.report(
    'CONFIG_IMPORT_DYNAMIC',
    'The name of an import must be plain text: it is read before the run',
    {
      position: place.position,
      hint: 'Use include_tasks or include_role where the name holds a template.',
    },
  )
  return undefined
}

/** Id of what is written here; unique, since the import statements that lead here are part of it. */
export function idOf(cursor: Cursor, scope: Scope): string {
  const { file, line, column } = cursor.position
  return `${scope.idPrefix}${file}:${line}:${column}`
}

/** Begins the ids of all that a statement brings in. */
export function prefixOf(cursor: Cursor, scope: Scope): string {
  return `${idOf(cursor, scope)}>`
}

function reportNameless(
  context: LoadContext,
  { action, place, what }: { cursor: Cursor; action: TaskAction; place: Cursor; what: 'tasks' | 'role' },
): void {
  const { position } = place
  if (what === 'tasks') {
    const hint = `Write ${action.module}: setup.yml`
    context.report('CONFIG_FILE_NOT_FOUND', `${action.module} names no file`, { position, hint })
  } else {
    const hint = 'Write name: and the name of the role below it.'
    context.report('CONFIG_ROLE_NAME_MISSING', `${action.module} names no role`, { position, hint })
  }
}
