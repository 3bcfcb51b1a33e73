import { VpaiError } from '../../base/error.ts'
import type { ContentSeen } from '../../probes/contract.ts'

/** The text of a file as seen; null when it is not there. An unreadable file is never taken for an absent one (MODULE_FILE_UNREADABLE). */
export function contentText(seen: ContentSeen, path: string): string | null {
  if (seen.state === 'present') return new TextDecoder().decode(seen.bytes)
  if (seen.state === 'absent') return null
  const why = seen.state === 'too-large' ? `it has ${seen.size} bytes` : seen.reason
  throw new VpaiError('MODULE_FILE_UNREADABLE', `${path} cannot be read on the host: ${why}`, {
    hint: seen.state === 'unknown' ? 'Does the task need become?' : undefined,
  })
}

export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}
