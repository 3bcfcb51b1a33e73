/** The layers of variables that a host has before any play begins, weakest first. */
import type { InventoryDraft, VarBlock } from './draft.ts'
import type { ExtraLayer, GroupEntry, HostEntry, VarsFile } from './model.ts'
import { type Layer, layer, type VariableLevel } from './precedence.ts'
import type { VarsBlocks } from './vars-files.ts'

export interface LayerSources {
  readonly draft: InventoryDraft
  readonly groups: ReadonlyMap<string, GroupEntry>
  readonly files: VarsBlocks
  readonly extraLayers: readonly ExtraLayer[]
}

export function hostLayers(
  host: HostEntry,
  { draft, groups, files, extraLayers }: LayerSources,
): readonly Layer[] {
  const others = groupsWeakestFirst(host, groups)
  const told = (names: readonly string[]) => names.flatMap(name => draft.groups.get(name)?.vars ?? [])
  const filesOf = (near: VarsFile['near'], names: readonly string[]) =>
    names.flatMap(name => files.find('group', near, name))
  const layers = [
    ...(host.isImplicit ? [implicitConnection(host)] : []),
    ...layersOf('inventory vars of all', told(['all'])),
    ...layersOf('inventory vars of a group', told(others)),
    ...layersOf('inventory group_vars/all', filesOf('inventory', ['all'])),
    ...layersOf('playbook group_vars/all', filesOf('playbook', ['all'])),
    ...layersOf('inventory group_vars', filesOf('inventory', others)),
    ...layersOf('playbook group_vars', filesOf('playbook', others)),
    ...layersOf('inventory vars of the host', draft.hosts.get(host.name)?.vars ?? []),
    ...layersOf('inventory host_vars', files.find('host', 'inventory', host.name)),
    ...layersOf('playbook host_vars', files.find('host', 'playbook', host.name)),
    ...extraLayers.map(({ level = 'inventory group_vars/all', vars, ...where }) => layer(level, vars, where)),
  ]
  return layers.sort((left, right) => left.level - right.level)
}

function layersOf(name: VariableLevel, blocks: readonly VarBlock[]): Layer[] {
  return blocks.map(({ vars, origin, positionOf }) => layer(name, vars, { origin, positionOf }))
}

/** Depth first, then ansible_group_priority, then the name: the last one wins. */
function groupsWeakestFirst(host: HostEntry, groups: ReadonlyMap<string, GroupEntry>): string[] {
  return host.groups
    .map(name => groups.get(name) as GroupEntry)
    .sort(
      (left, right) =>
        left.depth - right.depth || left.priority - right.priority || (left.name < right.name ? -1 : 1),
    )
    .map(({ name }) => name)
}

/** Any variable of the user is stronger. */
function implicitConnection({ position }: HostEntry): Layer {
  return layer('inventory vars of all', { ansible_connection: 'local' }, { origin: position })
}
