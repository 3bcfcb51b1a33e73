import type { Secret } from './secret.ts'

/** Knows every secret value of a run, so that any sink can mask and any argument can be checked. */
export interface SecretRegistry {
  /** Adds a secret or a text derived from one (a hash, an upper-cased form). */
  add(value: Secret | string): void
  /** Does the text hold a known secret, raw or encoded? */
  taints(text: string): boolean
  /** The text with every known secret (raw, base64 in all alignments, URL, JSON and shell forms) replaced by [secret]. */
  mask(text: string): string
}
