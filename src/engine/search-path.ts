/** Where a relative file name of a task is looked for, nearest first. */
import type { Place } from './variables.ts'

/** The task's role and those around it, the task file's own directory, the play's; each with its sub-folder first. */
export function findDirectories({ frame, play }: Place, kind: 'files' | 'templates' | 'vars'): string[] {
  const roots = [...frame.uses].reverse().map(use => use.role.path)
  const all = [...roots, frame.directory, play.directory].filter(Boolean)
  return [...new Set(all)].flatMap(root => [`${root}/${kind}`, root])
}
