/** What hosts know while an inventory is still being read: for plugins that compute with it. */
import type { InventoryDraft } from './draft.ts'
import { connectGroups, hostEntries } from './group-tree.ts'
import { hostLayers } from './host-layers.ts'
import type { ExtraLayer } from './model.ts'
import { merge, type Scope } from './precedence.ts'
import type { VarsBlocks } from './vars-files.ts'

export interface PluginScopeSources {
  readonly files: () => VarsBlocks
  readonly extraLayers: readonly ExtraLayer[]
}

const NO_FILES: VarsBlocks = { find: () => [] }

/** Groups as they are now; variables that hosts get afterwards are seen. */
export function pluginScopes(
  draft: InventoryDraft,
  { files, extraLayers }: PluginScopeSources,
): (host: string, withFiles: boolean) => Scope {
  const copy = draft.copy()
  const groups = connectGroups(copy)
  const hosts = hostEntries(copy, groups)
  return (name, withFiles) => {
    const entry = hosts.get(name)
    const sources = withFiles ? { files: files(), extraLayers } : { files: NO_FILES, extraLayers: [] }
    const layers = entry === undefined ? [] : hostLayers(entry, { draft: copy, groups, ...sources })
    const known = merge(layers)
    const magic = new Map<string, string | readonly string[]>([
      ['inventory_hostname', name],
      ['inventory_hostname_short', name.split('.')[0] ?? name],
      ['group_names', (entry?.groups ?? []).filter(group => group !== 'ungrouped')],
    ])
    return {
      layers: known.layers,
      get: asked => magic.get(asked) ?? known.get(asked),
      names: () => new Set([...magic.keys(), ...known.names()]),
    }
  }
}
