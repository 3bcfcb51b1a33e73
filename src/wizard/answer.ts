/** Answers as people type them or YAML holds them, brought to the type of their variable. */
import type { Answer, Check, Context, Variable } from './variable.ts'

export type Parsed = { readonly value: Answer } | { readonly objection: string }

/** An empty text, list or mapping, null or nothing. */
export function isEmpty(value: Answer | undefined): boolean {
  if (value === undefined || value === null || value === '') return true
  return typeof value === 'object' && Object.keys(value).length === 0
}

/** The typed value, checked against type, bounds and check of the variable; empty answers are let through. */
export function parseAnswer(variable: Variable, raw: Answer, context: Context): Parsed {
  if (isEmpty(raw)) return { value: emptyOf(variable) }
  switch (variable.type) {
    case 'int':
    case 'float':
      return parseNumber(variable, raw, context)
    case 'bool':
      return parseBool(raw)
    case 'list':
      return parseList(variable, raw, context)
    case 'map':
      return parseMap(variable, raw, context)
    default:
      return parseText(variable, raw, context)
  }
}

/** The answer as one editable line. */
export function answerText(value: Answer | undefined): string {
  if (value === undefined || value === null) return ''
  if (Array.isArray(value)) return value.map(item => answerText(item)).join(', ')
  if (typeof value === 'object')
    return Object.entries(value)
      .map(([name, item]) => `${name}=${answerText(item)}`)
      .join(', ')
  return String(value)
}

/** What an optional variable without an answer holds; numbers and booleans have nothing to be empty with. */
export function emptyOf(variable: Variable): Answer {
  if (variable.type === 'list') return []
  if (variable.type === 'map') return {}
  return variable.type === 'int' || variable.type === 'float' || variable.type === 'bool' ? null : ''
}

function parseText(variable: Variable, raw: Answer, context: Context): Parsed {
  if (typeof raw !== 'string' && typeof raw !== 'number') return { objection: 'must be a text' }
  const text = variable.secret === true ? String(raw) : String(raw).trim()
  if (/[\0\r]/.test(text) || (text.includes('\n') && variable.secret !== true))
    return { objection: 'must be one line' }
  if (variable.choices !== undefined && !variable.choices.includes(text)) {
    return { objection: `must be one of ${variable.choices.join(', ')}` }
  }
  return judged(text, text, variable.check, context)
}

function parseNumber(variable: Variable, raw: Answer, context: Context): Parsed {
  const isWhole = variable.type === 'int'
  const pattern = isWhole ? /^-?\d+$/ : /^-?(\d+(\.\d*)?|\.\d+)$/
  const value =
    typeof raw === 'number'
      ? raw
      : typeof raw === 'string' && pattern.test(raw.trim())
        ? Number(raw)
        : Number.NaN
  if (!Number.isFinite(value) || (isWhole && !Number.isSafeInteger(value))) {
    return { objection: isWhole ? 'must be a whole number' : 'must be a number' }
  }
  const [least, most] = variable.range ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
  if (value < least || value > most) return { objection: `must be from ${least} to ${most}` }
  return judged(value, String(value), variable.check, context)
}

function parseBool(raw: Answer): Parsed {
  if (typeof raw === 'boolean') return { value: raw }
  const word = typeof raw === 'string' ? raw.trim().toLowerCase() : ''
  if (/^(yes|true|on|y)$/.test(word)) return { value: true }
  return /^(no|false|off|n)$/.test(word) ? { value: false } : { objection: 'must be yes or no' }
}

function parseList(variable: Variable, raw: Answer, context: Context): Parsed {
  const items = typeof raw === 'string' ? splitList(raw) : raw
  if (!Array.isArray(items)) return { objection: 'must be a list' }
  const texts: string[] = []
  for (const item of items) {
    if (typeof item !== 'string' && typeof item !== 'number') return { objection: 'must be a list of texts' }
    texts.push(String(item).trim())
  }
  for (const text of texts) {
    const objection = variable.check?.(text, context)
    if (objection !== undefined) return { objection: `holds ${shortened(text)}, which ${objection}` }
  }
  return { value: texts }
}

function parseMap(variable: Variable, raw: Answer, context: Context): Parsed {
  const pairs = typeof raw === 'string' || Array.isArray(raw) ? pairsOf(raw) : raw
  if (pairs === undefined || pairs === null || typeof pairs !== 'object' || Array.isArray(pairs)) {
    return { objection: 'must be name=value pairs' }
  }
  for (const [name, item] of Object.entries(pairs)) {
    if (name.includes('.'))
      return { objection: `holds the name ${JSON.stringify(name)}; a name may not hold a dot` }
    const objection = typeof item === 'object' ? 'must be a text' : variable.check?.(String(item), context)
    if (objection !== undefined) return { objection: `gives ${name} a value that ${objection}` }
  }
  return { value: pairs as Answer }
}

function pairsOf(raw: string | readonly Answer[]): { readonly [name: string]: Answer } | undefined {
  const pairs: Record<string, Answer> = {}
  for (const line of typeof raw === 'string' ? splitList(raw) : raw) {
    const match = /^\s*([^=\s]+)\s*=\s*(.*?)\s*$/.exec(String(line))
    if (match === null) return undefined
    pairs[match[1] ?? ''] = match[2] ?? ''
  }
  return pairs
}

function splitList(text: string): string[] {
  return text
    .split(/[,\n]/)
    .map(item => item.trim())
    .filter(item => item !== '')
}

function judged(value: Answer, text: string, check: Check | undefined, context: Context): Parsed {
  const objection = check?.(text, context)
  return objection === undefined ? { value } : { objection }
}

function shortened(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 37)}...` : text)
}
