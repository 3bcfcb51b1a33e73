/** Python's `re` on JavaScript's RegExp: patterns, anchored matching and replacement texts. */
import { valueError } from './errors.ts'

const compiled = new Map<string, RegExp>()

/** Flags of a pattern, as Python's ignorecase and multiline arguments give them. */
export interface RegexFlags {
  readonly ignoreCase?: boolean | undefined
  readonly multiline?: boolean | undefined
}

/** A global RegExp for a Python pattern; the same object for the same pattern, so set lastIndex before exec. */
export function pythonRegex(pattern: string, { ignoreCase, multiline }: RegexFlags = {}): RegExp {
  const flags = (ignoreCase ? 'i' : '') + (multiline ? 'm' : '')
  const key = `${flags}/${pattern}`
  const known = compiled.get(key)
  if (known) return known
  const made = translate(pattern, flags)
  compiled.set(key, made)
  return made
}

/** re.search */
export function searchRegex(regex: RegExp, text: string): RegExpExecArray | null {
  regex.lastIndex = 0
  return regex.exec(text)
}

/** re.match: at the start only. */
export function matchRegex(regex: RegExp, text: string): RegExpExecArray | null {
  return new RegExp(regex.source, regex.flags.replace('g', 'y')).exec(text)
}

/** re.sub: `\1`, `\g<name>` and `\n` in the replacement; `count` 0 replaces all. */
export function replaceRegex(
  regex: RegExp,
  text: string,
  { replacement, count = 0 }: { readonly replacement: string; readonly count?: number },
): string {
  const parts = replacementParts(replacement)
  let done = 0
  return text.replace(regex, (...match: unknown[]) => {
    if (count > 0 && done++ >= count) return String(match[0])
    const last = match.at(-1)
    const groups = (typeof last === 'object' ? last : {}) as Record<string, string | undefined>
    return parts.map(part => part(match as (string | undefined)[], groups)).join('')
  })
}

type ReplacementPart = (
  match: readonly (string | undefined)[],
  groups: Record<string, string | undefined>,
) => string

const REPLACEMENT = /\\(?:g<(\w+)>|(\d{1,2})|([\s\S]))|([^\\]+|\\$)/g
const CONTROL: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\\': '\\' }

function replacementParts(replacement: string): ReplacementPart[] {
  return [...replacement.matchAll(REPLACEMENT)].map(([whole, named, numbered, escaped, literal]) => {
    if (literal !== undefined) return () => literal
    if (named !== undefined && !/^\d+$/.test(named)) return (_match, groups) => groups[named] ?? ''
    const number = named ?? numbered
    if (number !== undefined) return match => match[Number(number)] ?? ''
    return () => CONTROL[escaped ?? ''] ?? whole
  })
}

function translate(pattern: string, flags: string): RegExp {
  const inline = /^\(\?([aiLmsux]+)\)/.exec(pattern)
  const allFlags = flags + (inline?.[1] ?? '')
  const body = pattern.slice(inline?.[0].length ?? 0)
  const source = new PatternTranslator(
    allFlags.includes('x') ? withoutBlanks(body) : body,
    allFlags.includes('m'),
  ).run()
  const kept = [...new Set(allFlags.replace(/[^ims]/g, ''))].join('')
  try {
    return new RegExp(source, `g${kept}`)
  } catch {
    return valueError(`not a regular expression: ${pattern}`)
  }
}

/** The `x` flag: blanks and comments outside of classes mean nothing. */
function withoutBlanks(pattern: string): string {
  return pattern.replace(/\\[\s\S]|\[(?:\\.|[^\]])*\]|\s+|#.*$/gm, part =>
    /^(\\|\[)/.test(part) ? part : '',
  )
}

const KEPT_ESCAPE = /[a-zA-Z0-9^$\\.*+?()[\]{}|/-]/

class PatternTranslator {
  readonly #pattern: string
  readonly #isMultiline: boolean
  #at = 0
  #inClass = false
  #output = ''

  constructor(pattern: string, isMultiline: boolean) {
    this.#pattern = pattern
    this.#isMultiline = isMultiline
  }

  run(): string {
    while (this.#at < this.#pattern.length) this.#output += this.#inClass ? this.#classPart() : this.#part()
    return this.#output
  }

  #classPart(): string {
    const character = this.#next()
    if (character === '\\') return this.#escape()
    if (character === ']') this.#inClass = false
    // An open bracket inside a class is a plain character in Python.
    return character === '[' ? '\\[' : character
  }

  #part(): string {
    const rest = this.#pattern.slice(this.#at)
    const character = this.#next()
    if (character === '\\') return this.#escape()
    if (character === '[') return this.#openClass()
    if (character === '(') return this.#group(rest)
    if (character === '$' && !this.#isMultiline) return '(?=\\n?(?![\\s\\S]))'
    if (character === '{' && !/^\{\d*,?\d*\}/.test(rest)) return '\\{'
    if (character === '{' && rest[1] === ',') return '{0'
    return character
  }

  #escape(): string {
    const escaped = this.#next()
    if (escaped === '') return '\\\\'
    if (!this.#inClass && escaped === 'A') return '(?<![\\s\\S])'
    if (!this.#inClass && escaped === 'Z') return '(?![\\s\\S])'
    if (escaped === 'a') return '\\x07'
    return KEPT_ESCAPE.test(escaped) ? `\\${escaped}` : escaped
  }

  #openClass(): string {
    this.#inClass = true
    const negation = this.#pattern[this.#at] === '^' ? this.#next() : ''
    // A bracket right after the opening one is a plain character in Python.
    const bracket = this.#pattern[this.#at] === ']' ? `\\${this.#next()}` : ''
    return `[${negation}${bracket}`
  }

  #group(rest: string): string {
    if (rest.startsWith('(?P<')) {
      this.#at += 3
      return '(?<'
    }
    const reference = /^\(\?P=(\w+)\)/.exec(rest)
    const comment = /^\(\?#[^)]*\)/.exec(rest)
    this.#at += (reference ?? comment)?.[0].length ?? 1
    this.#at -= 1
    if (reference) return `\\k<${reference[1]}>`
    return comment ? '' : '('
  }

  #next(): string {
    return this.#pattern[this.#at++] ?? ''
  }
}
