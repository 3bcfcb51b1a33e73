/** Values of PostgreSQL's parameters: which texts mean the same, and how they are written. */

export interface Setting {
  readonly name: string
  /** In units of `unit`, as text. */
  readonly setting: string
  readonly unit: string | null
  readonly context: string
  readonly boot: string | null
  readonly vartype: string
  /** As SHOW says it. */
  readonly pretty: string
  /** What ALTER SYSTEM wrote, also when a restart has yet to bring it. */
  readonly auto: string | null
}

const BYTES: Readonly<Record<string, number>> = { b: 1, kb: 2 ** 10, mb: 2 ** 20, gb: 2 ** 30, tb: 2 ** 40 }
const MILLISECONDS: Readonly<Record<string, number>> = {
  us: 0.001,
  ms: 1,
  s: 1000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
}
/** One text with commas stands for a list of names there. */
const LISTS = new Set([
  'local_preload_libraries',
  'search_path',
  'session_preload_libraries',
  'shared_preload_libraries',
  'temp_tablespaces',
  'unix_socket_directories',
  'listen_addresses',
  'synchronous_standby_names',
])

export function meansSame(setting: Setting, one: string, other: string): boolean {
  return canonical(setting, one) === canonical(setting, other)
}

/** `1mb` and `1b` are no sizes to PostgreSQL, but people write them. */
export function tidySize(value: string): string {
  if (/^\d+(mb|gb|tb|b)$/.test(value)) return value.toUpperCase()
  return /^\d+kb$/.test(value) ? value.replace('kb', 'kB') : value
}

/** Names of lists one by one, else PostgreSQL takes them as one name. */
export function settingSql(name: string, value: string, literal: (text: string) => string): string {
  const isNames = LISTS.has(name) && !['listen_addresses', 'synchronous_standby_names'].includes(name)
  if (!isNames || value === '') return literal(value)
  return value
    .split(',')
    .map(part => literal(part.trim().replace(/^"(.*)"$/, '$1')))
    .join(', ')
}

/** The setting in bytes where it is a size, as results show it. */
export function plainValue({ setting, unit }: Setting): {
  readonly value: string | number
  readonly unit: string | null
} {
  const factor = { kB: 2 ** 10, MB: 2 ** 20 }[unit ?? '']
  if (factor === undefined) return { value: setting, unit }
  return { value: Number(setting) > 0 ? Number(setting) * factor : setting, unit: 'b' }
}

/** null: no size. */
export function inBytes({ setting, unit }: Pick<Setting, 'setting' | 'unit'>): number | null {
  const parts = /^(\d*)(k?B|MB)$/.exec(unit ?? '')
  const factor = BYTES[(parts?.[2] ?? '').toLowerCase()]
  return factor === undefined ? null : Number(setting) * factor * Number(parts?.[1] || 1)
}

function canonical(setting: Setting, value: string): string {
  const text = value.trim()
  if (setting.vartype === 'bool') return canonicalBool(text)
  if (setting.vartype === 'integer' || setting.vartype === 'real') return canonicalNumber(text, setting.unit)
  if (setting.vartype === 'enum') return canonicalBool(text.toLowerCase())
  if (!LISTS.has(setting.name)) return value
  return text
    .split(',')
    .map(part => part.trim().replace(/^"(.*)"$/, '$1'))
    .join(',')
}

function canonicalBool(text: string): string {
  const word = text.toLowerCase()
  if (['on', 'true', 'yes', '1', 't', 'y'].includes(word)) return 'on'
  return ['off', 'false', 'no', '0', 'f', 'n'].includes(word) ? 'off' : word
}

/** A number without a unit is in the parameter's own: `8kB`, `ms`, …; 8 kB of it are 8192 bytes. */
function canonicalNumber(text: string, own: string | null): string {
  const written = /^([-+]?[\d.]+(?:e[-+]?\d+)?)\s*([a-z]*)$/i.exec(text)
  if (written === null) return text
  const parts = /^(\d*)([A-Za-z]*)$/.exec(own ?? '')
  const unit = written[2] || parts?.[2] || ''
  const count = Number(written[1]) * (written[2] ? 1 : Number(parts?.[1] || 1))
  const factor = BYTES[unit.toLowerCase()] ?? MILLISECONDS[unit] ?? 1
  return String(count < 0 ? Number(written[1]) : count * factor)
}
