/** YAML as PyYAML's dump writes it (allow_unicode, no aliases). */
import { typeError } from '../errors.ts'
import { order } from '../runtime/compare.ts'
import { dictEntries } from '../runtime/dicts.ts'
import { demand } from '../runtime/force.ts'
import { str } from '../runtime/printing.ts'
import { type DictLike, isDictLike, isFloat, isNumber, typeName } from '../runtime/values.ts'
import { analyzeScalar, escapeCharacter, meansSomethingElse } from './yaml-scalars.ts'

export interface YamlStyle {
  readonly indent?: number
  /** Lines are folded at the first blank after this column. */
  readonly width?: number
  readonly sortKeys?: boolean
  /** null: collections that hold only scalars are written in one line. */
  readonly flow?: boolean | null
}

export function writeYaml(value: unknown, style: YamlStyle = {}): string {
  return new YamlWriter(style).write(value)
}

class YamlWriter {
  readonly #indentStep: number
  readonly #width: number
  readonly #sortKeys: boolean
  readonly #flow: boolean | null
  #text = ''
  #column = 0

  constructor(style: YamlStyle) {
    const indent = style.indent ?? 2
    this.#indentStep = indent > 1 && indent < 10 ? indent : 2
    const width = style.width ?? 80
    this.#width = width > this.#indentStep * 2 ? width : 80
    this.#sortKeys = style.sortKeys ?? true
    this.#flow = style.flow ?? null
  }

  write(value: unknown): string {
    const known = demand(value)
    this.#node(known, 0)
    const isPlain = isLeaf(known) && !/^['"]/.test(this.#text)
    return `${this.#text}\n${isPlain ? '...\n' : ''}`
  }

  /** `indent`: where a block's lines begin, or where the lines of anything else go on. */
  #node(value: unknown, indent: number): void {
    // The root's own lines begin at the margin, but nothing is ever continued there.
    const continued = indent || this.#indentStep
    if (isLeaf(value)) this.#scalar(value, { indent: continued, isFlow: false, isKey: false })
    else if (this.#isFlow(value)) this.#flowNode(value, continued)
    else if (Array.isArray(value)) this.#sequence(value, indent)
    else this.#mapping(value as DictLike, indent)
  }

  #isFlow(value: unknown): boolean {
    const members = Array.isArray(value) ? value : dictEntries(value as DictLike).flat()
    if (members.length === 0) return true
    return this.#flow ?? members.every(member => isLeaf(demand(member)))
  }

  /** `indent` is the column of the dashes; the cursor is there already. */
  #sequence(members: readonly unknown[], indent: number): void {
    members.forEach((member, i) => {
      if (i > 0) this.#newLine(indent)
      this.#put('-')
      this.#inline(demand(member), indent)
    })
  }

  #mapping(dict: DictLike, indent: number): void {
    this.#entries(dict).forEach(([key, member], i) => {
      if (i > 0) this.#newLine(indent)
      const value = demand(member)
      if (!isSimpleKey(key)) {
        this.#put('? ')
        this.#scalar(key, { indent: indent + this.#indentStep, isFlow: false, isKey: false })
        this.#newLine(indent)
        this.#put(':')
        this.#inline(value, indent)
        return
      }
      this.#scalar(key, { indent, isFlow: false, isKey: true })
      this.#put(':')
      if (isLeaf(value) || this.#isFlow(value)) {
        this.#inline(value, indent)
        return
      }
      // Sequences in a mapping are not indented.
      const inner = Array.isArray(value) ? indent : indent + this.#indentStep
      this.#newLine(inner)
      this.#node(value, inner)
    })
  }

  /** A value on the line of its dash or colon. */
  #inline(value: unknown, indent: number): void {
    const inner = indent + this.#indentStep
    const isBlock = !isLeaf(value) && !this.#isFlow(value)
    this.#put(isBlock ? ' '.repeat(Math.max(1, inner - this.#column)) : ' ')
    this.#node(value, inner)
  }

  #entries(dict: DictLike): [unknown, unknown][] {
    const entries = dictEntries(dict)
    return this.#sortKeys ? entries.sort((a, b) => order(str(a[0]), str(b[0]))) : entries
  }

  #flowNode(value: unknown, indent: number): void {
    const isList = Array.isArray(value)
    const members = isList ? value.map(member => [member] as const) : this.#entries(value as DictLike)
    this.#put(isList ? '[' : '{')
    members.forEach((member, i) => {
      if (i > 0) this.#put(',')
      if (this.#column > this.#width) this.#newLine(indent)
      else if (i > 0) this.#put(' ')
      const isEntry = member.length > 1
      const isSimple = isEntry && isSimpleKey(member[0])
      if (isEntry && !isSimple) this.#put('? ')
      this.#flowMember(member[0], indent, isSimple)
      if (!isEntry) return
      this.#put(isSimple ? ': ' : ' : ')
      this.#flowMember(member[1], indent, false)
    })
    this.#put(isList ? ']' : '}')
  }

  #flowMember(member: unknown, indent: number, isKey: boolean): void {
    const value = demand(member)
    if (isLeaf(value)) this.#scalar(value, { indent: indent + this.#indentStep, isFlow: true, isKey })
    else this.#flowNode(value, indent + this.#indentStep)
  }

  #scalar(value: unknown, place: ScalarPlace): void {
    if (typeof value === 'string') this.#string(value, place)
    else this.#put(scalarText(value))
  }

  #string(text: string, place: ScalarPlace): void {
    const analysis = analyzeScalar(text)
    const isPlainAllowed = place.isFlow ? analysis.plainInFlow : analysis.plainInBlock
    const isKeyProblem = place.isKey && (text === '' || analysis.isMultiline)
    if (isPlainAllowed && !isKeyProblem && !meansSomethingElse(text)) this.#plain(text, place)
    else if (analysis.singleQuoted && !(place.isKey && analysis.isMultiline)) this.#singleQuoted(text, place)
    else this.#doubleQuoted(text, place)
  }

  #plain(text: string, place: ScalarPlace): void {
    for (const part of text.match(/ +|[^ ]+/g) ?? []) {
      const isFold = part === ' ' && !place.isKey && this.#column > this.#width
      if (isFold) this.#newLine(place.indent)
      else this.#put(part)
    }
  }

  #singleQuoted(text: string, place: ScalarPlace): void {
    this.#put("'")
    let at = 0
    for (const part of text.match(/ +|[\n\x85\u2028\u2029]+|[^ \n\x85\u2028\u2029]+/g) ?? []) {
      at += part.length
      const isInside = at > part.length && at < text.length
      if (/^[\n\x85\u2028\u2029]/.test(part)) {
        // One newline more than the text has: a single one would be read as a blank.
        this.#text += (part[0] === '\n' ? '\n' : '') + part + ' '.repeat(place.indent)
        this.#column = place.indent
      } else if (part === ' ' && isInside && !place.isKey && this.#column > this.#width)
        this.#newLine(place.indent)
      else this.#put(part.replaceAll("'", "''"))
    }
    this.#put("'")
  }

  #doubleQuoted(text: string, place: ScalarPlace): void {
    const characters = [...text]
    /** Where the characters begin that are not written yet. */
    let start = 0
    this.#put('"')
    for (let end = 0; end <= characters.length; end++) {
      const character = characters[end]
      const escaped = character === undefined ? '' : escapeCharacter(character)
      if (escaped !== character) {
        this.#put(characters.slice(start, end).join('') + escaped)
        start = character === undefined ? end : end + 1
      }
      const mayFold =
        end > 0 && end < characters.length - 1 && (character === ' ' || start >= end) && !place.isKey
      if (!mayFold || this.#column + (end - start) <= this.#width) continue
      this.#put(`${characters.slice(start, end).join('')}\\`)
      start = Math.max(start, end)
      this.#newLine(place.indent)
      // A line that begins with a blank needs the escape to keep it.
      if (characters[start] === ' ') this.#put('\\')
    }
    this.#put('"')
  }

  #put(text: string): void {
    this.#text += text
    this.#column += [...text].length
  }

  #newLine(indent: number): void {
    this.#text += `\n${' '.repeat(indent)}`
    this.#column = indent
  }
}

interface ScalarPlace {
  /** Where folded lines begin. */
  readonly indent: number
  readonly isFlow: boolean
  readonly isKey: boolean
}

const LONGEST_KEY = 127

/** Empty and long keys, and those of several lines, are written with a question mark. */
function isSimpleKey(key: unknown): boolean {
  if (typeof key !== 'string') return true
  return key !== '' && key.length <= LONGEST_KEY && !analyzeScalar(key).isMultiline
}

function isLeaf(value: unknown): boolean {
  return !Array.isArray(value) && !isDictLike(value)
}

function scalarText(value: unknown): string {
  if (value === null) return 'null'
  if (typeof value === 'boolean') return String(value)
  if (value instanceof Date) return str(value)
  if (!isNumber(value)) return typeError(`a ${typeName(value)} has no YAML form`)
  const text = str(value)
  if (!isFloat(value)) return text
  if (/^-?(?:inf|nan)$/.test(text)) return text.replace(/inf|nan/, word => `.${word}`)
  // YAML 1.1 wants a point in a float with an exponent.
  return text.includes('.') ? text : text.replace('e', '.0e')
}
