/** Walks over the text of an answer, from one end mark to the next. */
import { garbled } from './answer.ts'

export class Cursor {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  /** What stands before the mark, which is passed over. Throws PROBE_GARBLED when it does not come any more. */
  take(mark: string): string {
    const end = this.#text.indexOf(mark, this.#at)
    if (end < 0) throw garbled('files', 'it ends too early')
    const part = this.#text.slice(this.#at, end)
    this.#at = end + mark.length
    return part
  }

  rest(): string {
    return this.#text.slice(this.#at)
  }
}
