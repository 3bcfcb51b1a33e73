/** A value of a YAML file together with its place, so that every complaint can point at it. */
import type { Position } from '../base/error.ts'
import { isDict, isMapping, Template, type Value } from '../base/value.ts'
import type { YamlDocument } from '../yaml/read-yaml.ts'

export class Cursor {
  readonly value: Value
  readonly #document: YamlDocument
  readonly #path: readonly (string | number)[]

  readonly #lines: () => readonly string[]

  constructor(document: YamlDocument, at?: Pick<Cursor, 'value'> & Place) {
    this.#document = document
    this.#path = at?.path ?? []
    this.value = at === undefined ? document.value : at.value
    this.#lines = at?.lines ?? once(() => document.source.split('\n'))
  }

  /** Where the value stands. */
  get position(): Position {
    return this.#document.positionOf(this.#path)
  }

  /** Where the text of a scalar begins: behind the quote, or on the line below the header of a block. */
  get textPosition(): Position {
    const { file, line, column } = this.position
    const lines = this.#lines()
    const first = lines[line - 1]?.[column - 1] ?? ''
    if (first === '"' || first === "'") return { file, line, column: column + 1 }
    if (first !== '|' && first !== '>') return { file, line, column }
    const below = lines.findIndex((text, index) => index >= line && text.trim() !== '')
    return below === -1
      ? { file, line, column }
      : { file, line: below + 1, column: lines[below]!.search(/\S/) + 1 }
  }

  /** Where the key of the value stands; for an item of a list, the item. */
  get keyPosition(): Position {
    return this.#document.positionOfKey(this.#path)
  }

  /** The value under a key; undefined when the key is not there. */
  get(key: string): Cursor | undefined {
    const { value } = this
    if (isDict(value)) return Object.hasOwn(value, key) ? this.#step(key, value[key]!) : undefined
    return value instanceof Map && value.has(key) ? this.#step(key, value.get(key)!) : undefined
  }

  /** Keys and values of a mapping in their order; nothing for other values. Keys are taken as text. */
  entries(): [string, Cursor][] {
    const { value } = this
    if (!isMapping(value)) return []
    const pairs = value instanceof Map ? [...value.entries()] : Object.entries(value)
    return pairs.map(([key, item]) => [String(key), this.#step(String(key), item)])
  }

  keys(): string[] {
    return this.entries().map(([key]) => key)
  }

  /** Items of a list; nothing for other values. */
  items(): Cursor[] {
    const { value } = this
    return Array.isArray(value) ? value.map((item: Value, index) => this.#step(index, item)) : []
  }

  /** Items of a list, or the value itself as the only one; nothing for null. */
  itemsOrSelf(): Cursor[] {
    if (Array.isArray(this.value)) return this.items()
    return this.value === null ? [] : [this]
  }

  get isMapping(): boolean {
    return isMapping(this.value)
  }

  get isList(): boolean {
    return Array.isArray(this.value)
  }

  /** Text without template syntax, also when it was written as a number; else undefined. */
  get text(): string | undefined {
    if (typeof this.value === 'string') return this.value
    return typeof this.value === 'number' ? String(this.value) : undefined
  }

  get isTemplate(): boolean {
    return this.value instanceof Template
  }

  #step(key: string | number, value: Value): Cursor {
    return new Cursor(this.#document, { path: [...this.#path, key], value, lines: this.#lines })
  }
}

interface Place {
  readonly path: readonly (string | number)[]
  readonly lines: () => readonly string[]
}

/** Computed on first use. */
function once<T>(compute: () => T): () => T {
  let known: { readonly value: T } | undefined
  return () => {
    known ??= { value: compute() }
    return known.value
  }
}
