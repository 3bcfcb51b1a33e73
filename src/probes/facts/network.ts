/** Interfaces, addresses and default routes, from /sys and `ip`. Each interface is a fact of its own as well. */
import type { Dict, Value } from '../../base/value.ts'
import type { Sections } from './sections.ts'

export function networkFacts(sections: Sections): Dict {
  const addresses = addressesOf(sections)
  const links = linksOf(sections)
  const interfaces: Record<string, Dict> = {}
  for (const [name, link] of links) interfaces[name] = interfaceFacts(link, addresses.get(name) ?? [])
  const all = [...addresses.values()].flat()
  const outside = (version: 4 | 6) =>
    all.filter(one => one.version === version && !isLoopback(one.address)).map(one => one.address)
  return {
    interfaces: [...links.keys()],
    all_ipv4_addresses: outside(4),
    all_ipv6_addresses: outside(6),
    default_ipv4: defaultRoute(sections('route4'), { interfaces, links, addresses, version: 4 }),
    default_ipv6: defaultRoute(sections('route6'), { interfaces, links, addresses, version: 6 }),
    // Facts may not hold dashes, dots or colons in their names.
    ...Object.fromEntries(
      Object.entries(interfaces).map(([name, facts]) => [name.replace(/[-.:]/g, '_'), facts]),
    ),
    dns: dnsFacts(sections('dns')),
  }
}

interface Link {
  readonly name: string
  readonly address: string
  readonly mtu: number
  readonly active: boolean
  readonly type: string
  readonly speed: number
  readonly members: readonly string[]
  readonly driver: string
}

interface Address {
  readonly version: 4 | 6
  readonly address: string
  readonly prefix: number
  readonly broadcast: string
  readonly scope: string
}

function linksOf(sections: Sections): ReadonlyMap<string, Link> {
  return new Map(
    sections('net').map(line => {
      const [
        name = '',
        address = '',
        mtu = '',
        state = '',
        type = '',
        speed = '',
        kind = '',
        members = '',
        driver = '',
      ] = line.split('\t')
      // 772 is the loopback's type number; its state is never "up".
      const isLoopback = type === '772'
      const link: Link = {
        name,
        address,
        mtu: Number(mtu),
        active: isLoopback || state === 'up' || state === 'unknown',
        type: isLoopback ? 'loopback' : kind,
        speed: Number(speed || -1),
        members: members.split(' ').filter(member => member !== ''),
        driver,
      }
      return [name, link]
    }),
  )
}

/** Lines like `2: eth0    inet 10.0.0.2/24 brd 10.0.0.255 scope global eth0`. */
function addressesOf(sections: Sections): ReadonlyMap<string, Address[]> {
  const found = new Map<string, Address[]>()
  for (const line of sections('addr')) {
    const match =
      /^\d+:\s+(\S+?)(?:@\S+)?\s+(inet6?)\s+([0-9a-f.:]+)(?:\s+peer\s+\S+?)?(?:\/(\d+))?\s(.*)$/.exec(line)
    if (match === null) continue
    const [, name = '', family, address = '', prefix, rest = ''] = match
    const version = family === 'inet6' ? 6 : 4
    const one: Address = {
      version,
      address,
      prefix: Number(prefix ?? (version === 4 ? 32 : 128)),
      broadcast: /\bbrd (\S+)/.exec(rest)?.[1] ?? '',
      scope: /\bscope (\S+)/.exec(rest)?.[1] ?? 'global',
    }
    found.set(name, [...(found.get(name) ?? []), one])
  }
  return found
}

function interfaceFacts(link: Link, addresses: readonly Address[]): Dict {
  const [first, ...secondaries] = addresses.filter(one => one.version === 4).map(ipv4Facts)
  const ipv6 = addresses
    .filter(one => one.version === 6)
    .map(one => ({ address: one.address, prefix: String(one.prefix), scope: one.scope }))
  return {
    device: link.name,
    active: link.active,
    mtu: link.mtu,
    type: link.type,
    promisc: false,
    ...(link.address === '' || link.type === 'loopback' ? {} : { macaddress: link.address }),
    ...(link.type === 'loopback' ? {} : { speed: link.speed > 0 ? link.speed : -1 }),
    ...(link.driver === '' ? {} : { module: link.driver }),
    ...(link.type === 'bridge' ? { interfaces: link.members } : {}),
    ...(link.type === 'bonding' ? { slaves: link.members } : {}),
    ...(first === undefined ? {} : { ipv4: first }),
    ...(secondaries.length === 0 ? {} : { ipv4_secondaries: secondaries }),
    ...(ipv6.length === 0 ? {} : { ipv6 }),
  }
}

function ipv4Facts({ address, prefix, broadcast }: Address): Dict {
  const mask = prefix === 0 ? 0 : (0xffffffff << (32 - prefix)) >>> 0
  const bits = address.split('.').reduce((number, part) => number * 256 + Number(part), 0)
  return {
    address,
    broadcast,
    netmask: dotted(mask),
    network: dotted((bits & mask) >>> 0),
    prefix: String(prefix),
  }
}

const dotted = (bits: number): string => [24, 16, 8, 0].map(shift => (bits >>> shift) & 0xff).join('.')
const isLoopback = (address: string): boolean => address.startsWith('127.') || address === '::1'

interface Known {
  readonly interfaces: Readonly<Record<string, Dict>>
  readonly links: ReadonlyMap<string, Link>
  readonly addresses: ReadonlyMap<string, readonly Address[]>
  readonly version: 4 | 6
}

/** From `8.8.8.8 via 10.0.0.1 dev eth0 src 10.0.0.2 …`; the address need not be the first of its interface. */
function defaultRoute(lines: readonly string[], { links, addresses, version }: Known): Dict {
  const line = lines.find(one => one.includes(' dev ')) ?? ''
  const name = /\bdev (\S+)/.exec(line)?.[1]
  const source = /\bsrc (\S+)/.exec(line)?.[1]
  const link = name === undefined ? undefined : links.get(name)
  if (name === undefined || link === undefined || link.type === 'loopback') return {}
  const own = (addresses.get(name) ?? []).find(
    one => one.version === version && (source === undefined || one.address === source),
  )
  const gateway = /\bvia (?:inet6 )?(\S+)/.exec(line)?.[1]
  const about: Value =
    own === undefined
      ? { address: source ?? '' }
      : version === 4
        ? ipv4Facts(own)
        : { address: own.address, prefix: String(own.prefix), scope: own.scope }
  return {
    interface: name,
    ...(gateway === undefined ? {} : { gateway }),
    ...about,
    alias: name,
    type: link.type,
    mtu: link.mtu,
    macaddress: link.address,
  }
}

function dnsFacts(lines: readonly string[]): Dict {
  const words = lines.map(line =>
    line
      .replace(/[#;].*$/, '')
      .trim()
      .split(/\s+/),
  )
  const all = (keyword: string) => words.filter(([first]) => first === keyword).flatMap(([, ...rest]) => rest)
  const facts: Record<string, Value> = {}
  if (all('nameserver').length > 0) facts.nameservers = all('nameserver')
  if (all('domain').length > 0) facts.domain = all('domain')[0] ?? ''
  if (all('search').length > 0) facts.search = all('search')
  if (all('options').length > 0) {
    facts.options = Object.fromEntries(
      all('options').map(option => {
        const [name = '', value] = option.split(':')
        return [name, value ?? true]
      }),
    )
  }
  return facts
}
