/** JSON as Python's json.loads reads it: floats stay floats, ints of any size, order of keys kept. */
import { float, mapping, type Value } from '../../base/value.ts'
import { TemplateError } from '../errors.ts'

/** Throws TemplateError (TEMPLATE_VALUE) with the offset where reading stopped. */
export function readJson(text: string): Value {
  return new JsonReader(text).read()
}

const BLANKS = /[ \t\n\r]*/y
const STRING = /"(?:[^"\\]|\\.)*"/sy
const ATOM = /true|false|null|NaN|-?Infinity|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y

class JsonReader {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  read(): Value {
    const value = this.#value()
    this.#skipBlanks()
    return this.#at < this.#text.length ? this.#fail() : value
  }

  #value(): Value {
    this.#skipBlanks()
    const character = this.#text[this.#at]
    if (character === '{') return this.#object()
    if (character === '[') return this.#array()
    return character === '"' ? this.#string() : this.#atom()
  }

  #object(): Value {
    const pairs: [Value, Value][] = []
    this.#members('}', () => {
      this.#skipBlanks()
      const key = this.#text[this.#at] === '"' ? this.#string() : this.#fail()
      this.#skipBlanks()
      if (this.#text[this.#at++] !== ':') this.#fail()
      pairs.push([key, this.#value()])
    })
    return mapping([...new Map(pairs)])
  }

  #array(): Value {
    const members: Value[] = []
    this.#members(']', () => members.push(this.#value()))
    return members
  }

  #members(closer: string, readMember: () => void): void {
    this.#at++
    this.#skipBlanks()
    if (this.#text[this.#at] === closer) {
      this.#at++
      return
    }
    for (;;) {
      readMember()
      this.#skipBlanks()
      const next = this.#text[this.#at++]
      if (next === closer) return
      if (next !== ',') this.#fail()
    }
  }

  #string(): string {
    const quoted = this.#take(STRING)
    // Python accepts none of the raw control characters either, but tabs and newlines come up in real data.
    const escaped = quoted.replace(/[\n\r\t]/g, control => JSON.stringify(control).slice(1, -1))
    try {
      return JSON.parse(escaped) as string
    } catch {
      return this.#fail()
    }
  }

  #atom(): Value {
    const word = this.#take(ATOM)
    switch (word) {
      case 'true':
        return true
      case 'false':
        return false
      case 'null':
        return null
    }
    const number = Number(word)
    if (/[.eEnN]/.test(word)) return float(number)
    return Number.isSafeInteger(number) ? number : BigInt(word)
  }

  #take(pattern: RegExp): string {
    pattern.lastIndex = this.#at
    const match = pattern.exec(this.#text)
    if (!match) return this.#fail()
    this.#at = pattern.lastIndex
    return match[0]
  }

  #skipBlanks(): void {
    BLANKS.lastIndex = this.#at
    BLANKS.exec(this.#text)
    this.#at = BLANKS.lastIndex
  }

  #fail(): never {
    throw new TemplateError('TEMPLATE_VALUE', `not JSON: reading stopped at character ${this.#at + 1}`)
  }
}
