/** Files of a role by folder and name: tasks/main.yml, defaults/main/ and the like. */
import { type Dict, isDict } from '../base/value.ts'
import type { Cursor } from './cursor.ts'
import type { LoadContext } from './load-context.ts'
import { checkVariableName, dictOf } from './read-keywords.ts'
import { join, searchedHint } from './search-files.ts'
import { describe } from './value-types.ts'

export interface RoleFileRequest {
  /** Directory of the role. */
  readonly path: string
  readonly folder: 'tasks' | 'handlers' | 'vars' | 'defaults' | 'meta'
  /** Name with or without ending; only main may be missing. */
  readonly from: string
  /** Where a missing file is reported; undefined: nowhere. */
  readonly place: Cursor | undefined
}

const ENDINGS = ['', '.yml', '.yaml', '.json']

/** The files that make up one name; a directory of variables gives all its files in order. */
export function roleFiles(context: LoadContext, { path, folder, from, place }: RoleFileRequest): string[] {
  const candidates = ENDINGS.map(ending => join(path, `${folder}/${from}${ending}`))
  const mayBeDirectory = folder === 'vars' || folder === 'defaults'
  for (const candidate of candidates) {
    if (context.reader.isFile(candidate)) return [candidate]
    if (mayBeDirectory && context.reader.isDirectory(candidate)) return filesBelow(context, candidate)
  }
  if (place !== undefined && from !== 'main') {
    context.report('CONFIG_FILE_NOT_FOUND', `The role has no ${folder}/${from}`, {
      position: place.position,
      hint: searchedHint(candidates.slice(1, 3)),
    })
  }
  return []
}

/** The variables of a file: a mapping, or nothing. Names no variable can have are reported. */
export function readVariables(context: LoadContext, file: string): Dict {
  const cursor = context.open(file)
  if (cursor === undefined || cursor.value === null) return {}
  if (!cursor.isMapping) {
    const message = `A file of variables must be a mapping, not ${describe(cursor.value)}`
    context.report('CONFIG_NOT_A_MAPPING', message, { position: cursor.position })
    return {}
  }
  if (!context.variableFiles.has(file)) {
    context.variableFiles.set(file, cursor)
    for (const [name, item] of cursor.entries()) checkVariableName(context, name, item, true)
  }
  return isDict(cursor.value) ? cursor.value : dictOf(cursor)
}

/** Files of variables below a directory, depth first, in the order of their names. */
export function filesBelow(context: LoadContext, directory: string): string[] {
  return (context.reader.list(directory) ?? []).flatMap(name => {
    const path = join(directory, name)
    if (name.startsWith('.') || name.endsWith('~')) return []
    if (context.reader.isDirectory(path)) return filesBelow(context, path)
    return /\.(?:ya?ml|json)$/.test(name) || !name.includes('.') ? [path] : []
  })
}
