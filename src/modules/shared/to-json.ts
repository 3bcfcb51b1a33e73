import { Secret } from '../../base/secret.ts'
import { isMapping, PyFloat, type Value } from '../../base/value.ts'

/** A value as Python's json.dumps prints it: with a space after commas and colons, secrets in clear. */
export function toJson(value: Value): string {
  if (value instanceof Secret) return JSON.stringify(value.reveal())
  if (value instanceof PyFloat) return value.v.toFixed(1)
  if (typeof value === 'bigint') return String(value)
  if (value instanceof Date) return JSON.stringify(value.toISOString())
  if (Array.isArray(value)) return `[${value.map(toJson).join(', ')}]`
  if (isMapping(value)) {
    const pairs: readonly (readonly [Value, Value])[] =
      value instanceof Map ? [...value] : Object.entries(value)
    return `{${pairs.map(([key, item]) => `${JSON.stringify(String(key))}: ${toJson(item)}`).join(', ')}}`
  }
  return JSON.stringify(value)
}
