/**
 * `.vpai/schemas` leads to the schemas of the vpai that is installed, so that editors find them at one place in
 * every project and on every machine, and they are never older than the program.
 */
import { lstatSync, readlinkSync, rmSync, symlinkSync } from 'node:fs'
import path from 'node:path'

/** True when it was not so before. What is no link there is left alone; so is a folder that cannot be written. */
export function linkSchemas(stateDirectory: string, schemas: string): boolean {
  const link = path.join(stateDirectory, 'schemas')
  try {
    const there = lstatSync(link, { throwIfNoEntry: false })
    if (there !== undefined && (!there.isSymbolicLink() || readlinkSync(link) === schemas)) return false
    rmSync(link, { force: true })
    symlinkSync(schemas, link)
    return true
  } catch {
    // Two runs at once, or no rights: only an editor would miss it.
    return false
  }
}
