/** What the loader has to know of the rest: modules, roles that ship, and which variables something else defines. */
import path from 'node:path'
import type { LoadOptions } from '../../config/load-context.ts'
import { MAGIC_NAMES } from '../../inventory/magic.ts'
import { moduleArguments, moduleNames } from '../../modules/catalogue.ts'
import { expandHome } from './expand-home.ts'
import { shippedDirectory } from './find-root.ts'
import type { Project } from './open.ts'

export interface KnownNames {
  readonly names: ReadonlySet<string>
  /** Some names cannot be listed: the secrets file was not opened. */
  readonly hasDynamicNames: boolean
}

export function knownNames(project: Project): KnownNames {
  const names = new Set<string>([
    ...MAGIC_NAMES,
    ...Object.keys(project.extraVars),
    ...Object.keys(project.secrets.values),
  ])
  for (const host of project.inventory.hosts.keys())
    for (const name of project.inventory.variables(host).names()) names.add(name)
  return { names, hasDynamicNames: !project.secrets.isOpen || project.hasUnknownHosts }
}

export async function loadOptions(
  project: Project,
  known: KnownNames,
  rolesPath: readonly string[] = [],
): Promise<LoadOptions> {
  const { home } = project
  const { argumentIssues } = await import('../../modules/shared/argument-issues.ts')
  return {
    rolesPath: [
      ...rolesPath,
      ...project.settings.roles_path,
      ...(project.ansible.rolesPath ?? []).map(folder => expandHome(folder, home)),
    ],
    shippedRoles:
      project.settings.shipped_roles === false ? undefined : path.join(shippedDirectory(), 'roles'),
    knownModules: moduleArguments,
    argumentIssues,
    suggestModules: moduleNames(),
    definedNames: known.names,
    // Files are read, and may stay closed, after this was made.
    get hasDynamicNames() {
      return known.hasDynamicNames || project.vault.stayedClosed
    },
    vault: project.vault,
  }
}
