/** Networks cut into smaller ones and joined into larger ones. */
import {
  firstOf,
  formatNetwork,
  type IpNetwork,
  lastOf,
  netmaskOf,
  parseNetwork,
  sizeOf,
  widthOf,
} from '../data/ip-network.ts'
import { valueError } from '../errors.ts'

/** How many networks of that size, or the one of that index; for a network as query: the place in it, from 1. */
export function subnetOf(network: IpNetwork | null, query: string, index: number | undefined): unknown {
  if (network === null) return false
  const isAddress = sizeOf(network) === 1n || network.ip !== firstOf(network)
  const own: IpNetwork = isAddress ? network : { ...network, ip: firstOf(network) }
  const cidr = { ...own, ip: own.ip & netmaskOf(own) }
  if (query === '') return formatNetwork(cidr)
  if (!/^\d+$/.test(query)) return placeIn(cidr, query)
  const prefix = Number(query)
  if (prefix > widthOf(network.version)) return false
  return sizeOf(cidr) === 1n ? supernet(cidr, { prefix, index }) : piece(cidr, { prefix, index })
}

interface Cut {
  readonly prefix: number
  readonly index: number | undefined
}

/** Networks around an address, from the one of that prefix inwards. */
function supernet({ version, ip }: IpNetwork, { prefix, index = 0 }: Cut): unknown {
  const width = widthOf(version)
  const count = width - prefix
  if (index > width + 1 - index || index < prefix - width) return false
  const at = index < 0 ? count + index : index
  if (at >= count) return valueError('ipsubnet: list index out of range')
  const around: IpNetwork = { version, ip, prefix: prefix + at }
  return formatNetwork({ ...around, ip: firstOf(around) })
}

function piece({ version, ip, prefix: own }: IpNetwork, { prefix, index }: Cut): unknown {
  if (prefix < own) {
    if (index === undefined) return valueError(`ipsubnet: Requested subnet size of ${prefix} is invalid`)
    return index === 0 ? formatNetwork({ version, ip, prefix }) : false
  }
  const count = 1n << BigInt(prefix - own)
  if (index === undefined) return String(count)
  const at = index < 0 ? BigInt(index) + count : BigInt(index)
  if (at < 0n || at >= count) return false
  return formatNetwork({ version, ip: ip + (at << BigInt(widthOf(version) - prefix)), prefix })
}

function placeIn(network: IpNetwork, query: string): unknown {
  const outer = parseNetwork(query)
  if (outer === null) return valueError(`ipsubnet: ${query} is no valid subnet or IP address`)
  const shift = BigInt(widthOf(network.version) - outer.prefix)
  if (shift < 0n || network.ip >> shift !== outer.ip >> shift)
    return valueError(`ipsubnet: ${formatNetwork(network)} is not in the subnet ${query}`)
  const below = BigInt(widthOf(network.version) - network.prefix)
  const mask = (1n << BigInt(Math.max(0, network.prefix - outer.prefix))) - 1n
  return String(((network.ip >> below) & mask) + 1n)
}

/** merge: as few networks as cover exactly the same; span: the one that covers all. */
export function mergeNetworks(texts: readonly string[], action: string): unknown {
  if (action !== 'merge' && action !== 'span') return valueError(`cidr_merge: invalid action '${action}'`)
  if (action === 'span' && texts.length === 0) return null
  const networks = texts.map(
    text => parseNetwork(text) ?? valueError(`cidr_merge: invalid IPNetwork ${text}`),
  )
  if (action === 'span')
    return networks.length === 1 ? formatNetwork(networks[0] as IpNetwork) : span(networks)
  return ([4, 6] as const)
    .flatMap(version => merged(networks.filter(one => one.version === version)))
    .map(formatNetwork)
}

function span(networks: readonly IpNetwork[]): string {
  const [{ version }] = networks as [IpNetwork]
  if (networks.some(one => one.version !== version)) return valueError('cidr_merge: IPv4 and IPv6 do not mix')
  const first = networks.map(firstOf).reduce((a, b) => (a < b ? a : b))
  const last = networks.map(lastOf).reduce((a, b) => (a > b ? a : b))
  let around: IpNetwork = { version, ip: first, prefix: widthOf(version) }
  while (lastOf(around) < last) around = { ...around, prefix: around.prefix - 1 }
  return formatNetwork({ ...around, ip: firstOf(around) })
}

/** What touches is joined into ranges, and each range cut into the largest networks that fit. */
function merged(networks: readonly IpNetwork[]): IpNetwork[] {
  const ranges: { first: bigint; last: bigint }[] = []
  const ordered = [...networks].sort((a, b) => (firstOf(a) < firstOf(b) ? -1 : 1))
  for (const network of ordered) {
    const [first, last] = [firstOf(network), lastOf(network)]
    const previous = ranges.at(-1)
    if (previous !== undefined && first <= previous.last + 1n) {
      if (last > previous.last) previous.last = last
    } else ranges.push({ first, last })
  }
  const version = networks[0]?.version ?? 4
  return ranges.flatMap(({ first, last }) => {
    const found: IpNetwork[] = []
    for (let at = first; at <= last; ) {
      let piece: IpNetwork = { version, ip: at, prefix: widthOf(version) }
      for (;;) {
        const larger = { ...piece, prefix: piece.prefix - 1 }
        if (piece.prefix === 0 || firstOf(larger) !== at || lastOf(larger) > last) break
        piece = larger
      }
      found.push(piece)
      at = lastOf(piece) + 1n
    }
    return found
  })
}
