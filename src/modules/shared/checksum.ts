/** Checksums of files on the host, by its own programs. */
import { quote } from '../../base/quote.ts'
import type { Key, ReadSeen } from '../../probes/contract.ts'
import type { DigestName } from './digest.ts'

export type ChecksumName = DigestName

type ReadKey = Extract<Key, { kind: 'read' }>

/** Only regular files are read: a FIFO would never end. */
export function checksumKey(path: string, name: ChecksumName, follow = true): ReadKey {
  const isLink = follow ? '' : '[ ! -L "$p" ] && '
  return {
    kind: 'read',
    name: `checksum ${name} ${follow} ${path}`,
    files: [path],
    script: `p=${quote(path)}; ${isLink}[ -f "$p" ] && ${name}sum <"$p"`,
  }
}

/** null for a file that is not there, is not regular or may not be read. */
export function checksumOf(seen: ReadSeen): string | null {
  return /^\\?([0-9a-f]{32,128})\b/.exec(seen.stdout)?.[1] ?? null
}
