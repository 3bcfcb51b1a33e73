import { Secret } from './secret.ts'

/** A digest of a content with a secret. There may be thousands in a run, so only it itself is looked for. */
export class DigestSecret extends Secret {
  constructor(digest: string) {
    super(digest, 'a digest')
  }
}
