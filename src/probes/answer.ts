/** Reading what a probe script printed: bytes to lines and fields, and the one error for answers that do not add up. */
import { VpaiError } from '../base/error.ts'

export function garbled(what: string, detail: string): VpaiError {
  return new VpaiError('PROBE_GARBLED', `The host's answer about ${what} does not add up: ${detail}.`, {
    hint: 'A login script that prints, or a program that replaces stat or sh, can cause this.',
  })
}

export function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
}

/** Lines without the final newline; no lines for empty text. */
export function linesOf(text: string): readonly string[] {
  if (text === '') return []
  return (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n')
}

/** Lines between `==name` headings. Only for output whose lines cannot start with `==` by themselves. */
export function sectionsOf(text: string): ReadonlyMap<string, readonly string[]> {
  const sections = new Map<string, string[]>()
  let current: string[] = []
  for (const line of linesOf(text)) {
    if (line.startsWith('==')) {
      current = []
      sections.set(line.slice(2), current)
    } else {
      current.push(line)
    }
  }
  return sections
}

/**
 * Walks over output that mixes headings with raw bytes. Such scripts use `$M`, the random marker the batch
 * sets, and print it in their first line: nothing on the host can know it ahead and forge a heading.
 */
export class MarkedReader {
  readonly #bytes: Buffer
  readonly #what: string
  readonly marker: string
  #at = 0

  constructor(bytes: Uint8Array, what: string) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#what = what
    this.marker = this.line()
  }

  line(): string {
    const end = this.#bytes.indexOf(10, this.#at)
    if (end < 0) throw garbled(this.#what, 'it ends too early')
    const line = this.#bytes.toString('utf8', this.#at, end)
    this.#at = end + 1
    return line
  }

  /** Bytes up to a line that starts with the marker, and the rest of that line. */
  bytes(): { readonly body: Buffer; readonly trailer: string } {
    const needle = Buffer.from(`\n${this.marker} `)
    const end = this.#bytes.indexOf(needle, this.#at)
    if (end < 0) throw garbled(this.#what, 'a part has no end')
    const body = this.#bytes.subarray(this.#at, end)
    this.#at = end + needle.length
    return { body, trailer: this.line() }
  }
}
