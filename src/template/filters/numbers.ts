/** Filters over numbers and sizes. */
import { float, PyFloat } from '../../base/value.ts'
import { typeError, valueError } from '../errors.ts'
import { str } from '../runtime/printing.ts'
import { define } from '../runtime/signature.ts'
import { isFloat, isNumber, numeric, typeName } from '../runtime/values.ts'

export const numberFilters = define({
  'int(default, base: int)': toInteger,
  'float(default)': toFloat,
  'abs()': (value: unknown) => {
    const number = numeric(value)
    if (typeof number === 'bigint') return number < 0n ? -number : number
    const size = Math.abs(requireNumber(value))
    return isFloat(value) ? float(size) : size
  },
  'round(precision: int, method: str)': (value: unknown, precision = 0, method = 'common') => {
    const rounded = round(requireNumber(value), precision, method)
    return isFloat(value) || method !== 'common' ? float(rounded) : rounded
  },
  'log(base: num)': (value: unknown, base?: number) => float(logarithm(requireNumber(value), base)),
  'pow(exponent: num)': (value: unknown, exponent: number) => float(requireNumber(value) ** exponent),
  'root(base: num)': (value: unknown, base = 2) =>
    float(base === 2 ? Math.sqrt(requireNumber(value)) : requireNumber(value) ** (1 / base)),
  'filesizeformat(binary: bool)': (value: unknown, binary = false) => fileSize(sizeOf(value), binary),
  'human_readable(isbits: bool, unit: str)': (value: unknown, isBits = false, unit?: string) =>
    humanReadable(requireNumber(value), isBits, unit),
  'human_to_bytes(default_unit: str, isbits: bool)': (value: unknown, unit?: string) =>
    humanToBytes(str(value), unit),
})

function requireNumber(value: unknown): number {
  const number = numeric(value)
  return isNumber(number) ? Number(number) : typeError(`a number is needed, not ${typeName(value)}`)
}

const DECIMAL = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i

/** What cannot be read is the default, as in Jinja2. */
function toInteger(value: unknown, fallback: unknown = 0, base = 10): unknown {
  if (typeof value === 'string') return parseInteger(value.trim(), base) ?? fallback
  const number = numeric(value)
  if (typeof number === 'bigint') return number
  return typeof number === 'number' && Number.isFinite(number) ? Math.trunc(number) + 0 : fallback
}

function parseInteger(text: string, base: number): number | bigint | undefined {
  // Underscores may only stand between digits.
  if (/^[-+]?_|__|_$/.test(text)) return undefined
  const digits = text.replaceAll('_', '')
  if (base === 10) {
    if (/^[-+]?\d+$/.test(digits)) return exactInteger(digits)
    return DECIMAL.test(digits) ? Math.trunc(Number(digits)) + 0 : undefined
  }
  const number = Number.parseInt(digits.replace(/^([-+]?)0[xob]/i, '$1'), base)
  return Number.isNaN(number) ? undefined : number
}

function exactInteger(digits: string): number | bigint {
  const number = Number(digits)
  return Number.isSafeInteger(number) ? number : BigInt(digits)
}

function toFloat(value: unknown, fallback: unknown = new PyFloat(0)): unknown {
  if (typeof value === 'string') {
    const text = value.trim()
    if (DECIMAL.test(text.replaceAll('_', ''))) return float(Number(text.replaceAll('_', '')))
    return NAMED_FLOATS[text.toLowerCase()] ?? fallback
  }
  const number = numeric(value)
  return isNumber(number) ? float(Number(number)) : fallback
}

const NAMED_FLOATS: Readonly<Record<string, number>> = {
  nan: Number.NaN,
  inf: Number.POSITIVE_INFINITY,
  infinity: Number.POSITIVE_INFINITY,
  '-inf': Number.NEGATIVE_INFINITY,
}

function round(value: number, precision: number, method: string): number {
  const factor = 10 ** precision
  if (method === 'ceil') return Math.ceil(value * factor) / factor
  if (method === 'floor') return Math.floor(value * factor) / factor
  if (method !== 'common') return valueError("round: method must be 'common', 'ceil' or 'floor'")
  if (precision > 0) return Number(value.toFixed(precision))
  const scaled = value * factor
  const nearest = Math.round(scaled)
  // Python rounds halves to the even neighbour.
  const isHalf = Math.abs(scaled % 1) === 0.5
  return (isHalf && nearest % 2 !== 0 ? nearest - 1 : nearest) / factor
}

function logarithm(value: number, base: number | undefined): number {
  if (base === undefined) return Math.log(value)
  if (base === 10) return Math.log10(value)
  return base === 2 ? Math.log2(value) : Math.log(value) / Math.log(base)
}

/** A number, or a text that is one. */
function sizeOf(value: unknown): number {
  const size = toFloat(value, null)
  return size === null ? typeError(`a size is needed, not ${typeName(value)}`) : Number(numeric(size))
}

function fileSize(size: number, isBinary: boolean): string {
  const step = isBinary ? 1024 : 1000
  const units = isBinary ? ['KiB', 'MiB', 'GiB', 'TiB', 'PiB'] : ['kB', 'MB', 'GB', 'TB', 'PB']
  if (size === 1) return '1 Byte'
  if (size < step) return `${Math.trunc(size)} Bytes`
  let rest = size / step
  let unit = 0
  while (rest >= step && unit < units.length - 1) {
    rest /= step
    unit++
  }
  return `${rest.toFixed(1)} ${units[unit]}`
}

/** Largest first. */
const UNITS: readonly (readonly [string, number])[] = [
  ['Y', 2 ** 80],
  ['Z', 2 ** 70],
  ['E', 2 ** 60],
  ['P', 2 ** 50],
  ['T', 2 ** 40],
  ['G', 2 ** 30],
  ['M', 2 ** 20],
  ['K', 2 ** 10],
  ['B', 1],
]

function humanReadable(size: number, isBits: boolean, unit: string | undefined): string {
  const wanted = unit?.toUpperCase()
  const chosen = UNITS.find(([name, limit]) => (wanted === undefined ? size >= limit : wanted === name))
  const whole = isBits ? 'bits' : 'Bytes'
  if (!chosen) return `${size.toFixed(2)} ${whole}`
  const [name, limit] = chosen
  return `${(size / limit).toFixed(2)} ${name === 'B' ? whole : name + (isBits ? 'b' : 'B')}`
}

function humanToBytes(text: string, defaultUnit: string | undefined): number {
  const match = /^\s*(\d*\.?\d*)\s*([A-Za-z]+)?/.exec(text)
  const letter = (match?.[2] ?? defaultUnit ?? 'B')[0]?.toUpperCase()
  const unit = UNITS.find(([name]) => name === letter)
  if (!match?.[1] || !unit) return valueError(`human_to_bytes() can't interpret '${text}'`)
  return Math.round(Number(match[1]) * unit[1])
}
