/** An inventory while its sources are read: groups, hosts and their variables in the order they are told. */
import type { Position, Problem } from '../base/error.ts'
import { type Dict, isMapping, type Value } from '../base/value.ts'
import type { Vault } from '../base/vault.ts'
import { expandHosts, type HostPattern } from './host-range.ts'
import type { Evaluate } from './plugin-inventory.ts'
import type { Scope, Variables } from './precedence.ts'
import { variableNameProblems } from './variable-names.ts'

export interface VarBlock {
  readonly vars: Variables
  readonly origin: Position
  readonly positionOf: (name: string) => Position
}

export interface DraftGroup {
  readonly name: string
  readonly position: Position
  readonly hosts: Set<string>
  /** Each child with the place that names it. */
  readonly children: Map<string, Position>
  readonly vars: VarBlock[]
  /** Does a source say more of it than its name as a child? */
  isDescribed: boolean
  priority: number
}

export interface DraftHost {
  readonly name: string
  readonly position: Position
  readonly vars: VarBlock[]
}

const START: Position = { file: 'inventory', line: 1, column: 1 }

export class InventoryDraft {
  readonly problems: Problem[] = []
  readonly groups = new Map<string, DraftGroup>()
  readonly hosts = new Map<string, DraftHost>()

  readonly vault: Vault | undefined
  /** What plugins compute with; undefined: none may. */
  plugins: DraftPlugins | undefined

  constructor(vault?: Vault) {
    this.vault = vault
    this.group('all', START)
    this.group('ungrouped', START)
    this.child('all', 'ungrouped', START)
  }

  group(name: string, position: Position): DraftGroup {
    let group = this.groups.get(name)
    if (group === undefined) {
      group = {
        name,
        position,
        hosts: new Set(),
        children: new Map(),
        vars: [],
        isDescribed: false,
        priority: 1,
      }
      this.groups.set(name, group)
    }
    return group
  }

  /** Groups and members of its own; variables are shared. */
  copy(): InventoryDraft {
    const copy = new InventoryDraft(this.vault)
    for (const [name, group] of this.groups)
      copy.groups.set(name, { ...group, hosts: new Set(group.hosts), children: new Map(group.children) })
    for (const [name, host] of this.hosts) copy.hosts.set(name, host)
    return copy
  }

  child(parent: string, name: string, position: Position): void {
    this.group(name, position)
    const { children } = this.group(parent, position)
    if (!children.has(name)) children.set(name, position)
  }

  /** Adds variables of a group; ansible_group_priority is about the group itself. */
  groupVars(group: DraftGroup, block: VarBlock): void {
    group.isDescribed = true
    group.vars.push(block)
    this.problems.push(...variableNameProblems(block))
    const priority = block.vars instanceof Map ? undefined : (block.vars as Dict).ansible_group_priority
    if (priority === undefined) return
    if (/^-?\d+$/.test(String(priority))) group.priority = Number(priority)
    else {
      this.fail(
        'INVENTORY_GROUP_PRIORITY',
        `ansible_group_priority of "${group.name}" must be a whole number`,
        {
          position: block.positionOf('ansible_group_priority'),
        },
      )
    }
  }

  /** Adds every host of a name with ranges, and gives them the variables. */
  hostsNamed(pattern: string, group: string, place: HostPlace): void {
    const expanded = expandHosts(pattern)
    if ('error' in expanded) {
      this.fail('INVENTORY_HOST_NAME', `${expanded.error}: ${pattern}`, {
        position: place.position,
        hint: expanded.hint,
      })
      return
    }
    if (place.block !== undefined) this.problems.push(...variableNameProblems(place.block))
    const port = portBlock(expanded, place.position)
    for (const name of expanded.names) {
      let host = this.hosts.get(name)
      if (host === undefined) {
        host = { name, position: place.position, vars: [] }
        this.hosts.set(name, host)
      }
      if (port !== undefined) host.vars.push(port)
      if (place.block !== undefined) host.vars.push(place.block)
      this.group(group, place.position).hosts.add(name)
    }
  }

  fail(code: string, message: string, details: Pick<Problem, 'hint' | 'position' | 'severity'>): void {
    this.problems.push({ code, message, ...details })
  }
}

export interface DraftPlugins {
  readonly evaluate: Evaluate
  readonly extraVars: Dict
  /** Made anew for each plugin: groups may have come. */
  readonly scopes: () => (host: string, withFiles: boolean) => Scope
}

export interface HostPlace {
  readonly position: Position
  readonly block?: VarBlock
}

/** Undefined (and a problem) when the value is no mapping; null counts as an empty one. */
export function varBlock(value: Value, where: Omit<VarBlock, 'vars'>): VarBlock | undefined {
  if (value === null) return { vars: {}, ...where }
  return isMapping(value) ? { vars: value, ...where } : undefined
}

function portBlock({ port }: HostPattern, position: Position): VarBlock | undefined {
  if (port === undefined) return undefined
  return { vars: { ansible_port: port }, origin: position, positionOf: () => position }
}
