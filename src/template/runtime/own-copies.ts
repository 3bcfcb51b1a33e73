/**
 * Values of variables are never changed in place, yet templates may call `append` or `update` on them. The first
 * such call gets a copy, and for the rest of the render the copy is what everybody sees in place of the original.
 */
export class OwnCopies {
  readonly #byOriginal = new Map<object, object>()
  readonly #copies = new WeakSet<object>()

  /** The container to read: the changed copy, if there is one. */
  current(container: object): object {
    return this.#byOriginal.size === 0 ? container : (this.#byOriginal.get(container) ?? container)
  }

  /** The container to change; `forced` is `original` with everything in it rendered. */
  forChange(original: object, forced: object): object {
    if (this.#copies.has(forced)) return forced
    const copy = copyOf(forced)
    this.#copies.add(copy)
    this.#byOriginal.set(original, copy).set(forced, copy)
    return copy
  }

  clear(): void {
    if (this.#byOriginal.size > 0) this.#byOriginal.clear()
  }
}

function copyOf(container: object): object {
  if (Array.isArray(container)) return [...container]
  return container instanceof Map ? new Map(container) : { ...container }
}
