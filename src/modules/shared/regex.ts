/** Patterns as Python's re reads them, on JavaScript's RegExp. Throws MODULE_BAD_PATTERN for what is none. */
import { VpaiError } from '../../base/error.ts'

export interface PatternFlags {
  readonly multiline?: boolean
  /** `.` takes newlines too. */
  readonly dotAll?: boolean
  /** Finds all matches, for replacing. */
  readonly global?: boolean
}

export function pythonPattern(pattern: string, flags: PatternFlags = {}): RegExp {
  const inline = /^\(\?([aiLmsux]+)\)/.exec(pattern)
  const letters = new Set(inline?.[1] ?? '')
  if (flags.multiline) letters.add('m')
  if (flags.dotAll) letters.add('s')
  const body = pattern.slice(inline?.[0].length ?? 0)
  const source = [...(letters.has('x') ? withoutBlanks(body) : body).matchAll(TOKEN)].map(([token]) =>
    translate(token, letters.has('m')),
  )
  const wanted = ['i', 'm', 's'].filter(letter => letters.has(letter)).join('')
  try {
    return new RegExp(source.join(''), `${wanted}${flags.global ? 'g' : ''}`)
  } catch (cause) {
    throw new VpaiError('MODULE_BAD_PATTERN', `This is not a regular expression: ${pattern}`, { cause })
  }
}

/** `\1`, `\g<1>` and `\g<name>` become what the match caught; `\n` and `\t` become what they mean. */
export function expandReplacement(replacement: string, match: RegExpExecArray | RegExpMatchArray): string {
  return replacement.replace(/\\(?:g<(\w+)>|(\d{1,2})|([\s\S]))/g, (whole, name, number, escaped) => {
    const group: string | undefined = name ?? number
    if (group === undefined) return ESCAPED[String(escaped)] ?? whole
    return (/^\d+$/.test(group) ? match[Number(group)] : match.groups?.[group]) ?? ''
  })
}

const ESCAPED: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\\': '\\' }

/** An escape, a whole character class, a group's opening, or one character. */
const TOKEN = /\\[\s\S]|\[\^?\]?(?:\\[\s\S]|[^\]\\])*\]|\(\?P?[<=!:#][^()]*?[>)]|\(\?#[^)]*\)|[\s\S]/g

function translate(token: string, isMultiline: boolean): string {
  if (token === '\\A') return '(?<![\\s\\S])'
  if (token === '\\Z') return '(?![\\s\\S])'
  if (token === '\\a') return '\\x07'
  if (token === '$' && !isMultiline) return '(?=\\n?(?![\\s\\S]))'
  if (token.startsWith('[')) return characterClass(token)
  if (token.startsWith('(?P<')) return `(?<${token.slice(4)}`
  if (token.startsWith('(?P=')) return `\\k<${token.slice(4, -1)}>`
  if (token.startsWith('(?#')) return ''
  return token
}

/** A bracket that comes first, and an open bracket anywhere, are plain characters in Python. */
function characterClass(token: string): string {
  const [, start = '[', rest = ''] = /^(\[\^?)([\s\S]*)\]$/.exec(token) ?? []
  return `${start}${rest.replace(/\\[\s\S]|[[\]]/g, part => (part.length === 1 ? `\\${part}` : part))}]`
}

function withoutBlanks(pattern: string): string {
  return pattern.replace(/\\[\s\S]|\[(?:\\.|[^\]])*\]|\s+|#.*$/gm, part => (/^[\\[]/.test(part) ? part : ''))
}
