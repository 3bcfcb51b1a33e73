/** The tasks of a file that an import or include names. */
import type { Cursor } from './cursor.ts'
import type { LoadContext, Scope } from './load-context.ts'
import { loadTasks } from './load-tasks.ts'
import type { Node } from './model.ts'
import { directoryOf, searchedHint, searchTaskFile } from './search-files.ts'
import { prefixOf } from './statement.ts'

export interface TaskFileRequest {
  readonly scope: Scope
  /** Where the name stands. */
  readonly place: Cursor
  /** The statement. */
  readonly cursor: Cursor
}

/** A missing file and a cycle are reported at the name. */
export function loadTaskFile(context: LoadContext, name: string, request: TaskFileRequest): Node[] {
  const { scope, place, cursor } = request
  const { found, searched } = searchTaskFile(context, name, scope)
  const { position } = place
  if (found === undefined || !context.reader.isFile(found)) {
    const hint = searchedHint(searched)
    context.report('CONFIG_FILE_NOT_FOUND', `There is no file ${name}`, { position, hint })
    return []
  }
  if (scope.chain.includes(found)) {
    const way = [...scope.chain.slice(scope.chain.indexOf(found)), found].join(' → ')
    context.report('CONFIG_IMPORT_CYCLE', `${found} imports itself: ${way}`, {
      position,
      hint: 'Use include_tasks with a condition that ends it.',
    })
    return []
  }
  return loadTasks(context, context.open(found), enterFile(scope, found, prefixOf(cursor, scope)))
}

/** The scope inside a file of tasks. */
export function enterFile(scope: Scope, file: string, idPrefix: string): Scope {
  return {
    ...scope,
    directory: directoryOf(file),
    importers: [scope.directory, ...scope.importers.filter(directory => directory !== scope.directory)],
    chain: [...scope.chain, file],
    idPrefix,
  }
}
