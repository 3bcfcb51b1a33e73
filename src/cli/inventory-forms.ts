/** An inventory in the forms of `ansible-inventory`: --list, --host, --yaml and --graph. */
import { type Dict, isMapping, Template, type Value } from '../base/value.ts'
import type { GroupEntry, Inventory } from '../inventory/model.ts'

/** What an inventory program prints, so that other tools can read it. Hosts outside of `wanted` are left out. */
export function programList(inventory: Inventory, wanted: ReadonlySet<string>): Dict {
  const hosts = [...inventory.hosts.keys()].filter(name => wanted.has(name))
  const hostvars = hosts.map(name => [name, hostVariables(inventory, name)] as const)
  const groups = [...inventory.groups.values()].map(group => {
    const members = group.ownHosts.filter(name => wanted.has(name))
    return [
      group.name,
      {
        ...filled({ children: group.children }),
        ...(group.name === 'all' ? {} : filled({ hosts: members })),
      },
    ] as const
  })
  return {
    _meta: { hostvars: Object.fromEntries(hostvars.filter(([, vars]) => Object.keys(vars).length > 0)) },
    ...Object.fromEntries(groups.filter(([name, group]) => name === 'all' || Object.keys(group).length > 0)),
  }
}

/** The same as an inventory file: groups within groups, variables at the first place of each host. */
export function nestedGroups(inventory: Inventory, wanted: ReadonlySet<string>): Dict {
  const told = new Set<string>()
  const nest = (group: GroupEntry): Dict => {
    const children = group.children.flatMap(name => {
      const child = inventory.groups.get(name)
      return child === undefined ? [] : [[name, nest(child)] as const]
    })
    const hosts = group.ownHosts
      .filter(name => wanted.has(name) && group.name !== 'all')
      .map(name => {
        const vars = told.has(name) ? {} : hostVariables(inventory, name)
        told.add(name)
        return [name, vars] as const
      })
    return filled({ children: Object.fromEntries(children), hosts: Object.fromEntries(hosts) })
  }
  const all = inventory.groups.get('all')
  return { all: all === undefined ? {} : nest(all) }
}

export interface GraphOptions {
  /** Where the tree begins. */
  readonly from: string
  readonly wanted: ReadonlySet<string>
  readonly withVars: boolean
  readonly shown: (value: Value) => string
}

export function graph(inventory: Inventory, { from, wanted, withVars, shown }: GraphOptions): string {
  const line = (text: string, depth: number) => (depth === 0 ? text : `${'  |'.repeat(depth)}--${text}`)
  const host = (name: string, depth: number) => [
    line(name, depth),
    ...(withVars
      ? Object.entries(hostVariables(inventory, name)).map(([key, value]) =>
          line(`{${key} = ${shown(value)}}`, depth + 1),
        )
      : []),
  ]
  const walk = (group: GroupEntry, depth: number): string[] => [
    line(`@${group.name}:`, depth),
    ...group.children.flatMap(name => {
      const child = inventory.groups.get(name)
      return child === undefined ? [] : walk(child, depth + 1)
    }),
    ...(group.name === 'all' ? [] : group.ownHosts.filter(name => wanted.has(name))).flatMap(name =>
      host(name, depth + 1),
    ),
  ]
  const start = inventory.groups.get(from)
  return start === undefined ? '' : `${walk(start, 0).join('\n')}\n`
}

/** By name; as written: templates stay templates, secrets say only that they are secrets. */
export function hostVariables(inventory: Inventory, host: string): Dict {
  const scope = inventory.variables(host)
  const entries = [...scope.names()].sort().map(name => [name, written(scope.get(name) ?? null)] as const)
  return Object.fromEntries(entries)
}

function written(value: Value): Value {
  return value instanceof Template ? value.source : value
}

/** Without lists and mappings that hold nothing. */
function filled(entries: Dict): Dict {
  const kept = Object.entries(entries).filter(([, value]) =>
    Array.isArray(value) ? value.length > 0 : !isMapping(value) || Object.keys(value).length > 0,
  )
  return Object.fromEntries(kept)
}
