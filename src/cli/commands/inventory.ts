import { stringify } from 'yaml'
import { VpaiError } from '../../base/error.ts'
import type { Value } from '../../base/value.ts'
import { matchHosts } from '../../inventory/pattern.ts'
import { jsonValue } from '../../report/lines.ts'
import type { Invocation } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import { graph, hostVariables, nestedGroups, programList } from '../inventory-forms.ts'
import { openProject, type Project, requireInventory, throwErrors } from '../project/open.ts'
import { limitOf } from '../run-settings.ts'
import { tellWarnings } from '../warnings.ts'

type Options = Invocation['options']

/** vpai inventory [PATTERN]: hosts and groups in the form asked for; secrets are hidden in all of them. */
export async function run({ args, options, io }: Invocation): Promise<number> {
  const runsThings = options.runPrograms === true
  const project = await openProject({ io, options, needsSecrets: false, runsThings })
  requireInventory(project)
  throwErrors(project.problems)
  tellWarnings(
    io,
    project.problems.filter(({ code }) => code === 'INVENTORY_EXECUTABLE'),
  )
  // A graph begins at a group, and shows all of it.
  const pattern = options.graph === true ? 'all' : (args[0] ?? 'all')
  const { hosts, problems } = matchHosts(project.inventory, pattern, limitOf(project, options, undefined))
  throwErrors(problems.map(problem => ({ ...problem, severity: 'error' as const })))
  io.out.write(project.registry.mask(form(project, { hosts, options, from: args[0] })))
  return EXIT.fine
}

interface Asked {
  readonly hosts: readonly string[]
  readonly options: Options
  readonly from: string | undefined
}

function form(project: Project, { hosts, options, from }: Asked): string {
  const { inventory } = project
  const wanted = new Set(hosts)
  const withVars = options.vars === true
  if (typeof options.host === 'string') return json(hostVariables(inventory, oneHost(project, options.host)))
  if (options.list === true)
    return options.yaml === true
      ? stringify(plain(nestedGroups(inventory, wanted)), { lineWidth: 0 })
      : json(programList(inventory, wanted))
  if (options.output === 'json') return json(hostsAndGroups(project, hosts, withVars))
  if (options.graph === true)
    return graph(inventory, {
      from: groupOf(project, from),
      wanted,
      withVars,
      shown: value => oneLine(value),
    })
  return table(project, hosts, withVars)
}

function oneHost({ inventory }: Project, name: string): string {
  if (inventory.host(name) !== undefined) return name
  throw new VpaiError('INVENTORY_UNKNOWN_HOST', `there is no host ${name} in the inventory`, {
    hint: '`vpai inventory` lists them',
  })
}

function groupOf({ inventory }: Project, name = 'all'): string {
  if (inventory.groups.has(name)) return name
  throw new VpaiError('INVENTORY_UNKNOWN_GROUP', `there is no group ${name} in the inventory`, {
    hint: `a graph begins at a group: ${[...inventory.groups.keys()].join(', ')}`,
  })
}

function hostsAndGroups(project: Project, hosts: readonly string[], withVars: boolean): Value {
  const { inventory } = project
  return {
    hosts: Object.fromEntries(
      hosts.map(name => [
        name,
        {
          groups: inventory.host(name)?.groups ?? [],
          ...(withVars ? { vars: hostVariables(inventory, name) } : {}),
        },
      ]),
    ),
    groups: Object.fromEntries([...inventory.groups.values()].map(group => [group.name, group.hosts])),
  }
}

function table({ inventory }: Project, hosts: readonly string[], withVars: boolean): string {
  const width = Math.max(4, ...hosts.map(name => name.length))
  return hosts
    .flatMap(name => {
      const groups = inventory.host(name)?.groups.join(', ') ?? ''
      const vars = withVars
        ? Object.entries(hostVariables(inventory, name)).map(
            ([key, value]) => `    ${key} = ${oneLine(value)}`,
          )
        : []
      return [`${name.padEnd(width)}  ${groups}`.trimEnd(), ...vars]
    })
    .map(line => `${line}\n`)
    .join('')
}

function json(value: Value): string {
  return `${JSON.stringify(value, jsonValue, 2)}\n`
}

function oneLine(value: Value): string {
  return JSON.stringify(value, jsonValue)
}

/** Without the classes of values, which a writer of YAML does not know. */
function plain(value: Value): unknown {
  return JSON.parse(JSON.stringify(value, jsonValue)) as unknown
}
