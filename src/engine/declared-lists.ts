/** What a release says was declared: of all that tasks declared on a host, what can be gone back to. */
import type { DeclaredLists } from '../release/manifest.ts'
import type { HostState } from './host-state.ts'

export function declaredLists({ declarations, made }: HostState): DeclaredLists {
  const lists: DeclaredLists = {
    files: [],
    compose: [],
    containers: [],
    units: [],
    userUnits: [],
    packages: [],
  }
  for (const { resource, notifies } of declarations.all) {
    if (resource.kind === 'file')
      lists.files.push({ path: resource.path, notifies: [...notifies], isNew: made.has(resource.path) })
    else if (resource.kind === 'compose')
      lists.compose.push({
        project: resource.project,
        directory: resource.directory,
        files: [...resource.files],
      })
    else if (resource.kind === 'container') lists.containers.push(resource.name)
    else if (resource.kind === 'package') lists.packages.push(resource.name)
    else if (resource.kind === 'unit') {
      lists.units.push(resource.name)
      if (resource.scope !== 'system') lists.userUnits.push(resource.name)
    }
  }
  return lists
}
