/**
 * Most files of a project are written plainly: mappings and lists by indentation, words, quoted texts on one line, flow
 * collections on one line, and literal blocks. Those are read here, in one pass, many times faster than YAML as a whole.
 * null for everything else and everything doubtful: the full reader (compose.ts) decides those. Where this one reads a
 * text, it says what the full one says, positions included (test/yaml/plain-document.test.ts).
 */
import { mapping, type Value } from '../base/value.ts'
import { type PlainNode, PlainText } from './plain-text.ts'

export interface PlainSource {
  readonly source: string
  /** Where each line begins. */
  readonly lines: readonly number[]
  /** Makes the value of a text; the offset is where its first character stands. */
  readonly text: (text: string, offset: number) => Value
}

/** Throws YAML_BAD_VALUE as resolvePlain does. */
export function readPlainDocument(plain: PlainSource): PlainNode | null {
  return new PlainReader(plain).document()
}

const DEEPEST = 60

class PlainReader {
  readonly #lines: readonly number[]
  readonly #source: string
  readonly #text: PlainText
  /** The line that is read next; lines without content are passed over. */
  #line = 0
  #depth = 0

  constructor({ source, lines, text }: PlainSource) {
    this.#source = source
    this.#lines = lines
    this.#text = new PlainText(source, text)
  }

  document(): PlainNode | null {
    this.#skip()
    if (this.#rest(this.#start) === '---') {
      this.#line++
      this.#skip()
    }
    if (this.#isOver || this.#indent !== 0) return null
    const root = this.#block(0, this.#start)
    return this.#isOver ? root : null
  }

  get #isOver(): boolean {
    return this.#line >= this.#lines.length
  }

  get #start(): number {
    return this.#lines[this.#line] ?? this.#source.length
  }

  /** Of the line at hand. */
  get #indent(): number {
    let at = this.#start
    while (this.#source[at] === ' ') at++
    return at - this.#start
  }

  /** Where the line at hand ends. */
  get #end(): number {
    const next = this.#lines[this.#line + 1]
    return next === undefined ? this.#source.length : next - 1
  }

  #rest(from: number): string {
    return this.#source.slice(from, this.#end)
  }

  /** Over empty lines and comments. */
  #skip(): void {
    for (; !this.#isOver; this.#line++) {
      const at = this.#start + this.#indent
      if (at < this.#end && this.#source[at] !== '#') return
    }
  }

  #next(): void {
    this.#line++
    this.#skip()
  }

  /** A list or a mapping whose first line is at hand, and begins at the offset, `indent` behind the line's begin. */
  #block(indent: number, at: number): PlainNode | null {
    if (++this.#depth > DEEPEST) return null
    const node = this.#isDash(at) ? this.#list(indent, at) : this.#map(indent, at)
    this.#depth--
    return node
  }

  #isDash(at: number): boolean {
    const after = this.#source[at + 1]
    return this.#source[at] === '-' && (after === ' ' || after === '\n' || after === undefined)
  }

  #list(indent: number, at: number): PlainNode | null {
    const items: PlainNode[] = []
    for (let dash = at; ; dash = this.#start + indent) {
      const item = this.#item(indent, dash)
      if (item === null) return null
      items.push(item)
      if (this.#isOver || this.#indent < indent) break
      if (this.#indent > indent) return null
      // Then it is the value of a mapping that begins in the same column, and goes on.
      if (!this.#isDash(this.#start + indent)) break
    }
    return { at, value: items.map(item => item.value), items }
  }

  #item(indent: number, dash: number): PlainNode | null {
    let at = dash + 1
    while (this.#source[at] === ' ') at++
    if (at >= this.#end) {
      this.#next()
      return this.#below(indent, at)
    }
    const column = at - this.#start
    if (this.#isDash(at) || this.#text.keyAt(at, this.#end) !== null) return this.#block(column, at)
    return this.#inline(indent, at)
  }

  #map(indent: number, at: number): PlainNode | null {
    const entries = new Map<string, { readonly key: number; readonly node: PlainNode }>()
    for (let begin = at; ; begin = this.#start + indent) {
      const key = this.#text.keyAt(begin, this.#end)
      if (key === null || entries.has(key)) return null
      const node = this.#entry(indent, begin + key.length + 1)
      if (node === null) return null
      entries.set(key, { key: begin, node })
      if (this.#isOver || this.#indent < indent) break
      if (this.#indent > indent) return null
    }
    const pairs = [...entries].map(([key, { node }]) => [key, node.value] as const)
    return { at, value: mapping(pairs), entries }
  }

  /** What stands behind a colon, or below it. */
  #entry(indent: number, colon: number): PlainNode | null {
    let at = colon
    while (this.#source[at] === ' ') at++
    if (at < this.#end && this.#source[at] !== '#') return this.#inline(indent, at)
    this.#next()
    const isList = !this.#isOver && this.#indent === indent && this.#isDash(this.#start + indent)
    return isList ? this.#block(indent, this.#start + indent) : this.#below(indent, at)
  }

  /** The line at hand, where it is indented deeper, or nothing. */
  #below(indent: number, at: number): PlainNode | null {
    if (this.#isOver || this.#indent <= indent) return { at, value: null }
    return this.#block(this.#indent, this.#start + this.#indent)
  }

  #inline(indent: number, at: number): PlainNode | null {
    if (this.#source[at] === '|') return this.#literal(indent, at)
    const node = this.#text.inline(at, this.#end)
    if (node !== null) this.#next()
    return node
  }

  /** A literal block; its lines are as they stand. */
  #literal(indent: number, at: number): PlainNode | null {
    const header = this.#rest(at)
    if (header !== '|' && header !== '|-') return null
    const lines: string[] = []
    let depth = -1
    let first = -1
    for (this.#line++; !this.#isOver; this.#line++) {
      const [start, end, own] = [this.#start, this.#end, this.#indent]
      const isBlank = start + own >= end
      if (isBlank && depth === -1 && own > 0) return null
      if (isBlank && own > depth && depth !== -1) return null
      if (!isBlank && depth === -1) {
        if (own <= indent) break
        depth = own
        first = start + own
      }
      if (!isBlank && own < depth) break
      lines.push(isBlank ? '' : this.#source.slice(start + depth, end))
    }
    // What comes at the end of a text without a line end is read in ways of its own.
    if (depth === -1 || (this.#isOver && !this.#source.endsWith('\n'))) return null
    while (lines.at(-1) === '') lines.pop()
    this.#skip()
    if (!this.#isOver && this.#indent > indent) return null
    const text = `${lines.join('\n')}${header === '|' ? '\n' : ''}`
    return { at, value: this.#text.value(text, first) }
  }
}
