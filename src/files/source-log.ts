/** What was read on this machine for a run. Kept by reference; the first reading of a file counts. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { ProjectReader } from '../config/reader.ts'
import type { LocalFiles } from '../engine/world.ts'
import type { LocalFile } from '../modules/contract.ts'

export class SourceLog {
  readonly #root: string
  readonly #contents = new Map<string, string | Uint8Array>()

  constructor(root: string) {
    this.#root = root
  }

  /** `file`: absolute, or relative to the project. */
  note(file: string, content: string | Uint8Array): void {
    const absolute = path.resolve(this.#root, file)
    if (!this.#contents.has(absolute)) this.#contents.set(absolute, content)
  }

  /** By absolute path, sorted. */
  entries(): readonly (readonly [string, string | Uint8Array])[] {
    return [...this.#contents].sort(([left], [right]) => (left < right ? -1 : 1))
  }
}

export function notedReader(reader: ProjectReader, log: SourceLog): ProjectReader {
  return {
    ...reader,
    read(file) {
      const text = reader.read(file)
      if (text !== null) log.note(file, text)
      return text
    },
  }
}

export function notedFiles(files: LocalFiles, log: SourceLog): LocalFiles {
  return {
    ...files,
    find(need, directories) {
      const found = files.find(need, directories)
      noteFound(found, log)
      return found
    },
    template(name, directories) {
      const found = files.template(name, directories)
      if (found !== null) log.note(found.path, found.source)
      return found
    },
  }
}

function noteFound(found: LocalFile, log: SourceLog): void {
  if (found.kind === 'file') log.note(found.path, found.content)
  if (found.kind === 'vars') for (const file of found.files) log.note(file, readFileSync(file))
  if (found.kind !== 'tree') return
  for (const entry of found.entries)
    if (entry.type === 'file') log.note(path.join(found.path, entry.path), entry.content)
}
