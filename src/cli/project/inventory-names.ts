import { readProjectFile } from '../../config/project-file.ts'
import { readAnsibleCfg } from '../../files/ansible-cfg-file.ts'
import { readInventoryFiles } from '../../files/inventory-files.ts'
import { projectFiles } from '../../files/project-files.ts'
import { buildInventory } from '../../inventory/build-inventory.ts'
import type { Io } from '../io.ts'
import { findRoot } from './find-root.ts'
import { inventoriesOf } from './open.ts'

export interface InventoryNames {
  readonly hosts: readonly string[]
  /** Without all and ungrouped. */
  readonly groups: readonly string[]
}

/** Names only: no secrets are opened, no program is run, and what is wrong is passed over. */
export function inventoryNames(io: Io, given: readonly string[]): InventoryNames {
  const root = findRoot(io.cwd)
  const { settings } = readProjectFile(projectFiles(root))
  const ansible = readAnsibleCfg(root).settings
  const options = given.length > 0 ? { inventory: given } : {}
  const inventories = inventoriesOf({ io, options, root, settings, ansible })
  const { sources } = readInventoryFiles({ root, inventories })
  const { inventory } = buildInventory({ sources, varsFiles: [], extraLayers: [] })
  return {
    hosts: [...inventory.hosts.keys()],
    groups: [...inventory.groups.keys()].filter(name => name !== 'all' && name !== 'ungrouped'),
  }
}
