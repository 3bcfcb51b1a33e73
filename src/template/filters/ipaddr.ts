/** The family of `ipaddr` of ansible.utils: what an address is, networks in networks, hardware addresses. */
import {
  allOnes,
  contains,
  firstOf,
  formatAddress,
  formatNetwork,
  type IpNetwork,
  lastOf,
  parseNetwork,
  sizeOf,
  widthOf,
} from '../data/ip-network.ts'
import { valueError } from '../errors.ts'
import { iterate } from '../runtime/access.ts'
import { makeDict } from '../runtime/dicts.ts'
import { str } from '../runtime/printing.ts'
import { define, mergeTables } from '../runtime/signature.ts'
import { hardwareAddress, slaacAddress } from './hardware-address.ts'
import { type Asked, broadcastOf, QUERIES, usableOf } from './ip-query.ts'
import { mergeNetworks, subnetOf } from './subnets.ts'

const queries = define({
  'ipaddr(query: text, version: int, alias)': (value: unknown, query = '', version?: number) =>
    ipaddr(value, query, version),
  'ipv4(query: text)': (value: unknown, query = '') => ipaddr(value, query, 4),
  'ipv6(query: text)': (value: unknown, query = '') => ipaddr(value, query, 6),
  'ipwrap(query: text)': (value: unknown, query = '') =>
    Array.isArray(value)
      ? value.map(one => (isFound(ipaddr(one, query)) ? ipaddr(one, 'wrap') : one))
      : wrapped(value, query),
  'hwaddr|macaddr(query: text)': (value: unknown, query = '') => hardwareAddress(str(value), query),
  'slaac(query: text)': (value: unknown, query = '') => slaacAddress(networkOf(value), query),
  'ip4_hex(delimiter: text)': (value: unknown, delimiter = '') =>
    str(value)
      .split('.')
      .map(part => Number(part).toString(16).padStart(2, '0'))
      .join(delimiter),
})

const networks = define({
  'ipsubnet(query: text, index: int)': (value: unknown, query?: string, index?: number) =>
    subnetOf(networkOf(value), query ?? '', index),
  'nthhost(query: int)': (value: unknown, nth?: number) => {
    const network = networkOf(value)
    if (network === null || nth === undefined || nth === 0) return false
    return nthOf(network, BigInt(nth)) ?? false
  },
  'next_nth_usable(offset: int)': (value: unknown, offset: number) =>
    usableAt(networkOf(value), BigInt(offset)),
  'previous_nth_usable(offset: int)': (value: unknown, offset: number) =>
    usableAt(networkOf(value), -BigInt(offset)),
  'ipmath(amount: int)': (value: unknown, amount: number) => {
    const network = networkOf(str(value))
    if (network === null) return valueError(`ipmath: ${str(value)} is no valid IP address`)
    const result = network.ip + BigInt(amount)
    if (result < 0n || result > allOnes(network.version))
      return valueError('ipmath: the result is no address')
    return formatAddress(network.version, result)
  },
  'network_in_network(test: text)': (value: unknown, test: string) =>
    isWithin(test, wholeRange(networkOf(value))),
  'network_in_usable(test: text)': (value: unknown, test: string) =>
    isWithin(test, hostRange(networkOf(value))),
  'reduce_on_network(network: text)': (value: unknown, network: string) =>
    iterate(value).filter(one => isWithin(str(one), wholeRange(networkOf(network)))),
  'usable_range()': (value: unknown) => {
    const network = parseNetwork(str(value))
    if (network === null || sizeOf(network) > 65_536n)
      return valueError('usable_range: a network of at most 65536 addresses is wanted')
    const count = Number(sizeOf(network))
    const ips = Array.from({ length: count }, (_, i) =>
      formatAddress(network.version, firstOf(network) + BigInt(i)),
    )
    return makeDict([
      ['usable_ips', ips],
      ['number_of_ips', count],
    ])
  },
  'cidr_merge(action: text)': (value: unknown, action = 'merge') =>
    mergeNetworks(iterate(value).map(str), action),
})

export const ipaddrFilters = mergeTables(queries, networks)

function ipaddr(value: unknown, query: string, version?: number): unknown {
  if (Array.isArray(value)) return value.map(one => ipaddr(one, query, version)).filter(Boolean)
  const asked = askedOf(value, version)
  if (asked === null) return false
  const inside = QUERIES.has(query) || /^\d+$/.test(query) ? null : parseNetwork(query)
  if (version !== undefined && asked.network.version !== version) return false
  if (inside !== null) return contains(inside, asked.network) ? asked.value : null
  const known = QUERIES.get(query)
  if (known !== undefined) return known(asked)
  return /^[+-]?\d+$/.test(query)
    ? indexed(asked, BigInt(query))
    : valueError(`ipaddr: unknown filter type: ${query}`)
}

/** Numbers are addresses, too. */
function askedOf(value: unknown, version?: number): Asked | null {
  const text =
    typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint' ? `${value}` : ''
  if (/^\d+$/.test(text)) {
    const ip = BigInt(text)
    const kind = version === 6 || ip >= 1n << 32n ? 6 : 4
    if (ip >= 1n << BigInt(widthOf(kind))) return null
    const network: IpNetwork = { version: kind, ip, prefix: widthOf(kind) }
    return { network, value: formatNetwork(network), isNetwork: false }
  }
  const network = parseNetwork(text)
  return network === null ? null : { network, value: text, isNetwork: text.includes('/') }
}

function indexed({ network, isNetwork }: Asked, index: bigint): unknown {
  if (sizeOf(network) === 1n)
    return isNetwork ? formatNetwork(network) : formatAddress(network.version, network.ip)
  const at = nthOf(network, index)
  return at === null ? false : `${at}/${network.prefix}`
}

/** From the end when negative; null outside. */
function nthOf(network: IpNetwork, index: bigint): string | null {
  const at = index < 0n ? sizeOf(network) + index : index
  if (at < 0n || at >= sizeOf(network)) return null
  return formatAddress(network.version, firstOf(network) + at)
}

function wrapped(value: unknown, query: string): unknown {
  const found = ipaddr(value, query)
  return isFound(found) ? ipaddr(found, 'wrap') : value
}

function isFound(answer: unknown): boolean {
  return answer !== false && answer !== null
}

/** An address keeps itself, a network loses its host bits. */
function networkOf(value: unknown): IpNetwork | null {
  const asked = askedOf(value)
  return asked === null ? null : asked.network
}

function usableAt(network: IpNetwork | null, offset: bigint): unknown {
  if (network === null) return false
  if (sizeOf(network) === 1n) return null
  const [first, last] = usableOf(network)
  const at = network.ip + offset
  return at >= first && at <= last ? formatAddress(network.version, at) : null
}

interface Range {
  readonly first: bigint
  readonly last: bigint
}

function wholeRange(network: IpNetwork | null): Range | null {
  if (network === null) return null
  return { first: firstOf(network), last: broadcastOf(network) ?? lastOf(network) }
}

function hostRange(network: IpNetwork | null): Range | null {
  if (network === null) return null
  if (sizeOf(network) === 1n) return { first: network.ip, last: network.ip }
  const [first, last] = usableOf(network)
  return { first, last }
}

function isWithin(text: string, outer: Range | null): boolean {
  const inner = wholeRange(networkOf(text))
  return outer !== null && inner !== null && inner.first >= outer.first && inner.last <= outer.last
}
