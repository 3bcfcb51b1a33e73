/** What ansible-vault encrypted, as readers of files meet it; src/secrets/vault-keys.ts holds the passwords. */
import type { Secret } from './secret.ts'

export interface Vault {
  /** The content in clear. Throws VAULT_NO_PASSWORD, VAULT_WRONG_PASSWORD, VAULT_FORMAT. `place` is for messages. */
  open(envelope: string, place: string): Uint8Array
  /** A value that is opened when it is first needed. */
  secret(envelope: string, place: string): Secret
  /** A text that came out of an envelope, hidden from now on. */
  known(text: string, place: string): Secret
  /** True where only names matter (lists, checks): what cannot be opened is then passed over. */
  readonly mayStayClosed: boolean
}

export const VAULT_HEADER = '$ANSIBLE_VAULT;'

export function isVaulted(text: string): boolean {
  return text.startsWith(VAULT_HEADER)
}
