/** Rules as ufw keeps them: `### tuple ###` lines in user.rules and user6.rules. */
import type { UfwArgs } from './ufw-arguments.ts'

/** What tells one rule from another. Two rules with the same identity cannot stand side by side. */
export interface UfwMatch {
  readonly v6: boolean
  readonly forward: boolean
  readonly direction: 'in' | 'out'
  readonly interfaceIn: string
  readonly interfaceOut: string
  readonly protocol: string
  /** Ports are '' for rules of an application: its profile names them. */
  readonly sport: string
  readonly src: string
  readonly dport: string
  readonly dst: string
  /** Application profiles. */
  readonly dapp: string
  readonly sapp: string
}

export interface UfwRule {
  readonly match: UfwMatch
  /** allow, deny, reject, limit; with _log when it logs. */
  readonly action: string
  readonly comment: string
  /** As written, for finding out about open ports: an application's rule has its ports here alone. */
  readonly ports: string
  readonly protocol: string
}

export function parseRules(text: string, v6: boolean): UfwRule[] {
  return text.split('\n').flatMap(line => {
    const [, body, hex = ''] = /^### tuple ### *(.*?)(?: comment=([0-9a-fA-F]*))? *$/.exec(line) ?? []
    const rule = body === undefined ? null : ruleOf(body.trim().split(/\s+/), v6)
    return rule === null ? [] : [{ ...rule, comment: Buffer.from(hex, 'hex').toString('utf8') }]
  })
}

/** action protocol dport dst sport src [dapp sapp] [direction and interfaces] */
function ruleOf(fields: readonly string[], v6: boolean): Omit<UfwRule, 'comment'> | null {
  if (fields.length < 6 || fields.length > 9) return null
  const [kind = '', protocol = '', dport = '', dst = '', sport = '', src = '', ...rest] = fields
  const place = rest.length % 2 === 1 ? (rest.at(-1) ?? 'in') : 'in'
  const [dapp = '-', sapp = '-'] = rest.length >= 2 ? rest : []
  const [interfaceIn = '', interfaceOut = ''] = interfacesOf(place)
  const isApp = dapp !== '-' || sapp !== '-'
  return {
    action: kind.replace(/^route:/, ''),
    ports: dport,
    protocol,
    match: {
      v6,
      forward: kind.startsWith('route:'),
      direction: place.startsWith('out') ? 'out' : 'in',
      interfaceIn,
      interfaceOut,
      protocol: isApp ? '' : protocol,
      sport: sapp === '-' ? sport : '',
      src,
      dport: dapp === '-' ? dport : '',
      dst,
      dapp: appName(dapp),
      sapp: appName(sapp),
    },
  }
}

function interfacesOf(place: string): [string, string] {
  const [, both, out] = /^in_(.+)!out_(.+)$/.exec(place) ?? []
  if (both !== undefined) return [both, out ?? '']
  const [, side, name = ''] = /^(in|out)_(.+)$/.exec(place) ?? []
  return side === 'in' ? [name, ''] : ['', name]
}

function appName(field: string): string {
  return field === '-' ? '' : field.replaceAll('%20', ' ')
}

export function sameRule(one: UfwMatch, other: UfwMatch): boolean {
  return (Object.keys(one) as (keyof UfwMatch)[]).every(name => one[name] === other[name])
}

/** Ports of /etc/services by name: "22/tcp". */
export type Services = ReadonlyMap<string, readonly string[]>

/** The rules the arguments ask for: one for each kind of address. A text says what is wrong. */
export function wantedRules(
  args: UfwArgs,
  { services, ipv6 }: { services: Services; ipv6: boolean },
): UfwRule[] | string {
  const to = portOf(args.to_port, services)
  const from = portOf(args.from_port, services)
  const missing = to === null ? args.to_port : from === null ? args.from_port : undefined
  if (to === null || from === null) return `the host's /etc/services does not know ${missing}`
  const protocol = args.proto && args.proto !== 'any' ? args.proto : (to.protocol ?? from.protocol ?? 'any')
  const kinds = new Set([args.from_ip, args.to_ip].filter(ip => ip !== 'any').map(ip => ip.includes(':')))
  if (kinds.size === 2) return "Mixed IP versions for 'from' and 'to'"
  const only4 = protocol === 'igmp' || protocol === 'ipv6'
  const versions = kinds.size === 1 ? [...kinds] : ipv6 && !only4 ? [false, true] : [false]
  if (versions.includes(true) && !ipv6) return 'IPv6 is switched off in /etc/default/ufw (IPV6=no)'
  const interfaces = interfacesWanted(args)
  return versions.map(v6 => ({
    action: `${args.rule}${args.log ? '_log' : ''}`,
    comment: args.comment ?? '',
    ports: to.port,
    protocol,
    match: {
      v6,
      forward: args.route,
      ...interfaces,
      protocol: args.name === undefined ? protocol : '',
      sport: from.port,
      src: addressOf(args.from_ip, v6),
      dport: args.name === undefined ? to.port : '',
      dst: addressOf(args.to_ip, v6),
      dapp: args.name ?? '',
      sapp: '',
    },
  }))
}

function interfacesWanted(args: UfwArgs): Pick<UfwMatch, 'direction' | 'interfaceIn' | 'interfaceOut'> {
  const isOut =
    args.direction?.startsWith('out') ?? (args.interface_out !== undefined && args.interface_in === undefined)
  return {
    direction: isOut ? 'out' : 'in',
    interfaceIn: args.interface_in ?? (isOut ? '' : (args.interface ?? '')),
    interfaceOut: args.interface_out ?? (isOut ? (args.interface ?? '') : ''),
  }
}

interface Port {
  readonly port: string
  /** Which protocol a service name stands for; null for a number, and for both. */
  readonly protocol: string | null
}

function portOf(given: string | undefined, services: Services): Port | null {
  if (given === undefined || given === 'any') return { port: 'any', protocol: null }
  if (/^\d[\d,:]*$/.test(given)) {
    const ports = given.split(',').sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10))
    return { port: ports.join(','), protocol: null }
  }
  const found = services.get(given) ?? []
  const port = found[0]?.split('/')[0]
  if (port === undefined) return null
  const protocols = new Set(found.map(entry => entry.split('/')[1] ?? ''))
  return { port, protocol: protocols.size === 1 ? ([...protocols][0] ?? null) : null }
}

/** As ufw writes it: IPv4 without host bits, IPv6 in its shortest form; a whole address without its length. */
function addressOf(given: string, v6: boolean): string {
  if (given === 'any') return v6 ? '::/0' : '0.0.0.0/0'
  const [address = '', mask] = given.toLowerCase().split('/')
  const width = v6 ? 128 : 32
  const length = mask === undefined ? width : mask.includes('.') ? maskLength(mask) : Number(mask)
  const base = v6 ? compressed(groupsOf(address)) : masked(address, length)
  return length === width ? base : `${base}/${length}`
}

function masked(address: string, length: number): string {
  const kept = address.split('.').map((part, index) => {
    const bits = Math.max(0, Math.min(8, length - index * 8))
    return Number(part) & (256 - 2 ** (8 - bits))
  })
  return kept.join('.')
}

function groupsOf(address: string): number[] {
  const [left = '', right] = address.split('::')
  const numbers = (part: string) =>
    part === '' ? [] : part.split(':').map(group => Number.parseInt(group, 16))
  const [head, tail] = [numbers(left), numbers(right ?? '')]
  const gap = right === undefined ? 0 : Math.max(0, 8 - head.length - tail.length)
  return [...head, ...Array<number>(gap).fill(0), ...tail]
}

/** The longest run of zero groups becomes two colons; of equals, the first. */
function compressed(groups: readonly number[]): string {
  const whole = `:${groups.map(group => group.toString(16)).join(':')}:`
  const [run] = [...whole.matchAll(/(?<=:)(0:){2,}/g)].sort((a, b) => b[0].length - a[0].length)
  if (run === undefined) return whole.slice(1, -1)
  const joined = `${whole.slice(0, run.index)}:${whole.slice(run.index + run[0].length)}`
  return joined.replace(/^:(?!:)/, '').replace(/(?<!:):$/, '')
}

function maskLength(mask: string): number {
  return mask.split('.').reduce((sum, part) => sum + Number(part).toString(2).replaceAll('0', '').length, 0)
}
