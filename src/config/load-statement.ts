/** import_tasks, import_role, include_tasks and include_role among tasks. */
import type { Cursor } from './cursor.ts'
import type { LoadContext } from './load-context.ts'
import { loadInclude } from './load-include.ts'
import { useRole } from './load-role-use.ts'
import { loadTaskFile } from './load-task-file.ts'
import { checkTaskKeys } from './load-tasks.ts'
import type { Block, Node } from './model.ts'
import { readKeywords } from './read-keywords.ts'
import { prefixOf, readTarget, type Statement, staticName } from './statement.ts'

/** The nodes a statement becomes; undefined when the action is an ordinary module. */
export function loadStatement(context: LoadContext, statement: Statement): Node[] | undefined {
  switch (statement.action.module) {
    case 'import_tasks':
      return importTasks(context, statement)
    case 'import_role':
      return importRole(context, statement)
    case 'include_tasks':
      return loadInclude(context, statement, 'tasks')
    case 'include_role':
      return loadInclude(context, statement, 'role')
    case 'include':
      return refuseInclude(context, statement.action.value)
    case 'import_playbook':
      return refusePlaybook(context, statement.action.value)
    default:
      return undefined
  }
}

function importTasks(context: LoadContext, statement: Statement): Node[] {
  const { cursor, scope } = statement
  checkTaskKeys(context, cursor, 'import')
  const target = readTarget(context, statement, 'tasks')
  const name = staticName(context, target)
  if (name === undefined) return []
  const nodes = loadTaskFile(context, name, { scope, place: target.place, cursor })
  return [importBlock(context, statement, nodes)]
}

function importRole(context: LoadContext, statement: Statement): Node[] {
  const { cursor, scope } = statement
  checkTaskKeys(context, cursor, 'import')
  const target = readTarget(context, statement, 'role')
  const name = staticName(context, target)
  if (name === undefined) return []
  const { blocks, handlers } = useRole(context, {
    name,
    place: target.place,
    position: cursor.position,
    // What is imported belongs to the play, as an entry of `roles:` does.
    options: { ...target.options, public: target.options.public ?? true },
    scope: { ...scope, idPrefix: prefixOf(cursor, scope) },
  })
  scope.addHandlers(handlers)
  return [importBlock(context, statement, blocks)]
}

/** The keywords of the statement reach what it imports through the block around it. */
function importBlock(context: LoadContext, { cursor, scope }: Statement, block: readonly Node[]): Block {
  return {
    kind: 'block',
    position: cursor.position,
    ...readKeywords(context, cursor),
    name: cursor.get('name')?.value,
    block,
    rescue: [],
    always: [],
    use: undefined,
    directory: scope.directory,
  }
}

function refuseInclude(context: LoadContext, value: Cursor): Node[] {
  context.report('CONFIG_INCLUDE_REMOVED', 'include is gone from Ansible, and vpai does not have it either', {
    position: value.keyPosition,
    hint: 'Use include_tasks, or import_tasks when the name is fixed.',
  })
  return []
}

function refusePlaybook(context: LoadContext, value: Cursor): Node[] {
  context.report('CONFIG_KEYWORD_NOT_HERE', 'import_playbook stands beside plays, not among tasks', {
    position: value.keyPosition,
    hint: 'For a file of tasks use import_tasks.',
  })
  return []
}
