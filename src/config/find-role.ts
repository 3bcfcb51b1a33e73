/** Where a role lies: the project's own roles win over those that come with vpai. */
import { didYouMean } from '../base/did-you-mean.ts'
import type { Position } from '../base/error.ts'
import type { LoadContext, Scope } from './load-context.ts'
import { directoryOf, join, searchedHint } from './search-files.ts'

/** Directory of the role; undefined, with a problem at `position`, when there is none. */
export function findRole(
  context: LoadContext,
  name: string,
  { scope, position }: { readonly scope: Scope; readonly position: Position },
): string | undefined {
  const directories = name.startsWith('/') ? ['/'] : roleDirectories(context, scope)
  const found = directories.map(directory => join(directory, name)).find(context.reader.isDirectory)
  if (found !== undefined && name.trim() !== '') return found
  const known = directories.flatMap(directory => context.reader.list(directory) ?? [])
  const searched = searchedHint(directories)
  const guess = didYouMean(name, known)
  context.report('CONFIG_ROLE_NOT_FOUND', `There is no role ${name}`, {
    position,
    hint: guess === undefined ? searched : `${guess} ${searched}`,
  })
  return undefined
}

function roleDirectories(context: LoadContext, scope: Scope): string[] {
  const { rolesPath, shippedRoles } = context.options
  const beside = scope.use === undefined ? [] : [directoryOf(scope.use.role.path)]
  const shipped = shippedRoles === undefined ? [] : [shippedRoles]
  const own = [join(scope.playbookDirectory, 'roles'), 'roles', ...rolesPath, ...beside]
  return [...new Set([...own, ...shipped])]
}
