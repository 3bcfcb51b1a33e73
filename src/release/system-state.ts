/** How the system of a host is, as `state-script.ts` tells it: read from a release, or from a host that was just asked. */

import { z } from 'zod'

/** What may be out of sight. */
export type Area = 'units' | 'packages' | 'containers' | 'ports'

export interface UnitState {
  readonly name: string
  /** loaded, not-found, masked … */
  readonly load: string
  /** active, inactive, failed, activating … */
  readonly active: string
  readonly sub: string
  /** enabled, disabled, static … */
  readonly file: string
  /** Since when it is active: seconds since the epoch; null: it is not, or never was. */
  readonly since: number | null
  /** Since when it is not: the same. */
  readonly until: number | null
}

export interface PackageState {
  readonly name: string
  readonly version: string
}

export interface PublishedPort {
  /** Empty: every address. */
  readonly address: string
  /** Empty: one that is free. */
  readonly port: string
  /** As in 80/tcp. */
  readonly inside: string
}

export interface ContainerState {
  readonly id: string
  readonly name: string
  /** Of compose; empty: it is of none. */
  readonly project: string
  readonly service: string
  readonly isOneOff: boolean
  /** Digest of the configuration compose made it from. */
  readonly config: string
  /** running, exited, restarting … */
  readonly status: string
  /** healthy, unhealthy, starting; empty: it has no check. */
  readonly health: string
  readonly exitCode: number
  readonly restarts: number
  /** no, always, on-failure, unless-stopped */
  readonly restartPolicy: string
  readonly startedAt: string
  readonly reference: string
  readonly image: string
  /** As they are configured. */
  readonly ports: readonly PublishedPort[]
}

export interface PortState {
  readonly protocol: 'tcp' | 'udp'
  /** Without brackets; `*`: every address. */
  readonly address: string
  readonly port: number
  /** Name of a process that listens; null: the kernel, or it may not be known. */
  readonly program: string | null
  /** Its unit, or `container ID`; null: neither. */
  readonly holder: string | null
}

export interface SystemState {
  /** Seconds since the epoch, by the host's clock. */
  readonly at: number
  /** Seconds since the host was started. */
  readonly uptime: number
  readonly units: readonly UnitState[]
  readonly packages: readonly PackageState[]
  /** All of the engine. */
  readonly containers: readonly ContainerState[]
  readonly ports: readonly PortState[]
  /** Ports that programs are given who ask for none in particular. */
  readonly ephemeral: { readonly low: number; readonly high: number }
  /** Why an area could not be looked at. */
  readonly blind: Readonly<Partial<Record<Area, string>>>
}

/** null: it says nothing of it. Throws nothing: lines that are not understood are not there. */
export function parseState(text: string): SystemState | null {
  const rows = text.split('\n').map(line => line.split('\t'))
  const of = (word: string) => rows.filter(([first]) => first === word).map(([, ...fields]) => fields)
  const [state] = of('state')
  if (state === undefined) return null
  const [at, uptime] = [Number(state[0]) || 0, Number(state[1]) || 0]
  const [low = '32768', high = '60999'] = of('ephemeral')[0] ?? []
  return {
    at,
    uptime,
    units: of('unit').map(fields => unitOf(fields, at - uptime)),
    packages: packagesOf(of('package')),
    containers: of('container').map(containerOf),
    ports: of('port').flatMap(portOf),
    ephemeral: { low: Number(low), high: Number(high) },
    blind: Object.fromEntries(
      of('blind').flatMap(([area, why = '']) => (isArea(area) ? [[area, why] as const] : [])),
    ),
  }
}

const AREAS = ['units', 'packages', 'containers', 'ports'] as const

function isArea(word: string | undefined): word is Area {
  return AREAS.some(area => area === word)
}

function unitOf([name = '', properties = '']: readonly string[], started: number): UnitState {
  const values = new Map(properties.split(' ').map(one => splitAt(one, '=')))
  const timeOf = (property: string) => {
    const micros = Number(values.get(property) ?? 0)
    return micros > 0 ? Math.round(started + micros / 1e6) : null
  }
  return {
    name,
    load: values.get('LoadState') ?? '',
    active: values.get('ActiveState') ?? '',
    sub: values.get('SubState') ?? '',
    file: values.get('UnitFileState') ?? '',
    since: timeOf('ActiveEnterTimestampMonotonic'),
    until: timeOf('InactiveEnterTimestampMonotonic'),
  }
}

function splitAt(text: string, mark: string): [string, string] {
  const at = text.indexOf(mark)
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}

/** Kernels and the like are there in several versions. */
function packagesOf(rows: readonly (readonly string[])[]): readonly PackageState[] {
  const versions = new Map<string, string[]>()
  for (const [name = '', version = '', status = ''] of rows)
    if (status[1] === 'i') versions.set(name, [...(versions.get(name) ?? []), version])
  return [...versions].map(([name, all]) => ({ name, version: all.sort().join(', ') }))
}

function containerOf(fields: readonly string[]): ContainerState {
  const [id = '', name = '', project = '', service = '', oneOff = '', config = '', ...rest] = fields
  const [status = '', health = '', exitCode, restarts, restartPolicy = '', startedAt = '', ...last] = rest
  const [reference = '', image = '', ports = ''] = last
  return {
    id,
    name: name.replace(/^\//, ''),
    project,
    service,
    isOneOff: oneOff === 'True',
    config,
    status,
    health,
    exitCode: Number(exitCode) || 0,
    restarts: Number(restarts) || 0,
    restartPolicy,
    startedAt,
    reference,
    image,
    ports: publishedOf(ports),
  }
}

const bindings = z.record(
  z.string(),
  z.array(z.object({ HostIp: z.string(), HostPort: z.string() })).nullable(),
)

function publishedOf(json: string): readonly PublishedPort[] {
  return Object.entries(bindingsOf(json)).flatMap(([inside, all]) =>
    (all ?? []).map(({ HostIp, HostPort }) => {
      return { address: isEveryAddress(HostIp) ? '' : HostIp, port: HostPort, inside }
    }),
  )
}

function bindingsOf(json: string): z.infer<typeof bindings> {
  try {
    return bindings.safeParse(JSON.parse(json)).data ?? {}
  } catch {
    return {}
  }
}

export function isEveryAddress(address: string): boolean {
  return ['', '*', '0.0.0.0', '::'].includes(address)
}

function portOf([protocol, local = '', program = '', cgroup = '']: readonly string[]): PortState[] {
  const at = local.lastIndexOf(':')
  const port = Number(local.slice(at + 1))
  if ((protocol !== 'tcp' && protocol !== 'udp') || at < 0 || !Number.isInteger(port)) return []
  const address = local.slice(0, at).replace(/^\[(.*)\]/, '$1')
  return [{ protocol, address, port, program: program || null, holder: holderOf(cgroup) }]
}

/** The last part of a control group that says whose it is. */
function holderOf(cgroup: string): string | null {
  const [, container] = /(?:docker[-/]|libpod-)([0-9a-f]{64})/.exec(cgroup) ?? []
  if (container !== undefined) return `container ${container}`
  return cgroup.split('/').findLast(part => /\.(service|socket|scope)$/.test(part)) ?? null
}
