/** The vault passwords of a run, each read when it is first needed, and what was met that they open. */
import { VpaiError } from '../base/error.ts'
import { Secret } from '../base/secret.ts'
import type { SecretRegistry } from '../base/secret-registry.ts'
import type { Vault } from '../base/vault.ts'
import { openVault, parseVault, type VaultEnvelope } from '../base/vault-format.ts'

export interface VaultPassword {
  /** The vault id it was given for; `default` when none was. */
  readonly id: string
  /** Null: it may not be read by this command, for the reason in `closed`. Throws what reading it throws. */
  read(): string | null
  /** Why it may not be read. */
  readonly closed?: string
}

export interface VaultOptions {
  readonly passwords: readonly VaultPassword[]
  readonly mayStayClosed: boolean
  readonly registry: SecretRegistry
}

export class VaultKeys implements Vault {
  readonly mayStayClosed: boolean
  readonly #passwords: readonly VaultPassword[]
  readonly #registry: SecretRegistry
  readonly #texts = new Map<VaultPassword, string | null>()
  readonly #opened = new Map<string, Buffer>()
  readonly #met: Secret[] = []
  #stayedClosed = false

  constructor({ passwords, mayStayClosed, registry }: VaultOptions) {
    this.#passwords = passwords
    this.mayStayClosed = mayStayClosed
    this.#registry = registry
  }

  /** Was there a file that could not be opened? Then names are missing. */
  get stayedClosed(): boolean {
    return this.#stayedClosed
  }

  open(envelope: string, place: string): Buffer {
    const known = this.#opened.get(envelope)
    if (known !== undefined) return known
    const parsed = parseVault(envelope, place)
    for (const password of this.#inOrder(parsed.id)) {
      const clear = this.#try(parsed, password)
      if (clear === null) continue
      this.#opened.set(envelope, clear)
      return clear
    }
    this.#stayedClosed = true
    throw this.#refused(parsed, place)
  }

  secret(envelope: string, place: string): Secret {
    const secret = new Secret(() => {
      const clear = this.open(envelope, place).toString('utf8')
      this.known(clear, place)
      return clear
    }, place)
    this.#met.push(secret)
    return secret
  }

  known(text: string, place: string): Secret {
    const secret = new Secret(text, place)
    this.#registry.add(secret)
    return secret
  }

  /**
   * Before a run: opens what can be opened, so that it is hidden even before it is used. Throws
   * VAULT_WRONG_PASSWORD when nothing opened: the password is wrong, not one of several.
   */
  openAll(): void {
    if (this.#passwords.length === 0) return
    const failures = this.#met.map(openingError)
    const [first] = failures
    if (first && failures.every(error => error?.code === 'VAULT_WRONG_PASSWORD')) throw first
  }

  /** The one of the same id first, then all others, as Ansible does. */
  #inOrder(id = 'default'): readonly VaultPassword[] {
    const fitting = this.#passwords.filter(password => password.id === id)
    return [...fitting, ...this.#passwords.filter(password => password.id !== id)]
  }

  #try(envelope: VaultEnvelope, password: VaultPassword): Buffer | null {
    if (!this.#texts.has(password)) {
      const text = password.read()
      if (text !== null) this.#registry.add(new Secret(text, `vault password ${password.id}`))
      this.#texts.set(password, text)
    }
    const text = this.#texts.get(password) ?? null
    return text === null ? null : openVault(envelope, text)
  }

  #refused({ id }: VaultEnvelope, place: string): VpaiError {
    const closed = this.#passwords.find(password => password.closed !== undefined)?.closed
    if (closed !== undefined)
      return new VpaiError('VAULT_NO_PASSWORD', `${place} is encrypted: ${closed}`, {})
    const of = id === undefined ? '' : ` of the vault id ${id}`
    if (this.#passwords.length === 0) {
      return new VpaiError('VAULT_NO_PASSWORD', `${place} is encrypted, and no vault password was given`, {
        hint: `Name one${of}: --vault-password-file FILE, --vault-id ${id ?? 'LABEL'}@FILE, or be asked with -J.`,
      })
    }
    const tried = this.#passwords.map(password => password.id).join(', ')
    return new VpaiError('VAULT_WRONG_PASSWORD', `${place}: no vault password that was given opens it`, {
      hint: `It is encrypted with the password${of || ' of no vault id'}; tried: ${tried}.`,
    })
  }
}

function openingError(secret: Secret): VpaiError | null {
  try {
    secret.reveal()
    return null
  } catch (error) {
    if (error instanceof VpaiError) return error
    throw error
  }
}
