/** Hardware addresses (MAC) in their many spellings, and the IPv6 address a host makes of its own. */
import { firstOf, formatAddress, type IpNetwork } from '../data/ip-network.ts'
import { valueError } from '../errors.ts'
import { asNumber } from './ip-query.ts'

const SPELLINGS: ReadonlyMap<string, (octets: readonly string[]) => unknown> = new Map<
  string,
  (octets: readonly string[]) => unknown
>([
  ['bare', octets => octets.join('').toUpperCase()],
  ['cisco', octets => grouped(octets, 2).join('.')],
  ['eui48', octets => octets.join('-').toUpperCase()],
  ['win', octets => octets.join('-').toUpperCase()],
  ['linux', octets => octets.join(':')],
  ['unix', octets => octets.map(octet => octet.replace(/^0/, '')).join(':')],
  ['pgsql', octets => grouped(octets, 3).join(':')],
  ['postgresql', octets => grouped(octets, 3).join(':')],
  ['psql', octets => grouped(octets, 3).join(':')],
  ['int', octets => asNumber(BigInt(`0x${octets.join('')}`))],
  ['bool', () => true],
])

export function hardwareAddress(text: string, query: string): unknown {
  const octets = octetsOf(text)
  if (octets === null) {
    if (query !== '' && query !== 'bool') return valueError(`hwaddr: not a hardware address: ${text}`)
    return null
  }
  if (query === '') return text
  const spelling = SPELLINGS.get(query)
  return spelling === undefined ? valueError(`hwaddr: unknown filter type: ${query}`) : spelling(octets)
}

/** The network's prefix with the EUI-64 of the hardware address behind it. */
export function slaacAddress(network: IpNetwork | null, mac: string): unknown {
  const octets = octetsOf(mac)
  if (network?.version !== 6 || octets === null) return false
  const [first = '00', second, third, ...rest] = octets
  const flipped = (Number.parseInt(first, 16) ^ 2).toString(16).padStart(2, '0')
  const eui = BigInt(`0x${[flipped, second, third, 'ff', 'fe', ...rest].join('')}`)
  return formatAddress(6, firstOf(network) + eui)
}

/** Six octets of two digits, lower case. */
function octetsOf(text: string): readonly string[] | null {
  if (/^\d{1,15}$/.test(text) && text.length !== 12)
    return BigInt(text) < 1n << 48n
      ? (BigInt(text).toString(16).padStart(12, '0').match(/../g) ?? null)
      : null
  const parts = text.split(/[:-]/)
  if (parts.length === 6 && parts.every(part => /^[\da-f]{1,2}$/i.test(part)))
    return parts.map(part => part.padStart(2, '0').toLowerCase())
  const triple = /^([\da-f]{1,4})\.([\da-f]{1,4})\.([\da-f]{1,4})$/i.exec(text)
  const halves = /^([\da-f]{1,6})[:-]([\da-f]{1,6})$/i.exec(text)
  const bare = /^[\da-f]{12}$/i.test(text) ? text : undefined
  const hex =
    bare ??
    triple
      ?.slice(1)
      .map(part => part.padStart(4, '0'))
      .join('') ??
    halves
      ?.slice(1)
      .map(part => part.padStart(6, '0'))
      .join('')
  return hex === undefined ? null : (hex.toLowerCase().match(/../g) ?? null)
}

function grouped(octets: readonly string[], size: number): string[] {
  const groups: string[] = []
  for (let i = 0; i < octets.length; i += size) groups.push(octets.slice(i, i + size).join(''))
  return groups
}
