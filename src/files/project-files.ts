/** The project's files on disk, as the loader reads them. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { VpaiError } from '../base/error.ts'
import type { ProjectReader } from '../config/reader.ts'

/**
 * A reader whose relative paths begin at `root`.
 * Throws FILES_UNREADABLE for what is there and cannot be read (rights, a broken disk).
 */
export function projectFiles(root: string): ProjectReader {
  const at = (name: string) => path.resolve(root, name)
  return {
    read: name => attempt(name, () => readFileSync(at(name), 'utf8')),
    list: name => attempt(name, () => readdirSync(at(name)).sort()),
    isFile: name => attempt(name, () => statSync(at(name)).isFile()) ?? false,
    isDirectory: name => attempt(name, () => statSync(at(name)).isDirectory()) ?? false,
  }
}

/** EISDIR and ENAMETOOLONG too mean that no such file is there. */
const ABSENT = new Set(['ENOENT', 'ENOTDIR', 'EISDIR', 'ENAMETOOLONG', 'ELOOP', 'ERR_INVALID_ARG_VALUE'])

function attempt<T>(name: string, read: () => T): T | null {
  try {
    return read()
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (ABSENT.has(code)) return null
    throw new VpaiError('FILES_UNREADABLE', `Cannot read ${name}: ${code || String(error)}`, {
      hint: 'Look at the rights of the file and of the folders above it.',
      cause: error,
    })
  }
}
