/**
 * Whether a task can lock us out, by what it is going to do. Pure, and careful: a task that is guarded for nothing
 * costs a login, one that is not may cost the host.
 */
import type { Action } from '../modules/contract.ts'
import { type Area, areaOfPath, areaOfUnit } from './areas.ts'

export interface Deed {
  readonly module: string
  /** As the module takes them. */
  readonly args: unknown
  /** What is known of them; none of what only running it tells. */
  readonly actions: readonly Action[]
  /** What the changes are said to be about; paths among them count. */
  readonly subjects: readonly string[]
  /** Who logs in. */
  readonly login: string
}

export interface Risk {
  readonly areas: readonly Area[]
  /** Pre-flights that must hold before it is done. */
  readonly must: readonly string[]
}

export function riskOf(deed: Deed): Risk | null {
  const args = isRecord(deed.args) ? deed.args : {}
  const areas = new Set<Area>()
  const own = areaOfModule(deed, args)
  if (own !== null) areas.add(own)
  for (const path of pathsOf(deed, args)) {
    const area = areaOfPath(path, deed.login)
    if (area !== null) areas.add(area)
  }
  if (areas.size === 0) return null
  const restarts = SERVICES.has(deed.module) && own === 'ssh' && typeof args.state === 'string'
  return { areas: [...areas], must: restarts && args.state !== 'stopped' ? ['sshd'] : [] }
}

const FIREWALLS = new Set(['ufw', 'firewalld', 'iptables'])
const SERVICES = new Set(['service', 'systemd'])

function areaOfModule({ module, login }: Deed, args: Readonly<Record<string, unknown>>): Area | null {
  if (FIREWALLS.has(module)) return 'firewall'
  if (module === 'authorized_key') return args.user === login ? 'login' : null
  if (module === 'user') return args.name === login ? 'login' : null
  if (!SERVICES.has(module) || typeof args.name !== 'string') return null
  // What only starts or enables a service that lets us in takes nothing away; a firewall that starts does.
  const area = areaOfUnit(args.name)
  const isHarmless =
    args.masked !== true && args.enabled !== false && STARTS.has(String(args.state ?? 'started'))
  return area === 'ssh' && isHarmless ? null : area
}

const STARTS = new Set(['started'])

/** Modules whose `name`, `src` or the like is no path of the host that they write to. */
const PATH_ARGUMENTS = ['path', 'dest']

function pathsOf({ actions, subjects }: Deed, args: Readonly<Record<string, unknown>>): string[] {
  const named = PATH_ARGUMENTS.map(name => args[name]).filter(one => typeof one === 'string')
  const done = actions.flatMap(action => ('path' in action && !ELSEWHERE.has(action.do) ? [action.path] : []))
  return [...named, ...done, ...subjects.filter(one => one.startsWith('/'))].map(tidied)
}

/** They change nothing on the host. */
const ELSEWHERE: ReadonlySet<Action['do']> = new Set(['read', 'writeLocal'])

/** Without doubled and ending slashes, and `.` and `..`. */
function tidied(path: string): string {
  const parts: string[] = []
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue
    if (part === '..') parts.pop()
    else parts.push(part)
  }
  return path.startsWith('/') ? `/${parts.join('/')}` : parts.join('/')
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
