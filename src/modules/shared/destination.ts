/** `dest` of copy and its kin: a file, or a directory that the file goes into under its own name. */
import type { Key, Seen } from '../../probes/contract.ts'
import type { AttributeArgs } from './attributes.ts'
import { join } from './paths.ts'
import { placementKeys } from './place-file.ts'

export interface Destination {
  /** Enough to tell which of the two it is; asked first. */
  readonly keys: readonly Key[]
  /** The file's path, given its own name. */
  resolve(name: string, seen: Seen): string
}

export function destinationFor(dest: string, args: AttributeArgs): Destination {
  return {
    keys: placementKeys(dest, args),
    resolve(name, seen) {
      const isDirectory =
        dest.endsWith('/') ||
        seen.get({ kind: 'path', path: dest, follow: true, hash: true }).type === 'directory'
      return isDirectory ? join(dest, name) : dest
    },
  }
}
