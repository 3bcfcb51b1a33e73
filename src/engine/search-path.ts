/** Where a relative file name of a task is looked for, nearest first. */
import type { Place } from './variables.ts'

/** The task's role and those around it, the task file's own directory, the play's; each with its sub-folder first. */
export function findDirectories(place: Place, kind: 'files' | 'templates' | 'vars'): string[] {
  return searchRoots(place).flatMap(root => [`${root}/${kind}`, root])
}

export function searchRoots({ frame, play }: Place): string[] {
  const roots = [...frame.uses].reverse().map(use => use.role.path)
  return [...new Set([...roots, frame.directory, play.directory].filter(Boolean))]
}
