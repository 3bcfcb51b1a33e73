/** The variables that no file sets: what a host may know of itself and of the inventory. Those of a run are the engine's. */
import { type Dict, mapping, type Value } from '../base/value.ts'
import type { HostEntry, Inventory } from './model.ts'

/** The core version whose documented behaviour is kept; role asserts on ansible_version hold against it. */
export const COMPATIBLE_WITH: Dict = { full: '2.19.0', major: 2, minor: 19, revision: 0, string: '2.19.0' }

/** Names a project must not set, since their values are given here. */
export const MAGIC_NAMES: ReadonlySet<string> = new Set([
  ...['ansible_check_mode', 'ansible_diff_mode', 'ansible_facts', 'ansible_play_batch', 'ansible_play_hosts'],
  ...['ansible_play_hosts_all', 'ansible_version', 'group_names', 'groups', 'hostvars', 'inventory_dir'],
  ...[
    'inventory_file',
    'inventory_hostname',
    'inventory_hostname_short',
    'omit',
    'play_hosts',
    'playbook_dir',
  ],
  ...['role_path', 'vpai_version', 'vpai_services', 'vpai_service_networks'],
])

export function hostMagic(inventory: Inventory, host: HostEntry, projectRoot: string): Dict {
  const { name, groups, position, isImplicit } = host
  const isFromFile = !isImplicit && position.file !== 'command line'
  const file = isFromFile ? absolute(position.file, projectRoot) : null
  return {
    inventory_hostname: name,
    inventory_hostname_short: shortName(name),
    group_names: groups,
    groups: groupsDict(inventory),
    inventory_file: file,
    inventory_dir: file === null ? null : file.slice(0, file.lastIndexOf('/')) || '/',
  }
}

/** Without the domain; addresses have none. */
export function shortName(name: string): string {
  return /^[\d.]+$|:/.test(name) ? name : (name.split('.')[0] ?? name)
}

/** Every group, all and ungrouped among them, with its hosts. */
function groupsDict(inventory: Inventory): Value {
  return mapping([...inventory.groups.values()].map(({ name, hosts }) => [name, hosts] as const))
}

function absolute(file: string, root: string): string {
  return file.startsWith('/') ? file : `${root.replace(/\/$/, '')}/${file}`
}
