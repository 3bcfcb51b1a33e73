/** What `ipaddr` can be asked about an address or a network. Answers are those of ansible.utils, its odd ones too. */
import {
  allOnes,
  contains,
  firstOf,
  formatAddress,
  formatNetwork,
  hostmaskOf,
  type IpNetwork,
  lastOf,
  netmaskOf,
  parseNetwork,
  sizeOf,
  widthOf,
} from '../data/ip-network.ts'
import { valueError } from '../errors.ts'

/** What was asked: the network, how it was written, and whether a prefix stood behind it. */
export interface Asked {
  readonly network: IpNetwork
  readonly value: unknown
  readonly isNetwork: boolean
}

type Query = (asked: Asked) => unknown

const address = ({ network }: Asked, value: bigint): string => formatAddress(network.version, value)
const isSubnet = ({ network }: Asked): boolean => network.ip === firstOf(network)
const size = ({ network }: Asked): bigint => sizeOf(network)

/** IPv4 networks of one or two addresses have none. */
export function broadcastOf(network: IpNetwork): bigint | null {
  return network.version === 4 && sizeOf(network) <= 2n ? null : lastOf(network)
}

/** First and last address for hosts. */
export function usableOf(network: IpNetwork): readonly [bigint, bigint] {
  const edge = sizeOf(network) === 2n ? 0n : 1n
  return [firstOf(network) + edge, lastOf(network) - edge]
}

const whole = (asked: Asked): string => formatNetwork(asked.network)
const keep: Query = ({ value }) => value

function ifNetwork(query: Query): Query {
  return asked => (asked.isNetwork ? query(asked) : valueError('ipaddr: Not a network address'))
}

const addressPrefix: Query = asked => {
  const { network } = asked
  const isEdge = network.ip === firstOf(network) || network.ip === broadcastOf(network)
  return size(asked) > 2n && isEdge ? false : whole(asked)
}

const ip: Query = asked => {
  const { network } = asked
  const isHost = !isSubnet(asked) || broadcastOf(network) === null || network.version === 6
  return size(asked) === 1n || isHost ? address(asked, network.ip) : null
}

const subnet: Query = ({ network }) => formatNetwork({ ...network, ip: firstOf(network) })
const networkAddress: Query = asked => address(asked, firstOf(asked.network))
const netmask = (asked: Asked): string => address(asked, netmaskOf(asked.network))
const hostmask = (asked: Asked): string => address(asked, hostmaskOf(asked.network))

const range: Query = ifNetwork(asked => {
  const [first, last] = usableOf(asked.network)
  return size(asked) > 1n ? `${address(asked, first)}-${address(asked, last)}` : null
})

function neighbour(step: bigint): Query {
  return ifNetwork(asked => {
    const [first, last] = usableOf(asked.network)
    const next = asked.network.ip + step
    return size(asked) > 1n && next >= first && next <= last ? address(asked, next) : null
  })
}

const peer: Query = ifNetwork(asked => {
  const { network } = asked
  if (size(asked) === 2n) return address(asked, network.ip ^ 1n)
  if (size(asked) !== 4n) return valueError('ipaddr: Not a point-to-point network')
  const last = network.ip % 4n
  if (last === 0n) return valueError('ipaddr: Network address of /30 has no peer')
  if (last === 3n) return valueError('ipaddr: Broadcast address of /30 has no peer')
  return address(asked, network.ip ^ 3n)
})

function within(...networks: readonly string[]): (asked: Asked) => boolean {
  const all = networks.map(parseNetwork).filter(one => one !== null)
  return ({ network }) => all.some(one => contains(one, { ...network, prefix: widthOf(network.version) }))
}

const isLoopback = within('127.0.0.0/8', '::1/128')
const isMulticast = within('224.0.0.0/4', 'ff00::/8')
const isLinkLocal = within('169.254.0.0/16', 'fe80::/10')
const isPrivate = within(
  ...['10.0.0.0/8', '100.64.0.0/10', '172.16.0.0/12', '192.0.0.0/24', '192.168.0.0/16', '198.18.0.0/15'],
  ...['239.192.0.0/14', 'fc00::/7', 'fec0::/10', '169.254.0.0/16', 'fe80::/10'],
)

/** Ones and then zeros, or zeros and then ones. */
function isMask({ network: { version, ip: value } }: Asked): boolean {
  const inverted = value ^ allOnes(version)
  return (value & (value + 1n)) === 0n || (inverted & (inverted + 1n)) === 0n
}

const isPublic = (asked: Asked): boolean =>
  !isMulticast(asked) && !isPrivate(asked) && !isLoopback(asked) && !isMask(asked)

/** Of a network every address must be one. */
function bothEnds(test: (asked: Asked) => boolean): (asked: Asked) => boolean {
  return asked => {
    const { network } = asked
    return [firstOf(network), lastOf(network)].every(end =>
      test({ ...asked, network: { ...network, ip: end } }),
    )
  }
}

const only =
  (test: (asked: Asked) => boolean, otherwise: unknown = null): Query =>
  asked =>
    test(asked) ? asked.value : otherwise

const ipv4: Query = ({ network, value }) => {
  if (network.version === 4) return value
  const high = network.ip >> 32n
  const isFour = (high === 0xffffn || high === 0n) && network.prefix >= 96
  return isFour
    ? formatNetwork({ version: 4, ip: network.ip & 0xffffffffn, prefix: network.prefix - 96 })
    : false
}

const ipv6: Query = ({ network, value }) =>
  network.version === 6
    ? value
    : formatNetwork({ version: 6, ip: (0xffffn << 32n) | network.ip, prefix: network.prefix + 96 })

const sixToFour: Query = asked => {
  const { network, value, isNetwork } = asked
  if (network.version === 4) {
    if (size(asked) > 1n && isSubnet(asked)) return false
    if (!isPublic(asked) && !isPrivate(asked)) return false
    const hex = network.ip.toString(16).padStart(8, '0')
    return `2002:${hex.slice(0, 4)}:${hex.slice(4)}::1/48`
  }
  const isInside = within('2002::/16')(asked)
  return isInside && (!isNetwork || !isSubnet(asked)) ? value : false
}

const reverse: Query = ({ network: { version, ip: value } }) => {
  if (version === 4) return `${formatAddress(4, value).split('.').reverse().join('.')}.in-addr.arpa.`
  const digits = value.toString(16).padStart(32, '0')
  return `${[...digits].reverse().join('.')}.ip6.arpa.`
}

export const QUERIES: ReadonlyMap<string, Query> = new Map<string, Query>([
  ['', asked => (asked.isNetwork ? whole(asked) : address(asked, asked.network.ip))],
  ['6to4', sixToFour],
  ['address', ip],
  ['address/prefix', addressPrefix],
  ['bool', () => true],
  ['broadcast', asked => (size(asked) > 2n ? address(asked, lastOf(asked.network)) : null)],
  ['cidr', whole],
  [
    'first_usable',
    ifNetwork(asked => (size(asked) > 1n ? address(asked, usableOf(asked.network)[0]) : null)),
  ],
  ['gateway', addressPrefix],
  ['gw', addressPrefix],
  [
    'host',
    asked => {
      const isHost = !isSubnet(asked) || broadcastOf(asked.network) === null
      return size(asked) === 1n || isHost ? whole(asked) : null
    },
  ],
  ['host/prefix', addressPrefix],
  ['hostmask', hostmask],
  ['hostnet', addressPrefix],
  ['int', ({ network, isNetwork }) => (isNetwork ? `${network.ip}/${network.prefix}` : asNumber(network.ip))],
  ['ip', ip],
  [
    'ip/prefix',
    asked => (size(asked) > 1n && (size(asked) === 2n || !isSubnet(asked)) ? whole(asked) : null),
  ],
  [
    'ip_netmask',
    asked =>
      size(asked) > 1n && (size(asked) === 2n || !isSubnet(asked))
        ? `${address(asked, asked.network.ip)} ${netmask(asked)}`
        : null,
  ],
  ['ipv4', ipv4],
  ['ipv6', ipv6],
  ['last_usable', ifNetwork(asked => (size(asked) > 1n ? address(asked, usableOf(asked.network)[1]) : null))],
  ['link-local', only(isLinkLocal)],
  ['lo', only(isLoopback)],
  ['loopback', only(isLoopback)],
  ['multicast', only(bothEnds(isMulticast))],
  ['net', asked => (size(asked) > 1n && isSubnet(asked) ? whole(asked) : null)],
  ['next_usable', neighbour(1n)],
  ['netmask', netmask],
  ['network', networkAddress],
  ['network_id', networkAddress],
  ['network/prefix', subnet],
  ['network_netmask', asked => `${String(networkAddress(asked))} ${netmask(asked)}`],
  ['network_wildcard', asked => `${String(networkAddress(asked))} ${hostmask(asked)}`],
  ['peer', peer],
  ['prefix', ({ network }) => network.prefix],
  ['previous_usable', neighbour(-1n)],
  ['private', only(bothEnds(isPrivate))],
  ['public', only(isPublic)],
  ['range_usable', range],
  ['revdns', reverse],
  ['router', addressPrefix],
  ['size', asked => asNumber(size(asked))],
  ['size_usable', asked => (size(asked) === 1n ? 0 : size(asked) === 2n ? 2 : asNumber(size(asked) - 2n))],
  ['subnet', subnet],
  ['type', asked => (size(asked) === 1n || !isSubnet(asked) ? 'address' : 'network')],
  ['unicast', only(asked => !bothEnds(isMulticast)(asked))],
  ['v4', ipv4],
  ['v6', ipv6],
  ['version', ({ network }) => network.version],
  ['wildcard', hostmask],
  [
    'wrap',
    asked => {
      const { network, isNetwork } = asked
      if (network.version === 4) return keep(asked)
      return `[${address(asked, network.ip)}]${isNetwork ? `/${network.prefix}` : ''}`
    },
  ],
])

export function asNumber(value: bigint): number | bigint {
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value
}
