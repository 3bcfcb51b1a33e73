import type { RenderContext } from './context.ts'

/** A scope of names inside a template: loops, `with` and macros push one; `set` in it does not leak out. */
export class Frame {
  /** Names set here are visible to blocks and importers too. */
  isTop = false
  readonly #parent: Frame | null
  readonly #names = new Map<string, unknown>()

  constructor(parent: Frame | null = null) {
    this.#parent = parent
  }

  set(name: string, value: unknown, context?: RenderContext): void {
    this.#names.set(name, value)
    if (context && this.isTop) context.setVariable(name, value)
  }

  /** The frame's names that hold `name`, innermost first; undefined when no frame has it. */
  find(name: string): ReadonlyMap<string, unknown> | undefined {
    for (let frame: Frame | null = this; frame; frame = frame.#parent) {
      if (frame.#names.has(name)) return frame.#names
    }
    return undefined
  }

  push(): Frame {
    return new Frame(this)
  }

  /** Generated code pops what it pushed, so there is always a parent. */
  pop(): Frame {
    return this.#parent ?? this
  }

  clear(): void {
    this.#names.clear()
  }
}
