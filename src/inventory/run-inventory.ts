/** An inventory as one run sees it: narrowed by --limit, with what the engine asks for. */
import { type Problem, ProblemsError } from '../base/error.ts'
import type { Inventory } from './model.ts'
import { matchHosts } from './pattern.ts'
import type { Scope } from './precedence.ts'

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
export function runInventory(inventory: Inventory, options: RunInventoryOptions): RunInventory {
  const { limit, file, directory, warn } = options
  if (limit !== undefined) throwErrors(matchHosts(inventory, limit, limit).problems)
  const told = new Set<string>()
  return {
    file,
    directory,
    hosts: [...inventory.hosts.keys()],
    groups: Object.fromEntries([...inventory.groups.values()].map(({ name, hosts }) => [name, hosts])),
    groupsOf: name => groupsOf(inventory, name),
    variables: name => inventory.variables(name),
    match(pattern) {
      const { hosts, problems } = matchHosts(inventory, pattern, limit)
      throwErrors(problems)
      if (!told.has(pattern)) for (const problem of problems) warn(problem)
      told.add(pattern)
      return hosts
    },
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
