import { Template, type Value } from '../../base/value.ts'
import { matchHosts } from '../../inventory/pattern.ts'
import { jsonValue } from '../../report/lines.ts'
import type { Invocation } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import { openProject, type Project, requireInventory, throwErrors } from '../project/open.ts'
import { limitOf } from '../run-settings.ts'

/** vpai inventory [PATTERN]: hosts and groups; --vars with variables (secrets hidden), --graph as a tree. */
export async function run({ args, options, io }: Invocation): Promise<number> {
  const project = await openProject({ io, options, needsSecrets: false })
  requireInventory(project)
  throwErrors(project.problems)
  const { hosts, problems } = matchHosts(
    project.inventory,
    args[0] ?? 'all',
    limitOf(project, options, undefined),
  )
  throwErrors(problems.map(problem => ({ ...problem, severity: 'error' as const })))
  if (options.output === 'json')
    io.out.write(`${JSON.stringify(asJson(project, hosts, options.vars === true), jsonValue, 2)}\n`)
  else if (options.graph === true) io.out.write(graph(project, new Set(hosts)))
  else io.out.write(table(project, hosts, options.vars === true))
  return EXIT.fine
}

function asJson(project: Project, hosts: readonly string[], withVars: boolean): Value {
  return {
    hosts: Object.fromEntries(
      hosts.map(name => [
        name,
        {
          groups: project.inventory.host(name)?.groups ?? [],
          ...(withVars ? { vars: varsOf(project, name) } : {}),
        },
      ]),
    ),
    groups: Object.fromEntries(
      [...project.inventory.groups.values()].map(group => [group.name, group.hosts]),
    ),
  }
}

function table(project: Project, hosts: readonly string[], withVars: boolean): string {
  const width = Math.max(4, ...hosts.map(name => name.length))
  return hosts
    .flatMap(name => {
      const groups = project.inventory.host(name)?.groups.join(', ') ?? ''
      const vars = withVars
        ? Object.entries(varsOf(project, name)).map(
            ([key, value]) => `    ${key} = ${JSON.stringify(value, jsonValue)}`,
          )
        : []
      return [`${name.padEnd(width)}  ${groups}`.trimEnd(), ...vars]
    })
    .map(line => `${line}\n`)
    .join('')
}

/** As written: templates stay templates, secrets say only that they are secrets. */
function varsOf(project: Project, host: string): Record<string, Value> {
  const scope = project.inventory.variables(host)
  const entries = [...scope.names()].sort().map(name => [name, shown(scope.get(name) ?? null)] as const)
  return Object.fromEntries(entries)
}

function shown(value: Value): Value {
  return value instanceof Template ? value.source : value
}

function graph({ inventory }: Project, wanted: ReadonlySet<string>): string {
  const lines: string[] = []
  const walk = (name: string, depth: number) => {
    const group = inventory.groups.get(name)
    if (!group) return
    lines.push(`${'  '.repeat(depth)}${name}:`)
    const inner = new Set(group.children.flatMap(child => inventory.groups.get(child)?.hosts ?? []))
    for (const child of group.children) walk(child, depth + 1)
    for (const host of group.hosts)
      if (wanted.has(host) && !inner.has(host)) lines.push(`${'  '.repeat(depth + 1)}${host}`)
  }
  walk('all', 0)
  return `${lines.join('\n')}\n`
}
