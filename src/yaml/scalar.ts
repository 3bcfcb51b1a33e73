/**
 * What an unquoted word means: PyYAML's YAML 1.1 rules, which are what Ansible users get.
 * They differ from YAML 1.2 (yes is true, 017 is fifteen, 1:30 is ninety) and from the YAML 1.1 text
 * (y stays text, 1e3 stays text because PyYAML's floats need a dot and a signed exponent).
 * Source: PyYAML 6.0 resolver and constructor, checked case by case in test/yaml.
 */
import { VpaiError } from '../base/error.ts'
import { float, type Value } from '../base/value.ts'
import { parseTimestamp } from './timestamp.ts'

/** A plain (unquoted, untagged) scalar. Throws YAML_BAD_VALUE for a word such as 2026-02-30. */
export function resolvePlain(text: string): Value {
  if (NULL.test(text)) return null
  if (BOOL.test(text)) return isTrue(text)
  if (FLOAT.test(text)) return parseFloatText(text)
  if (INT.test(text)) return parseIntText(text)
  return TIMESTAMP.test(text) ? timestamp(text) : text
}

/** A scalar with one of the standard tags; `name` is what follows `!!`. Undefined for other tags. */
export function resolveTagged(name: string, text: string): Value | undefined {
  switch (name) {
    case 'str':
      return text
    case 'null':
      return null
    case 'bool':
      if (!/^(?:yes|no|true|false|on|off)$/i.test(text)) throw badValue(text, 'a boolean')
      return isTrue(text)
    case 'int':
      return parseIntText(text)
    case 'float':
      return parseFloatText(text)
    case 'timestamp':
      return timestamp(text)
    default:
      return undefined
  }
}

const NULL = /^(?:~|null|Null|NULL|)$/
const BOOL = /^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/
const INT =
  /^(?:[-+]?0b[01_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][\d_]*)|[-+]?0x[\da-fA-F_]+|[-+]?[1-9][\d_]*(?::[0-5]?\d)+)$/
const FLOAT =
  /^(?:[-+]?\d[\d_]*\.[\d_]*(?:[eE][-+]\d+)?|\.\d[\d_]*(?:[eE][-+]\d+)?|[-+]?\d[\d_]*(?::[0-5]?\d)+\.[\d_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/
/** A date needs two digits everywhere; a date with a time may have one. */
const TIMESTAMP =
  /^(?:\d{4}-\d\d-\d\d|\d{4}-\d\d?-\d\d?(?:[Tt]|[ \t]+)\d\d?:\d\d:\d\d(?:\.\d*)?(?:[ \t]*(?:Z|[-+]\d\d?(?::\d\d)?))?)$/

function isTrue(text: string): boolean {
  return /^(?:yes|true|on)$/i.test(text)
}

function parseIntText(text: string): number | bigint {
  const digits = text.replaceAll('_', '')
  const negative = digits.startsWith('-')
  const magnitude = wholeNumber(/^[-+]/.test(digits) ? digits.slice(1) : digits)
  if (magnitude === undefined) throw badValue(text, 'a whole number')
  const value = negative ? -magnitude : magnitude
  const isSafe = value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER
  return isSafe ? Number(value) : value
}

/** As Python's: the time to read a number grows with the square of its length. */
const MOST_DIGITS = 4300

/** Computed in bigint, so that 64-bit ids and negative zero come out right. */
function wholeNumber(digits: string): bigint | undefined {
  if (digits.length > MOST_DIGITS) return undefined
  if (/^0b[01]+$/.test(digits) || /^0x[\da-f]+$/i.test(digits)) return BigInt(digits)
  if (/^0[0-7]+$/.test(digits)) return BigInt(`0o${digits}`)
  if (/^\d+(?::\d+)*$/.test(digits) && !/^0\d/.test(digits)) {
    return digits.split(':').reduce((total, part) => total * 60n + BigInt(part), 0n)
  }
  return undefined
}

function parseFloatText(text: string): Value {
  const digits = text.replaceAll('_', '').toLowerCase()
  const negative = digits.startsWith('-')
  const magnitude = realNumber(/^[-+]/.test(digits) ? digits.slice(1) : digits)
  if (magnitude === undefined) throw badValue(text, 'a number')
  return float(negative ? -magnitude : magnitude)
}

function realNumber(digits: string): number | undefined {
  if (digits === '.inf') return Number.POSITIVE_INFINITY
  if (digits === '.nan') return Number.NaN
  if (!/^(?:\d+:)*(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/.test(digits)) return undefined
  return digits.split(':').reduce((total, part) => total * 60 + Number(part), 0)
}

function timestamp(text: string): Value {
  const parsed = parseTimestamp(text)
  if (parsed === undefined) throw badValue(text, 'a date')
  return parsed
}

function badValue(text: string, kind: string): VpaiError {
  return new VpaiError('YAML_BAD_VALUE', `"${text}" is written like ${kind}, but it is none`, {
    hint: 'Put it in quotes if it is meant as text.',
  })
}
