/** Filters over dates. All times are UTC. */
import { valueError } from '../errors.ts'
import { escapeRegExp } from '../python-text.ts'
import { formatDate } from '../runtime/dates.ts'
import { evaluator } from '../runtime/evaluator.ts'
import { str } from '../runtime/printing.ts'
import { define } from '../runtime/signature.ts'
import { numeric } from '../runtime/values.ts'

export const dateFilters = define({
  'strftime(second, utc)': (format: unknown, second: unknown = null) =>
    formatDate(str(format), second === null ? evaluator().now() : dateOfSeconds(second)),
  'to_datetime(format: str)': (value: unknown, format = '%Y-%m-%d %H:%M:%S') => parseDate(str(value), format),
})

function dateOfSeconds(value: unknown): Date {
  const seconds = typeof value === 'string' ? Number(value) : Number(numeric(value))
  if (Number.isNaN(seconds)) valueError('strftime: the second must be a number of seconds since 1970')
  return new Date(seconds * 1000)
}

const FIELD_PATTERNS: Readonly<Record<string, string>> = { Y: '(\\d{4})', f: '(\\d{1,6})' }

/** strptime for the numeric directives. */
function parseDate(text: string, format: string): Date {
  const fields: string[] = []
  const pattern = escapeRegExp(format).replace(/%([YmdHMSf])/g, (_whole, field: string) => {
    fields.push(field)
    return FIELD_PATTERNS[field] ?? '(\\d{1,2})'
  })
  const match = new RegExp(`^${pattern}$`).exec(text)
  if (!match) return valueError(`time data '${text}' does not match format '${format}'`)
  const found = new Map(fields.map((field, i) => [field, Number(match[i + 1])]))
  const part = (field: string, fallback: number): number => found.get(field) ?? fallback
  return new Date(
    Date.UTC(part('Y', 1900), part('m', 1) - 1, part('d', 1), part('H', 0), part('M', 0), part('S', 0)),
  )
}
