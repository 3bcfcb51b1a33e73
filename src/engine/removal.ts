/**
 * How a resource that nobody declares any more is taken away: tasks of modules, in the order in which things hang on
 * each other. What may hold data, or what others may need, is left where it is, and told.
 */
import { type Resource, resourceId } from '../base/resource.ts'
import type { Dict } from '../base/value.ts'

export interface Removal {
  readonly resource: Resource
  readonly module: string
  readonly args: Dict
}

export interface Removals {
  /** In their order. */
  readonly steps: readonly Removal[]
  /** Why it is not taken away, by id of the resource. */
  readonly left: ReadonlyMap<string, string>
  /** A file of a unit goes: systemd has to be told. */
  readonly reloads: boolean
}

export function removalsOf(resources: readonly Resource[]): Removals {
  const left = new Map<string, string>()
  const steps: Removal[] = []
  const files = new Set(resources.flatMap(one => (one.kind === 'file' ? [one.path] : [])))
  for (const resource of resources) {
    const step = stepFor(resource, files)
    if (typeof step === 'string') left.set(resourceId(resource), step)
    else steps.push({ resource, ...step })
  }
  const reloads = [...files].some(path => path.startsWith(UNITS))
  return {
    steps: steps.sort((a, b) => placeOf(a.resource) - placeOf(b.resource) || deeper(a, b)),
    left,
    reloads,
  }
}

const UNITS = '/etc/systemd/system/'

/** A text says why it stays. */
function stepFor(resource: Resource, files: ReadonlySet<string>): Omit<Removal, 'resource'> | string {
  switch (resource.kind) {
    case 'file':
      if (/(^|\/)\.\.(\/|$)/.test(resource.path)) return 'its path leads through ..'
      return { module: 'owned_path', args: { path: resource.path, type: resource.type } }
    case 'unit':
      if (resource.scope !== 'system' || !files.has(`${UNITS}${resource.name}`))
        return 'its file is not from here, so others may need it'
      return { module: 'owned_unit', args: { name: resource.name } }
    case 'compose': {
      const { project, directory, files: named } = resource
      return { module: 'owned_compose', args: { project, directory, files: [...named] } }
    }
    case 'container':
    case 'network':
      return { module: `docker_${resource.kind}`, args: { name: resource.name, state: 'absent' } }
    case 'cron': {
      const { name, user, file, variable } = resource
      const where: Dict = file === null ? { user } : { cron_file: file }
      return { module: 'cron', args: { name, state: 'absent', env: variable, ...where } }
    }
    case 'rule': {
      const off: Dict = resource.firewall === 'ufw' ? { delete: true } : { state: OFF[resource.firewall] }
      return { module: resource.firewall, args: { ...resource.rule, ...off } }
    }
    case 'sysctl':
      return { module: 'sysctl', args: { name: resource.name, sysctl_file: resource.file, state: 'absent' } }
    case 'volume':
    case 'tree':
    case 'user':
      return 'it may hold data'
    case 'mount':
      return 'what is mounted there may be in use'
    case 'package':
    case 'group':
      return 'others may need it'
  }
}

const OFF = { firewalld: 'disabled', iptables: 'absent' } as const

/** What runs goes before what it is run by, and files before the folders they are in. */
function placeOf(resource: Resource): number {
  if (resource.kind === 'file') return resource.type === 'directory' ? 20 : 10
  return ORDER.indexOf(resource.kind)
}

const ORDER: readonly Resource['kind'][] = [
  'compose',
  'container',
  'network',
  'unit',
  'cron',
  'rule',
  'sysctl',
]

function deeper(a: Removal, b: Removal): number {
  const depth = ({ resource }: Removal) => ('path' in resource ? resource.path.split('/').length : 0)
  return depth(b) - depth(a)
}
