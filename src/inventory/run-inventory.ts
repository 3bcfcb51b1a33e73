/** An inventory as one run sees it: narrowed by --limit, with what the engine asks for. */
import { type Problem, ProblemsError } from '../base/error.ts'
import type { Dict } from '../base/value.ts'
import type { GroupEntry, HostEntry, Inventory } from './model.ts'
import { matchHosts } from './pattern.ts'
import { layer, merge, type Scope } from './precedence.ts'

export interface RunInventory {
  readonly hosts: readonly string[]
  readonly groups: Readonly<Record<string, readonly string[]>>
  /** Every group of a host, all too; none for a name that is no host. */
  groupsOf(host: string): readonly string[]
  variables(host: string): Scope
  /** Hosts of a pattern within --limit. Throws ProblemsError for a pattern that cannot be read. */
  match(pattern: string): readonly string[]
  readonly file: string | null
  readonly directory: string | null
  /** A host for the rest of the run (add_host), or more groups and variables for one there is (group_by). False: nothing is new. */
  addHost(added: AddedHost): boolean
  /** Reads everything again (meta: refresh_inventory); what was added in this run is gone. */
  refresh(): void
  /** What `--limit` says; null without it. */
  readonly limit: string | null
  /** Files, folders and lists of hosts the inventory was read from. */
  readonly sources: readonly string[]
}

export interface AddedHost {
  readonly name: string
  readonly groups: readonly string[]
  readonly vars?: Dict
  /** Groups that a group which is new belongs to; default: all. */
  readonly parents?: readonly string[]
}

export interface RunInventoryOptions {
  readonly limit?: string
  /** Of the first inventory, absolute; null when hosts came from the command line alone. */
  readonly file: string | null
  readonly directory: string | null
  readonly sources?: readonly string[]
  /** The inventory as its files are now. */
  readonly reread?: () => Inventory
  /** Told once for each pattern that names nobody. */
  readonly warn: (problem: Problem) => void
}

/** Throws ProblemsError when the limit names nobody. */
export function runInventory(read: Inventory, options: RunInventoryOptions): RunInventory {
  const { limit, file, directory, warn } = options
  if (limit !== undefined) throwErrors(matchHosts(read, limit, limit).problems)
  const told = new Set<string>()
  let inventory = read
  return {
    file,
    directory,
    get hosts() {
      return [...inventory.hosts.keys()]
    },
    get groups() {
      return Object.fromEntries([...inventory.groups.values()].map(({ name, hosts }) => [name, hosts]))
    },
    groupsOf: name => groupsOf(inventory, name),
    variables: name => inventory.variables(name),
    match(pattern) {
      const { hosts, problems } = matchHosts(inventory, pattern, limit)
      throwErrors(problems)
      if (!told.has(pattern)) for (const problem of problems) warn(problem)
      told.add(pattern)
      return hosts
    },
    addHost({ name, groups, vars = {}, parents = [] }) {
      const before = inventory
      inventory = withHost(inventory, { name, groups, vars, parents })
      return inventory !== before
    },
    refresh() {
      inventory = options.reread?.() ?? read
    },
    limit: limit ?? null,
    sources: options.sources ?? [],
  }
}

const MADE = { file: 'this run', line: 1, column: 1 }

interface Added {
  readonly name: string
  readonly groups: readonly string[]
  readonly vars: Dict
  /** Groups that a new group belongs to. */
  readonly parents: readonly string[]
}

/** The same inventory when nothing is new. */
function withHost(inventory: Inventory, added: Added): Inventory {
  const { name, vars } = added
  const former = inventory.hosts.get(name)
  const groups = new Map(inventory.groups)
  for (const group of added.groups) addMember(groups, group, { host: name, parents: added.parents })
  addMember(groups, 'all', { host: name, parents: [] })
  const own = added.groups.flatMap(one => [one, ...above(groups, one)])
  const all = [...new Set([...(former?.groups ?? []), ...own])]
    .filter(group => group !== 'all' && (group !== 'ungrouped' || own.length === 0))
    .sort()
  const ungrouped = groups.get('ungrouped')
  if (ungrouped && own.length > 0)
    groups.set('ungrouped', {
      ...ungrouped,
      ownHosts: ungrouped.ownHosts.filter(one => one !== name),
      hosts: ungrouped.hosts.filter(one => one !== name),
    })
  const isKnown = former !== undefined && all.join() === [...former.groups].sort().join()
  if (isKnown && isSaid(inventory, name, vars)) return inventory
  const host: HostEntry = { name, groups: all, position: former?.position ?? MADE, isImplicit: false }
  const hosts = new Map(inventory.hosts).set(name, host)
  // The weights of groups are those of the inventory; a new one is as deep as its parents put it.
  const made = former === undefined ? [] : inventory.hostLayers(name).filter(({ origin }) => origin === MADE)
  const said = layer('inventory vars of the host', vars, { origin: MADE })
  const layers = [...inventory.layersOf(host, groups), ...made, said]
  const scope = merge(layers)
  return {
    hosts,
    groups,
    host: asked => hosts.get(asked) ?? inventory.host(asked),
    hostLayers: asked => (asked === name ? layers : inventory.hostLayers(asked)),
    layersOf: inventory.layersOf,
    variables: asked => (asked === name ? scope : inventory.variables(asked)),
  }
}

function isSaid(inventory: Inventory, name: string, vars: Dict): boolean {
  const scope = inventory.variables(name)
  return Object.entries(vars).every(
    ([key, value]) => JSON.stringify(scope.get(key)) === JSON.stringify(value),
  )
}

interface Member {
  readonly host: string
  readonly parents: readonly string[]
  readonly isOwn?: boolean
}

function addMember(
  groups: Map<string, GroupEntry>,
  name: string,
  { host, parents, isOwn = true }: Member,
): void {
  const known = groups.get(name)
  const of = known?.parents ?? (parents.length === 0 ? ['all'] : parents)
  for (const parent of of)
    if (parent !== 'all') addMember(groups, parent, { host, parents: [], isOwn: false })
  const depth = 1 + Math.max(0, ...of.map(parent => groups.get(parent)?.depth ?? 0))
  const made = {
    name,
    ownHosts: [],
    hosts: [],
    children: [],
    parents: of,
    depth,
    priority: 1,
    position: MADE,
  }
  const group: GroupEntry = known ?? made
  const ownHosts = isOwn ? [...new Set([...group.ownHosts, host])] : group.ownHosts
  groups.set(name, { ...group, ownHosts, hosts: [...new Set([...group.hosts, host])] })
}

function above(groups: ReadonlyMap<string, GroupEntry>, name: string): string[] {
  return (groups.get(name)?.parents ?? []).flatMap(parent => [parent, ...above(groups, parent)])
}

function groupsOf(inventory: Inventory, name: string): readonly string[] {
  const host = inventory.host(name)
  if (host === undefined || host.isImplicit) return []
  return ['all', ...host.groups]
}

function throwErrors(problems: readonly Problem[]): void {
  const errors = problems.filter(({ severity }) => severity !== 'warning')
  if (errors.length > 0) throw new ProblemsError(errors)
}
