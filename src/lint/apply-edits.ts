/** Safe fixes as new texts of files. An edit whose place no longer reads as it did is left out. */
import type { Edit, Finding } from './contract.ts'

export interface FixedFile {
  readonly file: string
  readonly text: string
  /** Edits made in it. */
  readonly count: number
}

export function applyEdits(findings: readonly Finding[], read: (file: string) => string | null): FixedFile[] {
  const edits = findings.flatMap(({ fix }) => (fix === undefined ? [] : [fix]))
  return [...new Set(edits.map(({ file }) => file))].flatMap(file => {
    const text = read(file)
    if (text === null) return []
    const lines = text.split('\n')
    // From right to left, so that the places of the others stay what they were.
    const mine = edits.filter(edit => edit.file === file).sort((a, b) => b.column - a.column)
    const count = mine.filter(edit => applyEdit(lines, edit)).length
    return count === 0 ? [] : [{ file, text: lines.join('\n'), count }]
  })
}

function applyEdit(lines: string[], { line, column, before, after }: Edit): boolean {
  const text = lines[line - 1]
  if (text === undefined || !text.startsWith(before, column - 1)) return false
  lines[line - 1] = text.slice(0, column - 1) + after + text.slice(column - 1 + before.length)
  return true
}
