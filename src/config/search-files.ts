/** Where relative names are looked for. */
import { posix } from 'node:path'
import type { LoadContext, Scope } from './load-context.ts'

export interface Search {
  /** The first that exists. */
  readonly found: string | undefined
  /** Every place that was looked at, in order. */
  readonly searched: readonly string[]
}

/** A file of tasks: beside the importing file, its importers, in the role's tasks/, beside the playbook. */
export function searchTaskFile(context: LoadContext, name: string, scope: Scope): Search {
  const role = scope.use?.role.path
  const inRole = role === undefined ? [] : [`${role}/${scope.inHandlers ? 'handlers' : 'tasks'}`, role]
  return search(context, name, [scope.directory, ...scope.importers, ...inRole, scope.playbookDirectory])
}

/** A file of a play or role that its tasks name: `folder` is files, templates or vars. */
export function searchLocalFile(
  context: LoadContext,
  name: string,
  place: {
    readonly folder: string
    readonly role: string | undefined
    readonly directories: readonly string[]
  },
): Search {
  const bases = [...(place.role === undefined ? [] : [place.role]), ...place.directories]
  return search(
    context,
    name,
    bases.flatMap(base => [join(base, place.folder), base]),
  )
}

export function search(context: LoadContext, name: string, directories: readonly string[]): Search {
  const searched = name.startsWith('/') ? [name] : [...new Set(directories.map(dir => join(dir, name)))]
  const found = searched.find(path => context.reader.isFile(path) || context.reader.isDirectory(path))
  return { found, searched }
}

/** Normalised; `.` is the project itself. */
/** An absolute name stays what it is: shipped roles and playbooks lie outside the project. */
export function join(directory: string, name: string): string {
  return posix.isAbsolute(name) ? posix.normalize(name) : posix.join(directory, name)
}

export function directoryOf(file: string): string {
  return posix.dirname(file)
}

/** Tells where a file was looked for. */
export function searchedHint(searched: readonly string[]): string {
  return `Looked for ${searched.join(', ')}.`
}
