import { isDict, Template, type Value } from '../base/value.ts'

const numbers = new WeakMap<object, number>()
let last = 0

/** A text that equal values share and others do not have. Secrets and the like are equal only to themselves. */
export function valueKey(value: Value | undefined): string {
  if (Array.isArray(value)) return `[${value.map(valueKey).join()}]`
  if (value instanceof Map)
    return `<${[...value].map(([key, one]) => `${valueKey(key)}:${valueKey(one)}`).join()}>`
  if (isDict(value))
    return `{${Object.entries(value)
      .map(([key, one]) => `${JSON.stringify(key)}:${valueKey(one)}`)
      .join()}}`
  if (value instanceof Template) return `template ${JSON.stringify(value.source)}`
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'undefined'
  if (!numbers.has(value)) numbers.set(value, ++last)
  return `#${numbers.get(value)}`
}
