import path from 'node:path'

/** Relative to the project where that is shorter to read, else absolute. */
export function shownPath(root: string, absolute: string): string {
  const relative = path.relative(root, absolute)
  return relative.startsWith('..') || relative === '' ? absolute : relative
}
