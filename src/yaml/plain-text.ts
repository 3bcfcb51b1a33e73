/** What stands on one line of a plainly written file: keys, words, quoted texts, flow collections. null: not plain. */
import { mapping, type Value } from '../base/value.ts'
import { resolvePlain } from './scalar.ts'

/** A value and where it begins, and the same of what it holds. */
export interface PlainNode {
  readonly at: number
  readonly value: Value
  readonly items?: readonly PlainNode[]
  /** By key. */
  readonly entries?: ReadonlyMap<string, { readonly key: number; readonly node: PlainNode }>
}

export class PlainText {
  readonly #source: string
  readonly #text: (text: string, offset: number) => Value
  /** In a flow collection: what is read next. */
  #at = 0
  #depth = 0

  constructor(source: string, text: (text: string, offset: number) => Value) {
    this.#source = source
    this.#text = text
  }

  value(text: string, offset: number): Value {
    return this.#text(text, offset)
  }

  /** The key that begins there and ends at a colon. */
  keyAt(at: number, end: number): string | null {
    KEY.lastIndex = at
    const key = KEY.exec(this.#source)?.[0]
    if (key === undefined || at + key.length >= end || key.length > LONGEST_KEY) return null
    return typeof resolved(key) === 'string' ? key : null
  }

  /** A value that takes the rest of a line, but for a comment. */
  inline(at: number, end: number): PlainNode | null {
    const first = this.#source[at]
    if (first !== '"' && first !== "'" && first !== '[' && first !== '{') return this.#word(at, end)
    this.#at = at
    this.#depth = 0
    const node = this.#flow(end)
    return node !== null && NOTHING.test(this.#source.slice(this.#at, end)) ? node : null
  }

  #word(at: number, end: number): PlainNode | null {
    const line = this.#source.slice(at, end)
    const comment = line.indexOf(' #')
    const text = trimmed(comment === -1 ? line : line.slice(0, comment))
    if (!FIRST.test(text) || text.includes(': ') || text.endsWith(':')) return null
    return { at, value: this.#resolve(text, at) }
  }

  #resolve(text: string, at: number): Value {
    const value = resolved(text)
    return typeof value === 'string' ? this.#text(value, at) : value
  }

  #flow(end: number): PlainNode | null {
    if (++this.#depth > DEEPEST) return null
    const first = this.#source[this.#at]
    const node =
      first === '['
        ? this.#list(end)
        : first === '{'
          ? this.#map(end)
          : first === "'" || first === '"'
            ? this.#quoted(first, end)
            : this.#flowWord(end)
    this.#depth--
    return node
  }

  #list(end: number): PlainNode | null {
    const at = this.#at
    const items: PlainNode[] = []
    const isWhole = this.#each(']', end, () => {
      const item = this.#flow(end)
      if (item !== null) items.push(item)
      return item !== null
    })
    return isWhole ? { at, value: items.map(item => item.value), items } : null
  }

  #map(end: number): PlainNode | null {
    const at = this.#at
    const entries = new Map<string, { readonly key: number; readonly node: PlainNode }>()
    const isWhole = this.#each('}', end, () => {
      const begin = this.#at
      const key = this.keyAt(begin, end)
      if (key === null || entries.has(key)) return false
      this.#at += key.length + 1
      this.#spaces()
      const node = this.#flow(end)
      if (node !== null) entries.set(key, { key: begin, node })
      return node !== null
    })
    const pairs = [...entries].map(([key, { node }]) => [key, node.value] as const)
    return isWhole ? { at, value: mapping(pairs), entries } : null
  }

  /** From the opening bracket to behind the closing one; without a comma before that. */
  #each(close: string, end: number, read: () => boolean): boolean {
    this.#at++
    this.#spaces()
    if (this.#source[this.#at] !== close) {
      for (;;) {
        if (this.#at >= end || !read()) return false
        this.#spaces()
        const next = this.#source[this.#at]
        if (next === close) break
        if (next !== ',') return false
        this.#at++
        this.#spaces()
      }
    }
    this.#at++
    return this.#at <= end
  }

  #spaces(): void {
    while (this.#source[this.#at] === ' ') this.#at++
  }

  #flowWord(end: number): PlainNode | null {
    const at = this.#at
    FLOW_WORD.lastIndex = at
    const word = FLOW_WORD.exec(this.#source)?.[0]
    if (word === undefined || at + word.length > end) return null
    const text = trimmed(word)
    if (!FIRST.test(text) || text.includes(': ') || text.includes('#') || text.endsWith(':')) return null
    this.#at += text.length
    return { at, value: this.#resolve(text, at) }
  }

  #quoted(quote: '"' | "'", end: number): PlainNode | null {
    const at = this.#at
    let close = this.#source.indexOf(quote, at + 1)
    for (; close !== -1 && close < end; close = this.#source.indexOf(quote, close + 1)) {
      if (quote === '"' || this.#source[close + 1] !== "'") break
      close++
    }
    if (close === -1 || close >= end) return null
    const raw = this.#source.slice(at + 1, close)
    // Escapes are for the full reader.
    if (quote === '"' && raw.includes('\\')) return null
    this.#at = close + 1
    return { at, value: this.#text(quote === "'" ? raw.replaceAll("''", "'") : raw, at + 1) }
  }
}

const KEY = /[A-Za-z0-9_][\w./-]*(?=:(?:[ \n]|$))/y
const LONGEST_KEY = 500
const DEEPEST = 30
/** Only a comment is left. */
const NOTHING = /^ *$|^ +#/
/** With these a word begins that is no other thing in any place; a dash only where something follows it at once. */
const FIRST = /^(?:[\w./~$(+<=;^\\)]|[^\u0000-\u00a0]|-[\w./-])/
const FLOW_WORD = /[^,[\]{}\n]+/y

const trimmed = (text: string): string => text.replace(/ +$/, '')

/** Words that may be more than text begin with one of these. */
const MAY_MEAN_MORE = /^[-+.~\dnNyYtTfFoO]/

function resolved(text: string): Value {
  return MAY_MEAN_MORE.test(text) ? resolvePlain(text) : text
}
