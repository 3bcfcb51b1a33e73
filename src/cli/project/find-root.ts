/** A project is the nearest folder, from here upwards, with vpai.yml or inventory/; else the folder one stands in. */
import { existsSync, statSync } from 'node:fs'
import path from 'node:path'

export function findRoot(cwd: string): string {
  for (let folder = path.resolve(cwd); ; folder = path.dirname(folder)) {
    if (isProject(folder)) return folder
    if (path.dirname(folder) === folder) return path.resolve(cwd)
  }
}

export function isProject(folder: string): boolean {
  if (existsSync(path.join(folder, 'vpai.yml'))) return true
  return statSync(path.join(folder, 'inventory'), { throwIfNoEntry: false })?.isDirectory() ?? false
}

/** The folder that holds the roles, playbooks and templates that come with vpai. */
export function shippedDirectory(): string {
  for (let folder = import.meta.dirname; ; folder = path.dirname(folder)) {
    if (existsSync(path.join(folder, 'roles')) && existsSync(path.join(folder, 'playbooks'))) return folder
    if (path.dirname(folder) === folder) return import.meta.dirname
  }
}
