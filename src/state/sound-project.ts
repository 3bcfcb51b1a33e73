/**
 * `.vpai/asked/<id>/sound`: what a run found when it read its playbooks and roles without an error, so that the next one
 * knows before it has read them that they are the same. A damaged file counts as missing.
 */
import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'

const file = z.object({
  /** What was known before they were read: inventory, variables, settings. */
  opened: z.string(),
  /** How each path that was asked for is, by absolute path. */
  paths: z.record(z.string(), z.string()),
})

export class SoundProject {
  readonly #name: string
  readonly #root: string
  readonly #opened: string
  readonly #asked = new Set<string>()

  constructor(folder: string, root: string, opened: string) {
    this.#name = path.join(folder, 'sound')
    this.#root = root
    this.#opened = opened
  }

  /** Nothing that the last run read, or looked for in vain, is another now. */
  isKnown(): boolean {
    try {
      const { opened, paths } = file.parse(JSON.parse(this.#kept()))
      return (
        opened === this.#opened && Object.entries(paths).every(([name, state]) => stateOf(name) === state)
      )
    } catch {
      return false
    }
  }

  #kept(): string {
    try {
      return readFileSync(this.#name, 'utf8')
    } catch {
      return ''
    }
  }

  /** A path of the project that was asked for, whether it is there or not. */
  asked(name: string): void {
    this.#asked.add(path.resolve(this.#root, name))
  }

  /** All has been read, and there was no error. */
  keep(): void {
    const paths = Object.fromEntries([...this.#asked].sort().map(name => [name, stateOf(name)]))
    const text = JSON.stringify({ opened: this.#opened, paths })
    if (text === this.#kept()) return
    const folder = path.dirname(this.#name)
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const unfinished = path.join(folder, `.${randomBytes(6).toString('hex')}`)
    writeFileSync(unfinished, text, { mode: 0o600 })
    renameSync(unfinished, this.#name)
  }
}

/** The time of the last change of its inode cannot be set by hand. */
function stateOf(name: string): string {
  try {
    const stat = statSync(name, { throwIfNoEntry: false })
    return stat === undefined ? 'absent' : `${stat.ino} ${stat.size} ${stat.ctimeMs}`
  } catch {
    return 'out of reach'
  }
}
