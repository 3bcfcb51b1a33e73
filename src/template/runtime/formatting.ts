/** Python's three ways to put values into text: `%`, `str.format` and format specifications. */
import { typeError, valueError } from '../errors.ts'
import { dictGet, dictHas } from './dicts.ts'
import { repr, str } from './printing.ts'
import { isDictLike, isFloat, isNumber, numeric, Tuple, typeName } from './values.ts'

/** Flags, width, precision and conversion letter of one placeholder. */
export interface FormatSpec {
  readonly flags: string
  readonly width: number
  readonly precision: number | undefined
  readonly conversion: string
}

const PLACEHOLDER = /%(?:\((\w+)\))?([-+ 0#]*)(\d+|\*)?(?:\.(\d+))?([sdiufFeEgGxXocr%])/g

/** `format % values`: a tuple gives the values in order, a mapping by name. */
export function percentFormat(format: string, values: unknown): string {
  const positional = values instanceof Tuple ? [...values] : [values]
  let next = 0
  const take = (): unknown => {
    if (next >= positional.length) typeError('not enough arguments for format string')
    return positional[next++]
  }
  const fill = (...match: (string | undefined)[]): string => {
    const [, key, flags = '', widthText, precision, conversion = 's'] = match
    if (conversion === '%') return '%'
    const width = widthText === '*' ? Number(numeric(take())) : Number(widthText ?? 0)
    const value = key === undefined ? take() : namedValue(positional[0], key)
    const letter = conversion === 'i' || conversion === 'u' ? 'd' : conversion
    return formatValue(value, { flags, width, precision: optionalNumber(precision), conversion: letter })
  }
  const text = format.replace(PLACEHOLDER, fill)
  // A list or a mapping counts as one that could be read by name.
  const isAllUsed = next === positional.length || (!(values instanceof Tuple) && typeof values === 'object')
  return isAllUsed ? text : typeError('not all arguments converted during string formatting')
}

function namedValue(mapping: unknown, key: string): unknown {
  if (!isDictLike(mapping)) typeError('format requires a mapping')
  return dictHas(mapping, key) ? dictGet(mapping, key) : valueError(`format: no key '${key}'`)
}

function optionalNumber(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text)
}

/** One value by a specification, padded to its width. */
export function formatValue(value: unknown, spec: FormatSpec): string {
  const isText = spec.conversion === 's' || spec.conversion === 'r'
  let text = convert(value, spec)
  if (isText && spec.precision !== undefined) text = text.slice(0, spec.precision)
  if (!isText && !text.startsWith('-')) {
    if (spec.flags.includes('+')) text = `+${text}`
    else if (spec.flags.includes(' ')) text = ` ${text}`
  }
  if (text.length >= spec.width) return text
  if (spec.flags.includes('-')) return text.padEnd(spec.width)
  if (!spec.flags.includes('0') || isText) return text.padStart(spec.width)
  const sign = /^[+-]/.test(text) ? text[0]! : ''
  return sign + text.slice(sign.length).padStart(spec.width - sign.length, '0')
}

function convert(value: unknown, spec: FormatSpec): string {
  const { conversion } = spec
  if (conversion === 's') return str(value)
  if (conversion === 'r') return repr(value)
  if (conversion === 'c')
    return typeof value === 'string' ? value : String.fromCodePoint(Number(numeric(value)))
  const number = numeric(value)
  if (!isNumber(number))
    return typeError(`%${conversion} format: a number is required, not ${typeName(value)}`)
  const prefix = spec.flags.includes('#') ? (RADIX_PREFIX[conversion] ?? '') : ''
  if (conversion === 'd') return String(typeof number === 'bigint' ? number : Math.trunc(Number(number)))
  if (conversion in RADIX) {
    const digits = (number as number | bigint).toString(RADIX[conversion])
    return prefix + (conversion === 'X' ? digits.toUpperCase() : digits)
  }
  return convertFloat(Number(number), conversion, spec.precision)
}

const RADIX: Readonly<Record<string, number>> = { x: 16, X: 16, o: 8, b: 2 }
const RADIX_PREFIX: Readonly<Record<string, string>> = { x: '0x', X: '0X', o: '0o', b: '0b' }

function convertFloat(number: number, conversion: string, precision: number | undefined): string {
  switch (conversion) {
    case 'f':
    case 'F':
      return number.toFixed(precision ?? 6)
    case 'e':
      return exponentForm(number, precision ?? 6)
    case 'E':
      return exponentForm(number, precision ?? 6).toUpperCase()
    case '%':
      return `${(number * 100).toFixed(precision ?? 6)}%`
    default:
      return shortestForm(number, precision === undefined ? 6 : precision || 1)
  }
}

/** Python writes at least two digits of exponent. */
function exponentForm(number: number, precision: number): string {
  return number.toExponential(precision).replace(/e([+-])(\d)$/, 'e$10$2')
}

/** `%g`: fixed for ordinary sizes, exponent else, no trailing zeros. */
function shortestForm(number: number, digits: number): string {
  const exponent = number === 0 ? 0 : Math.floor(Math.log10(Math.abs(number)))
  if (exponent >= -4 && exponent < digits) return String(Number(number.toPrecision(digits)))
  return exponentForm(number, digits - 1).replace(/\.?0+e/, 'e')
}

const FORMAT_SPEC = /^(?:(.)?([<>^=]))?([+\- ])?(#)?(0)?(\d+)?(,)?(?:\.(\d+))?([a-zA-Z%])?$/

/** One value by a `str.format` specification such as `>8` or `,.2f`. */
export function formatBySpec(value: unknown, specText: string): string {
  const match = FORMAT_SPEC.exec(specText)
  if (!match) return valueError(`Invalid format specifier '${specText}'`)
  const [, fill = ' ', align, sign = '', alternate = '', zero, widthText, comma, precision, letter] = match
  const width = Number(widthText ?? 0)
  const isZeroPadded = zero !== undefined && align === undefined
  const flags = (isZeroPadded ? '0' : '') + (sign === '-' ? '' : sign) + alternate
  const conversion = letter ?? naturalConversion(value, precision !== undefined)
  const converted = formatValue(value, {
    flags,
    width: isZeroPadded ? width : 0,
    precision: optionalNumber(precision),
    conversion,
  })
  const text = comma ? converted.replace(/\B(?=(\d{3})+(?!\d))/g, ',') : converted
  return alignText(text, width, { fill, side: align ?? (isNumber(value) ? '>' : '<') })
}

function naturalConversion(value: unknown, hasPrecision: boolean): string {
  if (typeof value === 'string' || !isNumber(value)) return 's'
  if (!isFloat(value)) return 'd'
  return hasPrecision ? 'g' : 's'
}

function alignText(
  text: string,
  width: number,
  how: { readonly fill: string; readonly side: string },
): string {
  const missing = width - text.length
  if (missing <= 0) return text
  if (how.side === '<') return text + how.fill.repeat(missing)
  if (how.side !== '^') return how.fill.repeat(missing) + text
  const left = missing >> 1
  return how.fill.repeat(left) + text + how.fill.repeat(missing - left)
}
