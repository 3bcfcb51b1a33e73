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
  /** A host for the rest of the run (add_host), or more groups and variables for one there is (group_by). */
  addHost(name: string, groups: readonly string[], vars: Dict): void
}

export interface RunInventoryOptions {
  readonly limit?: string
  /** Of the first inventory, absolute; null when hosts came from the command line alone. */
  readonly file: string | null
  readonly directory: string | null
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
    addHost(name, groups, vars) {
      inventory = withHost(inventory, { name, groups, vars })
    },
  }
}

const MADE = { file: 'this run', line: 1, column: 1 }

function withHost(
  inventory: Inventory,
  added: { name: string; groups: readonly string[]; vars: Dict },
): Inventory {
  const { name, vars } = added
  const former = inventory.hosts.get(name)
  const all = [...new Set([...(former?.groups ?? []), ...added.groups])]
    .filter(group => group !== 'all')
    .sort()
  const host: HostEntry = { name, groups: all, position: former?.position ?? MADE, isImplicit: false }
  const hosts = new Map(inventory.hosts).set(name, host)
  const groups = new Map(inventory.groups)
  for (const group of ['all', ...all]) groups.set(group, withMember(groups.get(group), group, name))
  const layers = [...inventory.hostLayers(name), layer('inventory vars of the host', vars, { origin: MADE })]
  const scope = merge(layers)
  return {
    hosts,
    groups,
    host: asked => hosts.get(asked) ?? inventory.host(asked),
    hostLayers: asked => (asked === name ? layers : inventory.hostLayers(asked)),
    variables: asked => (asked === name ? scope : inventory.variables(asked)),
  }
}

function withMember(group: GroupEntry | undefined, name: string, host: string): GroupEntry {
  const made = {
    name,
    ownHosts: [],
    hosts: [],
    children: [],
    parents: ['all'],
    depth: 1,
    priority: 1,
    position: MADE,
  }
  const known = group ?? made
  return {
    ...known,
    ownHosts: [...new Set([...known.ownHosts, host])],
    hosts: [...new Set([...known.hosts, host])],
  }
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
