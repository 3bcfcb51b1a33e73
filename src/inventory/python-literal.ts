/**
 * Values of INI inventories: Python literals where the text is one (8080, True, ['a', 'b'], "text"), else the text.
 * true, yes and 0644 are no Python literals and stay text.
 */
import { float, mapping, type Value } from '../base/value.ts'

/** Undefined when the text is no Python literal. */
export function parsePythonLiteral(text: string): { readonly value: Value } | undefined {
  try {
    const reader = new LiteralReader(text)
    return { value: reader.whole() }
  } catch (error) {
    if (error instanceof NoLiteral) return undefined
    throw error
  }
}

class NoLiteral extends Error {}

const DEEPEST = 100
const WORDS: Readonly<Record<string, Value>> = { True: true, False: false, None: null }
const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '0': '\0',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
}

class LiteralReader {
  readonly #text: string
  #index = 0
  #depth = 0

  constructor(text: string) {
    this.#text = text
  }

  whole(): Value {
    const value = this.#value()
    this.#space()
    const rest = this.#text.slice(this.#index)
    if (rest === '' || rest.startsWith('#')) return value
    throw new NoLiteral()
  }

  #value(): Value {
    this.#space()
    const head = this.#text[this.#index] ?? ''
    if (head === '[') return this.#items(']')
    if (head === '(') return this.#items(')')
    if (head === '{') return this.#dict()
    if (head === '"' || head === "'") return this.#string(head)
    const word = this.#match(/True\b|False\b|None\b/y)
    return word === undefined ? this.#number() : (WORDS[word] as Value)
  }

  #items(close: string): Value {
    const items = this.#list(close, () => this.#value())
    // (1) is a number in brackets, (1,) a tuple.
    const isBracket = close === ')' && items.length === 1 && !/,\s*\)$/.test(this.#text.slice(0, this.#index))
    return isBracket ? (items[0] as Value) : items
  }

  #dict(): Value {
    const pairs = this.#list('}', () => {
      const key = this.#value()
      this.#expect(':')
      return [key, this.#value()] as const
    })
    return mapping(pairs)
  }

  #list<Item>(close: string, item: () => Item): Item[] {
    if (++this.#depth > DEEPEST) throw new NoLiteral()
    this.#index++
    const items: Item[] = []
    while (!this.#eat(close)) {
      if (items.length > 0) {
        this.#expect(',')
        if (this.#eat(close)) break
      }
      items.push(item())
    }
    this.#depth--
    return items
  }

  #string(quote: string): string {
    this.#index++
    let text = ''
    for (;;) {
      const char = this.#text[this.#index++]
      if (char === undefined || char === '\n') throw new NoLiteral()
      if (char === quote) return text
      text += char === '\\' ? this.#escape() : char
    }
  }

  #escape(): string {
    const code = this.#match(/x[\da-fA-F]{2}|u[\da-fA-F]{4}/y)
    if (code !== undefined) return String.fromCharCode(Number.parseInt(code.slice(1), 16))
    const char = this.#text[this.#index++] ?? ''
    if (char === '\\' || char === '"' || char === "'") return char
    return ESCAPES[char] ?? `\\${char}`
  }

  #number(): Value {
    const sign = this.#match(/[-+]/y) === '-' ? -1 : 1
    const real = this.#match(/(?:\d[\d_]*\.[\d_]*|\.\d[\d_]*|\d[\d_]*(?=[eE]))(?:[eE][-+]?\d+)?/y)
    if (real !== undefined) return this.#ended(float(sign * Number(real.replaceAll('_', ''))))
    const whole = this.#match(/0[xX][\da-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|[1-9][\d_]*|0+/y)
    if (whole === undefined || /_$|__/.test(whole)) throw new NoLiteral()
    const value = BigInt(sign) * BigInt(whole.replaceAll('_', ''))
    return this.#ended(Number.isSafeInteger(Number(value)) ? Number(value) : value)
  }

  /** 10.0.0.1 and 1abc begin like numbers and are none. */
  #ended<Result>(value: Result): Result {
    if (/[\w.]/.test(this.#text[this.#index] ?? '')) throw new NoLiteral()
    return value
  }

  #expect(char: string): void {
    if (!this.#eat(char)) throw new NoLiteral()
  }

  #eat(char: string): boolean {
    this.#space()
    if (this.#text[this.#index] !== char) return false
    this.#index++
    return true
  }

  #space(): void {
    this.#match(/\s+/y)
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#index
    const found = pattern.exec(this.#text)?.[0]
    this.#index += found?.length ?? 0
    return found
  }
}
