/**
 * Reads group_vars/ and host_vars/ of one folder. For each name the first of these is read, as in Ansible:
 * NAME (a file, or a folder with all its files), NAME.yml, NAME.yaml, NAME.json.
 * The warning INVENTORY_VARS_HIDDEN tells of a file that another one stands before.
 */
import path from 'node:path'
import type { Problem } from '../base/error.ts'
import type { VarsFile } from '../inventory/model.ts'
import { projectFiles } from './project-files.ts'
import { shownPath } from './shown-path.ts'

export interface VarsFolder {
  readonly root: string
  /** Absolute folder that holds group_vars and host_vars. */
  readonly base: string
  readonly near: VarsFile['near']
}

const ENDINGS = ['', '.yml', '.yaml', '.json']

export function readVarsFolders(folder: VarsFolder): { files: VarsFile[]; problems: Problem[] } {
  const files: VarsFile[] = []
  const problems: Problem[] = []
  for (const of of ['group', 'host'] as const) {
    const directory = path.join(folder.base, `${of}_vars`)
    const names = (projectFiles(folder.root).list(directory) ?? []).filter(isWanted)
    for (const [name, entries] of byName(names, directory)) {
      const [first, ...hidden] = entries.sort((left, right) => rank(left, name) - rank(right, name))
      if (first === undefined) continue
      for (const file of filesAt(path.join(directory, first))) {
        const text = projectFiles(folder.root).read(file)
        if (text !== null)
          files.push({ of, near: folder.near, name, file: shownPath(folder.root, file), text })
      }
      problems.push(
        ...hidden.map(entry => hiddenFile(path.join(directory, entry), path.join(directory, first), folder)),
      )
    }
  }
  return { files, problems }
}

function isWanted(name: string): boolean {
  return !name.startsWith('.') && !name.endsWith('~')
}

function byName(entries: readonly string[], directory: string): Map<string, string[]> {
  const files = projectFiles(directory)
  const names = new Map<string, string[]>()
  for (const entry of entries) {
    const ending = path.extname(entry)
    const name =
      ENDINGS.includes(ending) && !files.isDirectory(entry)
        ? entry.slice(0, entry.length - ending.length)
        : entry
    names.set(name, [...(names.get(name) ?? []), entry])
  }
  return names
}

function rank(entry: string, name: string): number {
  return ENDINGS.indexOf(entry.slice(name.length))
}

/** The file itself, or every file below the folder in the order of their names. */
function filesAt(place: string, depth = 0): string[] {
  const files = projectFiles(place)
  if (!files.isDirectory('.')) return [place]
  if (depth > 20) return []
  return (files.list('.') ?? [])
    .filter(name => isWanted(name) && (files.isDirectory(name) || ENDINGS.includes(path.extname(name))))
    .flatMap(name => filesAt(path.join(place, name), depth + 1))
}

function hiddenFile(file: string, first: string, { root }: VarsFolder): Problem {
  const shown = shownPath(root, file)
  return {
    code: 'INVENTORY_VARS_HIDDEN',
    message: `${shown} is not read, because ${shownPath(root, first)} is there too`,
    hint: 'Move its variables into the other one.',
    severity: 'warning',
    position: { file: shown, line: 1, column: 1 },
  }
}
