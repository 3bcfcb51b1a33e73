/** One text for equal values, in whatever order mappings are written. Secrets are in it in clear: it is only digested. */
import { Secret } from '../base/secret.ts'
import { PyFloat, Template, Unknown } from '../base/value.ts'

export function stableText(value: unknown): string {
  if (value instanceof Secret) return JSON.stringify(value.reveal())
  if (value instanceof Template) return `template ${JSON.stringify(value.source)}`
  if (value instanceof PyFloat) return `float ${value.v}`
  if (value instanceof Date) return `date ${value.getTime()}`
  if (value instanceof Unknown) return 'unknown'
  if (value instanceof Uint8Array) return `bytes ${Buffer.from(value).toString('base64')}`
  if (Array.isArray(value)) return `[${value.map(stableText).join()}]`
  if (value instanceof Map)
    return sorted([...value].map(([key, one]) => `${stableText(key)}:${stableText(one)}`))
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value === 'object' && value !== null)
    return sorted(Object.entries(value).map(([key, one]) => `${JSON.stringify(key)}:${stableText(one)}`))
  return JSON.stringify(value) ?? 'undefined'
}

function sorted(entries: readonly string[]): string {
  return `{${[...entries].sort().join()}}`
}
