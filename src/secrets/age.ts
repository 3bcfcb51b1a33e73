/**
 * age envelopes (age-encryption.org/v1): bytes in, bytes out. Native X25519 and post-quantum recipients and
 * passphrases; SSH keys and plugins are told apart and refused with a hint.
 */
import { armor, Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption'
import { VpaiError } from '../base/error.ts'
import { Secret } from '../base/secret.ts'
import { checkIdentity, checkRecipient } from './key-text.ts'

/** Who can open what is written: recipients, or one passphrase. */
export type Lock =
  | { readonly recipients: readonly string[] }
  | {
      readonly passphrase: Secret
      /** log2 of the scrypt cost; default 18 (about a second). */
      readonly workFactor?: number
    }

/** What one has to open an envelope with. All are tried. */
export interface Keys {
  readonly identities?: readonly Secret[]
  readonly passphrases?: readonly Secret[]
}

/** How the envelope is called in messages. */
export interface EnvelopeName {
  readonly file: string
  /** The public keys the file is known to be for, told when the key is wrong. */
  readonly recipients?: readonly string[]
}

/** Armored (text) unless `binary`. Throws SECRETS_NO_RECIPIENT and the codes of checkRecipient. */
export async function encryptAge(
  plain: Uint8Array | string,
  lock: Lock,
  options: { readonly binary?: boolean } = {},
): Promise<Uint8Array> {
  const encrypter = new Encrypter()
  if ('passphrase' in lock) {
    encrypter.setPassphrase(lock.passphrase.reveal())
    if (lock.workFactor !== undefined) encrypter.setScryptWorkFactor(lock.workFactor)
  } else {
    if (lock.recipients.length === 0) {
      throw new VpaiError(
        'SECRETS_NO_RECIPIENT',
        'there is nobody to encrypt for: the list of recipients is empty',
        {
          hint: 'add a public key (age1...) with `vpai secrets recipients add`',
        },
      )
    }
    for (const recipient of new Set(lock.recipients)) addRecipient(encrypter, recipient)
  }
  const sealed = await encrypter.encrypt(plain)
  return options.binary === true ? sealed : new TextEncoder().encode(armor.encode(sealed))
}

/**
 * Opens an envelope, armored or not.
 * Throws SECRETS_WRONG_KEY, SECRETS_MALFORMED (not an age file) or SECRETS_TAMPERED (cut short or changed).
 */
export async function decryptAge(sealed: Uint8Array, keys: Keys, name: EnvelopeName): Promise<Uint8Array> {
  const decrypter = new Decrypter()
  for (const identity of keys.identities ?? []) decrypter.addIdentity(checkIdentity(identity))
  for (const passphrase of keys.passphrases ?? []) decrypter.addPassphrase(passphrase.reveal())
  const raw = isArmored(sealed) ? dearmor(sealed, name) : sealed
  const payload = await openHeader(decrypter, raw, name)
  try {
    return new Uint8Array(await new Response(payload).arrayBuffer())
  } catch {
    throw tampered(name)
  }
}

/** Is this an age file at all, armored or binary? Looks at the first line only. */
export function isAgeFile(bytes: Uint8Array): boolean {
  return isArmored(bytes) || headOf(bytes).startsWith('age-encryption.org/')
}

export async function generateIdentity(): Promise<Secret> {
  return new Secret(await generateX25519Identity(), 'age identity')
}

/** The public key (age1...) of an identity. */
export async function recipientOf(identity: Secret): Promise<string> {
  return await identityToRecipient(checkIdentity(identity))
}

function addRecipient(encrypter: Encrypter, recipient: string): void {
  checkRecipient(recipient)
  try {
    encrypter.addRecipient(recipient)
  } catch {
    throw new VpaiError('SECRETS_BAD_RECIPIENT', `${recipient} is not a valid age public key`, {
      hint: 'a character may be missing or mistyped: copy the whole age1... key again',
    })
  }
}

const ARMOR_HEAD = '-----BEGIN AGE ENCRYPTED FILE-----'

function headOf(bytes: Uint8Array): string {
  return new TextDecoder('latin1').decode(bytes.subarray(0, 4096)).trimStart()
}

function isArmored(bytes: Uint8Array): boolean {
  return headOf(bytes).startsWith(ARMOR_HEAD)
}

function dearmor(sealed: Uint8Array, name: EnvelopeName): Uint8Array {
  try {
    return armor.decode(new TextDecoder('latin1').decode(sealed))
  } catch {
    throw malformed(name, 'its text armor is broken')
  }
}

/** As a stream, so that a bad header (here) and a bad payload (when read) are told apart. */
async function openHeader(
  decrypter: Decrypter,
  raw: Uint8Array,
  name: EnvelopeName,
): Promise<ReadableStream<Uint8Array>> {
  try {
    return await decrypter.decrypt(new Blob([new Uint8Array(raw)]).stream())
  } catch (error) {
    // The library tells kinds of failure by message only; none of its messages holds content.
    const reason = error instanceof Error ? error.message : ''
    if (reason === "no identity matched any of the file's recipients") throw wrongKey(name)
    if (reason === 'invalid header HMAC' || reason === 'stream ended before reading 16 bytes')
      throw tampered(name)
    throw malformed(name, 'its header is not one age writes')
  }
}

function tampered(name: EnvelopeName): VpaiError {
  return new VpaiError('SECRETS_TAMPERED', `${name.file} was cut short or changed after it was encrypted`, {
    hint: 'restore it from version control or a backup',
  })
}

function wrongKey(name: EnvelopeName): VpaiError {
  const recipients = name.recipients ?? []
  const known = recipients.length > 0 ? `; it is encrypted for ${recipients.join(', ')}` : ''
  return new VpaiError('SECRETS_WRONG_KEY', `none of your keys opens ${name.file}${known}`, {
    hint: 'use the identity of one of these recipients (--identity FILE or VPAI_AGE_IDENTITY), or have somebody who can open it add yours',
  })
}

function malformed(name: EnvelopeName, why: string): VpaiError {
  return new VpaiError('SECRETS_MALFORMED', `${name.file} is not a sound age file: ${why}`, {
    hint: 'restore it from version control or a backup',
  })
}
