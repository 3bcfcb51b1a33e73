/** JSON as Python's json.dumps writes it. */

import { typeError } from '../errors.ts'
import { order } from '../runtime/compare.ts'
import { dictEntries } from '../runtime/dicts.ts'
import { demand } from '../runtime/force.ts'
import { str } from '../runtime/printing.ts'
import { isDictLike, isNumber, typeName } from '../runtime/values.ts'

export interface JsonStyle {
  /** Blanks per level (or the text itself); null writes one line. */
  readonly indent?: number | string | null
  readonly sortKeys?: boolean
  /** Everything above ASCII as \uXXXX. Default true. */
  readonly ensureAscii?: boolean
  /** Between members, and between key and value. */
  readonly separators?: readonly [string, string] | null
}

export function writeJson(value: unknown, style: JsonStyle = {}): string {
  const indent = typeof style.indent === 'number' ? ' '.repeat(style.indent) : (style.indent ?? null)
  const separators = style.separators ?? [indent === null ? ', ' : ',', ': ']
  return new JsonWriter(style, indent, separators).write(value, 0)
}

class JsonWriter {
  readonly #style: JsonStyle
  readonly #indent: string | null
  readonly #separators: readonly [string, string]

  constructor(style: JsonStyle, indent: string | null, separators: readonly [string, string]) {
    this.#style = style
    this.#indent = indent
    this.#separators = separators
  }

  write(value: unknown, level: number): string {
    const known = demand(value)
    if (Array.isArray(known)) {
      return this.#block(
        known.map(member => this.write(member, level + 1)),
        '[]',
        level,
      )
    }
    if (isDictLike(known)) {
      const entries = dictEntries(known)
      if (this.#style.sortKeys) entries.sort((a, b) => order(keyText(a[0]), keyText(b[0])))
      const members = entries.map(([key, member]) => {
        return this.#text(keyText(key)) + this.#separators[1] + this.write(member, level + 1)
      })
      return this.#block(members, '{}', level)
    }
    return this.#scalar(known)
  }

  #scalar(value: unknown): string {
    if (value === null) return 'null'
    if (typeof value === 'string') return this.#text(value)
    if (typeof value === 'boolean') return String(value)
    if (isNumber(value)) return pythonNumber(str(value))
    if (value instanceof Date) return this.#text(value.toISOString().slice(0, 19))
    return typeError(`a ${typeName(value)} has no JSON form`)
  }

  #text(text: string): string {
    const json = JSON.stringify(text)
    if (this.#style.ensureAscii === false) return json
    return json.replace(/[\u007f-\uffff]/g, character => {
      const code = character.charCodeAt(0)
      return code === 0x7f ? character : `\\u${code.toString(16).padStart(4, '0')}`
    })
  }

  #block(members: readonly string[], brackets: string, level: number): string {
    const [open = '', close = ''] = brackets
    if (members.length === 0) return brackets
    if (this.#indent === null) return open + members.join(this.#separators[0]) + close
    const newline = `\n${this.#indent.repeat(level + 1)}`
    const inner = members.join(this.#separators[0].trimEnd() + newline)
    return `${open}${newline}${inner}\n${this.#indent.repeat(level)}${close}`
  }
}

/** Keys that are no texts become what JSON would print for them. */
function keyText(key: unknown): string {
  if (typeof key === 'string') return key
  if (key === null) return 'null'
  return typeof key === 'boolean' ? String(key) : str(key)
}

function pythonNumber(text: string): string {
  if (text === 'nan') return 'NaN'
  return text.replace('inf', 'Infinity')
}
