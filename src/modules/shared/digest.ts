import { createHash } from 'node:crypto'

export type DigestName = 'md5' | 'sha1' | 'sha224' | 'sha256' | 'sha384' | 'sha512'

/** In lower-case hex. */
export function digest(name: DigestName, content: Uint8Array | string): string {
  return createHash(name).update(content).digest('hex')
}
