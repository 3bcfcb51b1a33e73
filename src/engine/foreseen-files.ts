/** What files of a host will be after actions that are known and not made yet. */
import type { PathSeen } from '../probes/contract.ts'

export type Present = Exclude<PathSeen, { type: 'absent' | 'unknown' }>

export type Foreseen =
  | { readonly is: 'absent' }
  | { readonly is: 'unknown' }
  /** A directory like this one, unless something is there already, which nobody has looked at yet. */
  | { readonly is: 'made'; readonly stat: Present }
  | {
      readonly is: 'there'
      readonly stat: Present
      /** `as it is`: no action touches what is in it; null: it cannot be told. */
      readonly content: Uint8Array | 'as it is' | null
    }

export class ForeseenFiles {
  readonly #paths = new Map<string, Foreseen>()
  /** Folders, with their slash, whose insides are not what they were; the last word counts. */
  readonly #below: { readonly folder: string; readonly inside: 'absent' | 'unknown' }[] = []

  /** null: no action reaches it. */
  at(path: string): Foreseen | null {
    const own = this.#paths.get(path)
    if (own !== undefined) return own
    if (this.#isBelowFile(path)) return { is: 'unknown' }
    const above = this.#below.findLast(({ folder }) => path.startsWith(folder))
    return above === undefined ? null : { is: above.inside }
  }

  #isBelowFile(path: string): boolean {
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      const above = this.#paths.get(path.slice(0, end))
      if (above?.is === 'there' && above.stat.type !== 'directory') return true
    }
    return false
  }

  /** Of the path itself, or of anything in it. */
  reaches(path: string): boolean {
    if (this.at(path) !== null) return true
    const folder = `${path}/`
    const isIn = (one: string) => one.startsWith(folder)
    return [...this.#paths.keys()].some(isIn) || this.#below.some(({ folder: one }) => isIn(one))
  }

  set(path: string, foreseen: Foreseen): void {
    this.#paths.set(path, foreseen)
  }

  /** Of all that is in a folder, whatever was foreseen of it. */
  setBelow(path: string, inside: 'absent' | 'unknown'): void {
    const folder = `${path}/`
    for (const one of this.#paths.keys()) if (one.startsWith(folder)) this.#paths.delete(one)
    this.#below.push({ folder, inside })
  }
}
