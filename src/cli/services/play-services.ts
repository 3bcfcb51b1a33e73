/** The services of a loaded play, and the variables that their manifests see on a host before a run. */
import { type Dict, Template, type Value } from '../../base/value.ts'
import type { Block, Node, Play, RoleUse } from '../../config/model.ts'
import { matchHosts } from '../../inventory/pattern.ts'
import type { Service } from '../../manifest/service.ts'
import { type Scope, Templar } from '../../template/index.ts'
import type { Project } from '../project/open.ts'

export function usesOf(play: Play): RoleUse[] {
  return within([...play.preTasks, ...play.roles, ...play.tasks, ...play.postTasks])
}

/** In the order of the roles; a role that is used twice once. */
export function servicesOf(uses: readonly RoleUse[]): Service[] {
  return [...new Map(uses.map(({ role }) => [role.path, role.manifest.services])).values()].flat()
}

/** Hosts of the play that belong to the environment. */
export function hostsOf(project: Project, play: Play, env: string): readonly string[] {
  const templar = new Templar({
    scope: dict({ ...project.extraVars, target_env: env }),
    secrets: project.registry,
  })
  const pattern = [templar.value(play.hosts)].flat().map(String).join(',')
  return matchHosts(project.inventory, pattern, env).hosts
}

export function hostTemplar(project: Project, { play, uses, host, env }: Seen): Templar {
  const scopes: Scope[] = [
    dict({ inventory_hostname: host, ...project.extraVars, target_env: env }),
    ...uses.toReversed().map(({ params }) => dict(params)),
    ...uses.toReversed().map(({ role }) => dict(role.vars)),
    dict(play.vars ?? {}),
    project.inventory.variables(host),
    ...uses.toReversed().map(({ role }) => dict(role.defaults)),
  ]
  return new Templar({ scope: stacked(scopes), secrets: project.registry })
}

interface Seen {
  readonly play: Play
  readonly uses: readonly RoleUse[]
  readonly host: string
  readonly env: string
}

function within(nodes: readonly Node[]): RoleUse[] {
  const blocks = nodes.filter((node): node is Block => node.kind === 'block')
  return blocks.flatMap(({ use, block, rescue, always }) => [
    ...within([...block, ...rescue, ...always]),
    ...(use === undefined ? [] : [use]),
  ])
}

function dict(values: Dict): Scope {
  return {
    get: name => (Object.hasOwn(values, name) ? values[name] : undefined),
    names: () => Object.keys(values),
  }
}

function stacked(scopes: readonly Scope[]): Scope {
  return {
    get(name): Value | undefined {
      for (const scope of scopes) {
        const value = scope.get(name)
        if (value !== undefined) return value
      }
      return undefined
    },
    names: () => new Set(scopes.flatMap(scope => [...scope.names()])),
  }
}

export function shownPattern({ hosts }: Play): string {
  return hosts instanceof Template ? hosts.source : [hosts].flat().map(String).join(',')
}
