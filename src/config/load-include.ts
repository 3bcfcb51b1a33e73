/** include_tasks and include_role: kept for the engine, and looked into where the name is plain text. */
import { bareTask } from './bare-task.ts'
import type { Cursor } from './cursor.ts'
import type { LoadContext, Scope } from './load-context.ts'
import { useRole } from './load-role-use.ts'
import { loadTaskFile } from './load-task-file.ts'
import { checkTaskKeys } from './load-tasks.ts'
import type { Include, Node, Task } from './model.ts'
import { checkKeywords, readKeywords, reportUnknown, textsOf } from './read-keywords.ts'
import { readLoop } from './read-loop.ts'
import { idOf, prefixOf, readTarget, type Statement } from './statement.ts'

/** Handlers are tasks, so an include among them becomes a task that the engine carries out as include. */
export function loadInclude(context: LoadContext, statement: Statement, what: 'tasks' | 'role'): Node[] {
  const { cursor, scope } = statement
  checkTaskKeys(context, cursor, 'include')
  const listen = cursor.get('listen')
  if (listen && !scope.inHandlers) reportUnknown(context, { name: 'listen', item: listen, level: 'task' })
  const target = readTarget(context, statement, what)
  if (target.name === undefined) return []
  if (target.apply !== undefined) checkKeywords(context, target.apply, { level: 'block' })
  const node: Include = {
    kind: 'include',
    id: idOf(cursor, scope),
    position: cursor.position,
    ...readKeywords(context, cursor),
    what,
    name: cursor.get('name')?.value,
    target: target.name,
    options: target.options,
    apply: target.apply === undefined ? {} : readKeywords(context, target.apply),
    loop: readLoop(context, cursor),
    register: cursor.get('register')?.text,
    directory: scope.directory,
    use: scope.use,
  }
  lookInto(context, node, { cursor, place: target.place, scope })
  return scope.inHandlers ? [asHandler(node, cursor)] : [node]
}

function asHandler(node: Include, cursor: Cursor): Task {
  const { what, target, options, apply: _, ...rest } = node
  return bareTask({
    ...rest,
    kind: 'task',
    include: node,
    module: what === 'tasks' ? 'include_tasks' : 'include_role',
    args: { ...options, [what === 'tasks' ? 'file' : 'name']: target },
    listen: textsOf(cursor.get('listen')),
  })
}

/** Once for each file or role, so that its problems are told before the run. May include itself. */
function lookInto(
  context: LoadContext,
  node: Include,
  { cursor, place, scope }: { readonly cursor: Cursor; readonly place: Cursor; readonly scope: Scope },
): void {
  const { what, target, options, directory, use } = node
  if (typeof target !== 'string') return
  const key = JSON.stringify([what, target, options, use?.role.path ?? '', directory, scope.inHandlers])
  if (context.visited.has(key)) return
  context.visited.add(key)
  const inner: Scope = { ...scope, chain: [], inHandlers: false, notify: [], addHandlers: () => {} }
  if (what === 'tasks') {
    context.included.set(node, loadTaskFile(context, target, { scope: inner, place, cursor }))
    return
  }
  const idPrefix = prefixOf(cursor, scope)
  const position = cursor.position
  const used = useRole(context, { name: target, place, position, options, scope: { ...inner, idPrefix } })
  context.included.set(node, used.blocks)
  context.includedHandlers.push(...used.handlers)
}
