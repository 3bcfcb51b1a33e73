/** Compare-and-swap: what must still be true of a file when a change to it is made. */
import type { PathSeen } from '../probes/contract.ts'

export type Precondition =
  | { readonly is: 'absent' }
  /** The text of `stat -c '%i %Z %s'`. */
  | { readonly is: 'same'; readonly stat: string }

/** null when what was seen cannot be compared. */
export function preconditionOf(seen: PathSeen): Precondition | null {
  if (seen.type === 'absent') return { is: 'absent' }
  if (seen.type === 'unknown') return null
  return { is: 'same', stat: `${seen.inode} ${Math.floor(seen.ctime)} ${seen.size}` }
}
