/** Quantities as docker's documentation writes them, as numbers: "64M" in bytes, "1m30s" in nanoseconds. */
import { z } from 'zod'
import { Secret } from '../../base/secret.ts'
import { isDict, isMapping } from '../../base/value.ts'
import { text } from './arguments.ts'

const UNITS = 'bkmgtp'

/** Bytes; -1 where `unlimited` is allowed. Null when it is no such quantity. */
export function bytesOf(quantity: string, unlimited = false): number | null {
  if (unlimited && (quantity === 'unlimited' || quantity === '-1')) return -1
  const [, digits = '', unit = ''] = /^\s*(\d+(?:\.\d+)?)\s*([bkmgtp]?)(?:i?b)?\s*$/i.exec(quantity) ?? []
  if (digits === '') return null
  return Math.trunc(Number(digits) * 1024 ** Math.max(0, UNITS.indexOf(unit.toLowerCase() || 'b')))
}

const NANOSECONDS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
}

/** Nanoseconds; null when it is no duration with units. */
export function nanosecondsOf(duration: string): number | null {
  const parts = [...duration.matchAll(/(\d+(?:\.\d+)?)(ns|us|ms|s|m|h)/g)]
  if (parts.length === 0 || parts.map(([all]) => all).join('') !== duration.trim()) return null
  return parts.reduce((sum, [, count, unit = '']) => sum + Number(count) * (NANOSECONDS[unit] ?? 0), 0)
}

export const size = () =>
  text().refine(value => bytesOf(value) !== null, 'must be a size, such as 512M or 1G')

export const sizeOrUnlimited = () =>
  text().refine(value => bytesOf(value, true) !== null, 'must be a size, such as 512M, or unlimited')

export const duration = () =>
  text().refine(value => nanosecondsOf(value) !== null, 'must be a duration, such as 30s or 1m30s')

/**
 * Names with texts. A number or boolean is refused as Ansible refuses it: what would arrive in the container depends on
 * how YAML was read, so it must be quoted.
 */
export const quotedTexts = () =>
  z.preprocess(
    revealed,
    z.record(z.string(), z.string('must be text: put the value in quotes'), 'must be a mapping'),
  )

function revealed(value: unknown): unknown {
  const pairs: readonly (readonly [unknown, unknown])[] | null =
    value instanceof Map ? [...value] : isDict(value) ? Object.entries(value) : null
  if (pairs === null || !isMapping(value)) return value
  return Object.fromEntries(
    pairs.map(([key, item]) => [String(key), item instanceof Secret ? item.reveal() : item]),
  )
}
