/** Addresses and networks of IPv4 and IPv6 as numbers. A network remembers which of its addresses was written. */

export type IpVersion = 4 | 6

export interface IpNetwork {
  readonly version: IpVersion
  /** The address written, host bits and all. */
  readonly ip: bigint
  readonly prefix: number
}

/** An address alone has the longest prefix; behind the slash stands a prefix, a netmask or a hostmask. */
export function parseNetwork(text: string): IpNetwork | null {
  const [address = '', mask, ...rest] = text.split('/')
  const parsed = rest.length > 0 ? null : parseAddress(address)
  if (parsed === null) return null
  const { version, value } = parsed
  const prefix = mask === undefined ? widthOf(version) : prefixOf(mask, version)
  return prefix === null ? null : { version, ip: value, prefix }
}

export function parseAddress(text: string): { readonly version: IpVersion; readonly value: bigint } | null {
  const four = parse4(text)
  if (four !== null) return { version: 4, value: four }
  const six = parse6(text)
  return six === null ? null : { version: 6, value: six }
}

export function widthOf(version: IpVersion): number {
  return version === 4 ? 32 : 128
}

export function sizeOf({ version, prefix }: IpNetwork): bigint {
  return 1n << BigInt(widthOf(version) - prefix)
}

export function hostmaskOf(network: IpNetwork): bigint {
  return sizeOf(network) - 1n
}

export function netmaskOf(network: IpNetwork): bigint {
  return allOnes(network.version) ^ hostmaskOf(network)
}

export function firstOf(network: IpNetwork): bigint {
  return network.ip & netmaskOf(network)
}

export function lastOf(network: IpNetwork): bigint {
  return firstOf(network) | hostmaskOf(network)
}

export function contains(outer: IpNetwork, inner: IpNetwork): boolean {
  return outer.version === inner.version && firstOf(inner) >= firstOf(outer) && lastOf(inner) <= lastOf(outer)
}

export function allOnes(version: IpVersion): bigint {
  return (1n << BigInt(widthOf(version))) - 1n
}

export function formatAddress(version: IpVersion, value: bigint): string {
  return version === 4 ? format4(value) : format6(value)
}

/** With its prefix. */
export function formatNetwork({ version, ip, prefix }: IpNetwork): string {
  return `${formatAddress(version, ip)}/${prefix}`
}

function parse4(text: string): bigint | null {
  const parts = text.split('.')
  if (parts.length !== 4 || !parts.every(part => /^\d{1,3}$/.test(part) && Number(part) <= 255)) return null
  return parts.reduce((value, part) => (value << 8n) | BigInt(part), 0n)
}

function parse6(text: string): bigint | null {
  if (!text.includes(':')) return null
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text)
  const four = dotted === null ? null : parse4(dotted[2] ?? '')
  if (dotted !== null && four === null) return null
  const hex =
    four === null ? text : `${dotted?.[1]}${(four >> 16n).toString(16)}:${(four & 0xffffn).toString(16)}`
  const halves = hex.split('::')
  if (halves.length > 2) return null
  const [head = [], tail = []] = halves.map(half => (half === '' ? [] : half.split(':')))
  const missing = 8 - head.length - tail.length
  if (halves.length === 1 ? missing !== 0 : missing < 1) return null
  const groups = [...head, ...Array.from({ length: missing }, () => '0'), ...tail]
  if (!groups.every(group => /^[\da-f]{1,4}$/i.test(group))) return null
  return groups.reduce((value, group) => (value << 16n) | BigInt(`0x${group}`), 0n)
}

function prefixOf(mask: string, version: IpVersion): number | null {
  const width = widthOf(version)
  if (/^\d{1,3}$/.test(mask)) return Number(mask) <= width ? Number(mask) : null
  const parsed = parseAddress(mask)
  if (parsed?.version !== version) return null
  for (let prefix = 0; prefix <= width; prefix++) {
    const network = { version, ip: 0n, prefix }
    if (netmaskOf(network) === parsed.value || hostmaskOf(network) === parsed.value) return prefix
  }
  return null
}

function format4(value: bigint): string {
  return [24n, 16n, 8n, 0n].map(shift => (value >> shift) & 0xffn).join('.')
}

/** The longest run of zeros is left out; embedded IPv4 is written as such. */
function format6(value: bigint): string {
  const low = value & 0xffffffffn
  if (value >> 32n === 0xffffn) return `::ffff:${format4(low)}`
  if (value >> 32n === 0n && value >> 16n !== 0n) return `::${format4(low)}`
  const groups = Array.from({ length: 8 }, (_, i) => ((value >> BigInt(112 - 16 * i)) & 0xffffn).toString(16))
  const { start, length } = longestZeros(groups)
  if (length < 2) return groups.join(':')
  return `${groups.slice(0, start).join(':')}::${groups.slice(start + length).join(':')}`
}

function longestZeros(groups: readonly string[]): { readonly start: number; readonly length: number } {
  let best = { start: 0, length: 0 }
  for (let start = 0; start < groups.length; start++) {
    let length = 0
    while (groups[start + length] === '0') length++
    if (length > best.length) best = { start, length }
  }
  return best
}
