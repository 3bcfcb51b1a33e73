/** Ports of a container: published ones with the addresses they are bound to, and those that are only exposed. */
import type { Dict, Value } from '../../base/value.ts'
import type { ContainerArgs } from './container-arguments.ts'
import type { ContainerOption, ContainerSight } from './container-wish.ts'
import { at, dictAt } from './docker-cli.ts'

export interface Binding {
  /** '' for any. */
  readonly address: string
  /** A port, a range to choose from, or '' for a free one. */
  readonly hostPort: string
  /** "80/tcp" */
  readonly port: string
}

export const PORT_OPTIONS: readonly ContainerOption[] = [
  {
    name: 'published_ports',
    wish(args, container) {
      if (args.published_ports === undefined) return null
      const have = Object.entries(dictAt(container, 'HostConfig.PortBindings'))
      return {
        kind: 'dict',
        want: byPort(bindings(args)),
        have: byPort(have.flatMap(([port, list]) => boundTo(port, list))),
      }
    },
    flags: args => bindings(args).map(one => `--publish=${publishFlag(one)}`),
  },
  {
    name: 'exposed_ports',
    wish: (args, container, sight) =>
      args.exposed_ports === undefined
        ? null
        : {
            kind: 'set',
            want: exposed(args),
            have: Object.keys(dictAt(container, 'Config.ExposedPorts')).filter(
              port => !isOfOthers(port, args, sight),
            ),
          },
    flags: args => (args.exposed_ports ?? []).map(port => `--expose=${port.trim()}`),
  },
]

/** What is wrong with the written ports; null when nothing is. */
export function portProblem(args: ContainerArgs): string | null {
  for (const port of args.published_ports ?? []) {
    const parsed = parsePort(port, '')
    if (typeof parsed === 'string') return parsed
  }
  return null
}

function bindings(args: ContainerArgs): Binding[] {
  const all = (args.published_ports ?? []).map(port => parsePort(port, args.default_host_ip ?? ''))
  return all.flatMap(parsed => (typeof parsed === 'string' ? [] : parsed))
}

/** `80`, `8080:80`, `127.0.0.1:8080:80/udp`, `[::1]:8000-8002:80-82`; a sentence when it is none. */
export function parsePort(written: string, anyAddress: string): readonly Binding[] | string {
  if (written === 'all') return 'published_ports: all is not a port; publish_all_ports: true publishes all'
  const [, address, host = '', inside = '', protocol = 'tcp'] =
    /^(?:(\[[0-9a-fA-F:%.\w]+\]|[\d.]+):(?=[^:]*:))?(?:([\d-]*):)?(\d+(?:-\d+)?)(?:\/(\w+))?$/.exec(
      written.trim(),
    ) ?? []
  const ports = range(inside)
  const hostPorts = range(host)
  if (ports === null || (host !== '' && hostPorts === null))
    return `published_ports: ${written} is no port, host:port or address:host:port (with an address, not a name)`
  const bound = address?.replace(/^\[|\]$/g, '') ?? anyAddress
  const one = (port: number, hostPort: string): Binding => ({
    address: bound,
    hostPort,
    port: `${port}/${protocol}`,
  })
  if (ports.length === 1) return [one(ports[0]!, host)]
  if (hostPorts === null) return ports.map(port => one(port, ''))
  return ports.slice(0, hostPorts.length).map((port, index) => one(port, String(hostPorts[index])))
}

function range(written: string): number[] | null {
  const [, first = '', last = first] = /^(\d+)(?:-(\d+))?$/.exec(written) ?? []
  const count = Number(last) - Number(first) + 1
  return first === '' || count < 1 ? null : Array.from({ length: count }, (_, index) => Number(first) + index)
}

function publishFlag({ address, hostPort, port }: Binding): string {
  const shown = address.includes(':') ? `[${address}]` : address
  if (shown !== '') return `${shown}:${hostPort}:${port}`
  return hostPort === '' ? port : `${hostPort}:${port}`
}

function boundTo(port: string, list: Value): Binding[] {
  const all = Array.isArray(list) ? (list as readonly Value[]) : []
  return all.map(one => ({
    port,
    address: String(at(one, 'HostIp') ?? ''),
    hostPort: String(at(one, 'HostPort') ?? ''),
  }))
}

/** Port to its bindings in order; `0.0.0.0` and nothing both mean all addresses. */
function byPort(all: readonly Binding[]): Readonly<Record<string, Value>> {
  const found = new Map<string, string[]>()
  for (const { port, address, hostPort } of all) {
    const plain = address === '0.0.0.0' ? '' : address
    found.set(
      port,
      [...(found.get(port) ?? []), `${plain.includes(':') ? `[${plain}]` : plain}:${hostPort}`].sort(),
    )
  }
  return Object.fromEntries(found)
}

function exposed({ exposed_ports = [] }: ContainerArgs): string[] {
  return exposed_ports.flatMap(written => {
    const [ports = '', protocol = 'tcp'] = written.trim().split('/')
    return (range(ports) ?? []).map(port => `${port}/${protocol}`)
  })
}

/** Published ports and those of the image are exposed, too, without being asked for. */
function isOfOthers(port: string, args: ContainerArgs, { image }: ContainerSight): boolean {
  if (exposed(args).includes(port)) return false
  const published: Dict = Object.fromEntries(bindings(args).map(one => [one.port, true]))
  return port in published || port in dictAt(image, 'Config.ExposedPorts')
}
