/** IP addresses and ranges as numbers. */
export interface Range {
  readonly family: 4 | 6
  readonly first: bigint
  readonly last: bigint
}

/** Undefined when the text is not an IPv4 or IPv6 address. */
export function parseIp(text: string): { readonly family: 4 | 6; readonly value: bigint } | undefined {
  const four = parseIpv4(text)
  if (four !== undefined) return { family: 4, value: four }
  const six = parseIpv6(text)
  return six === undefined ? undefined : { family: 6, value: six }
}

/** `address/prefix`; undefined when it is not one. Bits behind the prefix may be set. */
export function parseCidr(text: string): Range | undefined {
  const match = /^([^/]+)\/(\d{1,3})$/.exec(text)
  const address = parseIp(match?.[1] ?? '')
  if (address === undefined) return undefined
  const width = address.family === 4 ? 32 : 128
  const prefix = Number(match?.[2])
  if (prefix > width) return undefined
  const size = 1n << BigInt(width - prefix)
  const first = (address.value / size) * size
  return { family: address.family, first, last: first + size - 1n }
}

/** Has the range bits set behind its prefix, as 10.0.0.7/24 has? */
export function hasHostBits(text: string): boolean {
  const address = parseIp(text.split('/')[0] ?? '')
  const range = parseCidr(text)
  return address !== undefined && range !== undefined && address.value !== range.first
}

/** Is an address, or a whole range, inside a range? False when one of them cannot be read. */
export function isInside(inner: string, outer: string): boolean {
  const big = parseCidr(outer)
  const address = parseIp(inner)
  const small =
    address === undefined
      ? parseCidr(inner)
      : { family: address.family, first: address.value, last: address.value }
  if (big === undefined || small === undefined || big.family !== small.family) return false
  return big.first <= small.first && small.last <= big.last
}

export function overlaps(one: string, other: string): boolean {
  const a = parseCidr(one)
  const b = parseCidr(other)
  return a !== undefined && b !== undefined && a.family === b.family && a.first <= b.last && b.first <= a.last
}

function parseIpv4(text: string): bigint | undefined {
  if (!/^\d{1,3}(\.\d{1,3}){3}$/.test(text)) return undefined
  const parts = text.split('.')
  if (parts.some(part => Number(part) > 255 || (part.length > 1 && part.startsWith('0')))) return undefined
  return parts.reduce((sum, part) => sum * 256n + BigInt(part), 0n)
}

function parseIpv6(text: string): bigint | undefined {
  if (!/^[\da-fA-F:]+(\d{1,3}(\.\d{1,3}){3})?$/.test(text) || !text.includes(':')) return undefined
  const tail = /:(\d[\d.]*\.\d+)$/.exec(text)?.[1]
  const four = tail === undefined ? undefined : parseIpv4(tail)
  if (tail !== undefined && four === undefined) return undefined
  const plain =
    four === undefined
      ? text
      : text.replace(tail ?? '', `${(four >> 16n).toString(16)}:${(four & 0xffffn).toString(16)}`)
  const halves = plain.split('::')
  if (halves.length > 2) return undefined
  const [head, rest] = halves.map(half => (half === '' ? [] : half.split(':')))
  const given = (head?.length ?? 0) + (rest?.length ?? 0)
  if (halves.length === 1 ? given !== 8 : given > 7) return undefined
  const groups = [...(head ?? []), ...Array<string>(8 - given).fill('0'), ...(rest ?? [])]
  if (!groups.every(group => /^[\da-fA-F]{1,4}$/.test(group))) return undefined
  return groups.reduce((sum, group) => sum * 65536n + BigInt(`0x${group}`), 0n)
}
