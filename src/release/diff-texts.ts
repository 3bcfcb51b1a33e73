/** The texts of a file at two points, as a unified diff. What not everybody on the host may read is not shown. */
import { createTwoFilesPatch } from 'diff'
import type { FoundFile } from './facts.ts'

/** Others may read it: a content that is no secret on its own host. */
export function isShown(file: FoundFile | null): boolean {
  return file === null || file.type !== 'file' || (Number.parseInt(file.mode.slice(-1), 8) & 4) !== 0
}

/** null: there is nothing to show. `from` and `to`: null where there is no file. */
export function diffTexts(path: string, from: string | null, to: string | null): string | null {
  if (from === to) return null
  const [before, after] = [from === null ? '/dev/null' : path, to === null ? '/dev/null' : path]
  const patch = createTwoFilesPatch(before, after, from ?? '', to ?? '', undefined, undefined, { context: 3 })
  return patch.slice(patch.indexOf('---'))
}
