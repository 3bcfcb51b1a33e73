/** What answers must look like. Each gives the rest of the sentence "<name> ..." or undefined. */
import { hasHostBits, isInside, parseCidr, parseIp } from './network.ts'
import type { Check } from './variable.ts'

export const projectName = matching(
  /^[a-z][a-z0-9-]{1,30}$/,
  'must start with a small letter and hold 2 to 31 small letters, digits and dashes: it names folders and containers',
)
export const dnsLabel = matching(
  /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
  'must be one part of a host name: small letters, digits and inner dashes, at most 63',
)
export const gitUrl = matching(
  /^(https?:\/\/|ssh:\/\/|git:\/\/|[\w.-]+@[\w.-]+:)\S+$/,
  'must be the address of a git repository, like https://example.org/me/project.git',
)
export const httpsUrl = matching(/^https:\/\/[^\s/?#]+\S*$/, 'must start with https:// and name a host')
export const webUrl = matching(
  /^https?:\/\/[^\s/?#]+\S*$/,
  'must start with http:// or https:// and name a host',
)
export const email = matching(/^[^\s@"<>()]+@[a-zA-Z0-9-]+(\.[a-zA-Z0-9-]+)+$/, 'must be an e-mail address')
export const absolutePath = matching(/^(\/|~\/|~$)[^\0\n]*$/, 'must be a path that starts with / or ~/')
export const locale = matching(
  /^(C|POSIX|[a-z]{2,3}(_[A-Z]{2})?)(\.[A-Za-z0-9-]+)?(@\w+)?$/,
  'must be a locale such as fr_FR.UTF-8',
)
export const telegramToken = matching(
  /^\d+:[\w-]{30,}$/,
  'must be a bot token as BotFather gives it: digits, a colon, at least 30 characters',
)
export const size = matching(
  /^[1-9]\d*(\.\d+)?\s?([kKMGT]i?[bB]?|[bB])?$/,
  'must be a size such as 512M or 10GiB',
)
export const logSize = matching(/^[1-9]\d*[kmg]$/, 'must be a size such as 10m')
export const snapshotPattern = matching(
  /%d|\{\{/,
  'must hold %d (a number) or a {{ date }} so that each snapshot has its own name',
)
export const loginName = matching(
  /^[a-z_][a-z0-9_-]{0,31}$/,
  'must be a login name: small letters, digits, _ and -',
)
export const modelName = matching(/^[\w.-]+(\/[\w.-]+)*(:[\w.-]+)?$/, 'must be a model such as llama2:7b')
export const serverType = matching(
  /^[a-z0-9-]{2,20}$/,
  'must be a server type as the provider names it, such as cx23',
)
export const collection = matching(/^[\w-]{1,255}$/, 'may hold letters, digits, _ and -')
export const bucket = matching(
  /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
  'must be 3 to 63 small letters, digits, dots and dashes',
)
export const memory = matching(/^[1-9]\d*[mMgG]$/, 'must be a size in M or G, such as 768M')
export const wholeNumber = matching(/^-?\d+$/, 'must be a whole number')

export const hostName: Check = text => {
  const labels = text.split('.')
  const isSound =
    text.length <= 253 &&
    labels.every(label => /^[a-zA-Z0-9_]([a-zA-Z0-9_-]{0,61}[a-zA-Z0-9_])?$/.test(label))
  return isSound ? undefined : 'must be a host name'
}

/** Two parts at least, and a last part that is no number. `.local` and the like are warned of elsewhere. */
export const domainName: Check = text => {
  const labels = text.split('.')
  if (
    hostName(text, NOTHING) !== undefined ||
    labels.length < 2 ||
    !/^[a-z][a-z0-9-]+$/i.test(labels.at(-1) ?? '')
  ) {
    return 'must be a domain name such as example.org'
  }
  return /^(localhost|localdomain|invalid|test)$/i.test(labels.at(-1) ?? '')
    ? 'must end in a public suffix such as .org'
    : undefined
}

export const ipAddress: Check = text =>
  parseIp(text) === undefined ? 'must be an IPv4 or IPv6 address' : undefined

export const publicIp: Check = text => {
  if (parseIp(text) === undefined) return 'must be an IPv4 or IPv6 address'
  return PRIVATE_RANGES.some(range => isInside(text, range))
    ? 'must be a public address, and this one is private'
    : undefined
}

export const cidr: Check = text => {
  if (parseCidr(text) === undefined) return 'must be a range such as 10.0.0.0/24'
  return hasHostBits(text)
    ? 'has bits set behind its prefix: is the address or the prefix mistyped?'
    : undefined
}

export const cidrOrIp: Check = text => (parseIp(text) === undefined ? cidr(text, NOTHING) : undefined)

export const timezone: Check = text => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: text })
    return /^[A-Z][\w+-]*(\/[\w+-]+)*$/.test(text) ? undefined : 'must be written like Europe/Paris'
  } catch {
    return 'must be a time zone such as Europe/Paris'
  }
}

/** `within('vpn_network_cidr')`: inside the range another answer gives. */
export function within(name: string): Check {
  return (text, context) => {
    const range = context.get(name)
    if (parseIp(text) === undefined) return 'must be an IPv4 or IPv6 address'
    return typeof range !== 'string' || isInside(text, range)
      ? undefined
      : `must lie inside ${name} (${range})`
  }
}

/** Tailscale's own range; the whole 100.0.0.0/8 would let strangers in. */
export const tailnet: Check = text =>
  isInside(text, '100.64.0.0/10') ? undefined : 'must lie inside 100.64.0.0/10'

export const addressAndPort: Check = text => {
  const match = /^(.+):(\d{1,5})$/.exec(text)
  if (match === null || parseIp((match[1] ?? '').replace(/^\[|\]$/g, '')) === undefined)
    return 'must be address:port'
  const port = Number(match[2])
  return port >= 1 && port <= 65535 ? undefined : 'must have a port from 1 to 65535'
}

export const cron: Check = text => {
  const fields = text.trim().split(/\s+/)
  const field = /^(\*|\d+(-\d+)?)(\/\d+)?(,(\*|\d+(-\d+)?)(\/\d+)?)*$/
  const isSound =
    /^@(hourly|daily|weekly|monthly|yearly|annually|midnight|startup|never)$/.test(text) ||
    (fields.length === 5 && fields.every(part => field.test(part)))
  return isSound ? undefined : 'must be five cron fields such as 0 2 * * *'
}

const HOURS: Readonly<Record<string, number>> = {
  s: 1 / 3600,
  m: 1 / 60,
  h: 1,
  d: 24,
  w: 168,
  M: 720,
  y: 8760,
}

function hoursOf(text: string): number | undefined {
  const match = /^(\d+)([smhdwMy])$/.exec(text)
  return match === null ? undefined : Number(match[1]) * (HOURS[match[2] ?? ''] ?? 0)
}

export const duration: Check = text =>
  hoursOf(text) ? undefined : 'must be a length of time such as 24h or 30d'

export function durationBetween(shortest: string, longest: string): Check {
  return text => {
    const hours = hoursOf(text)
    const isSound =
      hours !== undefined && hours >= (hoursOf(shortest) ?? 0) && hours <= (hoursOf(longest) ?? 0)
    return isSound ? undefined : `must be a length of time from ${shortest} to ${longest}`
  }
}

export const sshPublicKey: Check = text => {
  const sound =
    /^(ssh-(ed25519|rsa)|ecdsa-sha2-nistp(256|384|521)|sk-(ssh-ed25519|ecdsa-sha2-nistp256)@openssh\.com) [A-Za-z0-9+/]{40,}={0,2}( .*)?$/
  if (/PRIVATE KEY/.test(text)) return 'is a private key; give the public one (the .pub file)'
  return sound.test(text.trim()) ? undefined : 'must be a public key line such as ssh-ed25519 AAAA...'
}

export function startsWith(prefix: string): Check {
  return text =>
    text.startsWith(prefix) && text.length > prefix.length + 8
      ? undefined
      : `must start with ${prefix} and is longer`
}

export function atLeast(length: number): Check {
  return text => ([...text].length >= length ? undefined : `must have at least ${length} characters`)
}

export function not(...refused: readonly string[]): Check {
  return text => (refused.includes(text.toLowerCase()) ? `must not be ${text}` : undefined)
}

/** The first objection of several. */
export function all(...checks: readonly Check[]): Check {
  return (text, context) => {
    for (const check of checks) {
      const objection = check(text, context)
      if (objection !== undefined) return objection
    }
    return undefined
  }
}

const NOTHING = { systems: [], get: () => undefined }

/** Documentation ranges are left out: they are what examples use. */
const PRIVATE_RANGES = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '0.0.0.0/8',
  '224.0.0.0/3',
  '::1/128',
  '::/128',
  'fc00::/7',
  'fe80::/10',
]

function matching(pattern: RegExp, objection: string): Check {
  return text => (pattern.test(text) ? undefined : objection)
}
