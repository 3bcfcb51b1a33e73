/**
 * What can be done with the secrets file, as bytes in and bytes out. Reading and writing files, the editor
 * and the terminal are src/files/secrets-file.ts.
 */
import { VpaiError } from '../base/error.ts'
import { Secret } from '../base/secret.ts'
import type { Value } from '../base/value.ts'
import { decryptAge, encryptAge, isAgeFile, type Keys, recipientOf } from './age.ts'
import { parseSecrets, type SecretsDocument } from './document.ts'

/** The project's own signing key (Ed25519, PKCS8 PEM). Used by the tool, shown to nobody. */
export const SIGNING_KEY = 'vpai_signing_key'

export interface Envelope {
  readonly file: string
  readonly bytes: Uint8Array
  readonly recipients: readonly string[]
}

/** Throws SECRETS_NOT_ENCRYPTED for a file in clear, the codes of decryptAge, and SECRETS_YAML. */
export async function openSecrets(envelope: Envelope, keys: Keys): Promise<SecretsDocument> {
  if (!isAgeFile(envelope.bytes)) {
    throw new VpaiError('SECRETS_NOT_ENCRYPTED', `${envelope.file} is not encrypted`, {
      hint: 'if it was ever committed, change every secret in it; then encrypt it with `vpai secrets init`',
    })
  }
  const plain = await decryptAge(envelope.bytes, keys, envelope)
  return parseSecrets(decodeUtf8(plain, envelope.file), envelope.file)
}

export interface SealOptions {
  readonly file: string
  readonly recipients: readonly string[]
  /** One of these must be able to open the result; none: not checked. */
  readonly mustOpenWith?: Keys
}

/** Encrypts, and opens the result again before anybody relies on it. Throws SECRETS_LOCKED_OUT. */
export async function sealSecrets(text: string, options: SealOptions): Promise<Uint8Array> {
  const bytes = await encryptAge(text, { recipients: options.recipients })
  if (options.mustOpenWith === undefined) return bytes
  try {
    await decryptAge(bytes, options.mustOpenWith, { file: options.file })
  } catch (error) {
    if (!(error instanceof VpaiError) || error.code !== 'SECRETS_WRONG_KEY') throw error
    throw new VpaiError(
      'SECRETS_LOCKED_OUT',
      `after this change you could not open ${options.file} yourself`,
      {
        hint: 'add your own public key to the recipients first',
      },
    )
  }
  return bytes
}

/** The public keys of one's own identities. */
export async function ownRecipients(keys: Keys): Promise<string[]> {
  return await Promise.all((keys.identities ?? []).map(recipientOf))
}

/** Throws SECRETS_NEVER_SHOWN for the signing key and SECRETS_UNKNOWN with the nearest names. */
export function readSecret(document: SecretsDocument, path: string): Value {
  refuseSigningKey(path)
  const value = document.get(path)
  if (value !== undefined) return value
  const beginning = path.split('.')[0] ?? ''
  const near = document
    .paths()
    .filter(known => known !== SIGNING_KEY && known.startsWith(beginning.slice(0, 3)))
  throw new VpaiError('SECRETS_UNKNOWN', `there is no secret called ${path}`, {
    hint:
      near.length > 0 ? `there is ${near.slice(0, 5).join(', ')}` : '`vpai secrets view` shows what there is',
  })
}

/** Throws SECRETS_NEVER_SHOWN, SECRETS_EMPTY and the codes of SecretsDocument.set. */
export function writeSecret(document: SecretsDocument, path: string, value: Secret): void {
  refuseSigningKey(path)
  if (value.reveal() === '') {
    throw new VpaiError('SECRETS_EMPTY', `the new value of ${path} is empty`, { hint: 'nothing was changed' })
  }
  document.set(path, value)
}

/** The text people may see and edit: without the signing key. */
export function editableText(document: SecretsDocument, file: string): string {
  if (document.get(SIGNING_KEY) === undefined) return document.text()
  const copy = parseSecrets(document.text(), file)
  copy.delete(SIGNING_KEY)
  return copy.paths().length === 0 && !copy.text().includes('#') ? '' : copy.text()
}

/** The document of an edited text, with the signing key of the former one. Throws SECRETS_YAML. */
export function mergeEdited(text: string, former: SecretsDocument, file: string): SecretsDocument {
  const edited = parseSecrets(text, file)
  const key = former.get(SIGNING_KEY)
  if (key instanceof Secret) edited.set(SIGNING_KEY, key)
  return edited
}

function refuseSigningKey(path: string): void {
  if (path.split('.')[0] !== SIGNING_KEY) return
  throw new VpaiError(
    'SECRETS_NEVER_SHOWN',
    `${SIGNING_KEY} belongs to vpai: it is neither shown nor set by hand`,
  )
}

function decodeUtf8(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new VpaiError('SECRETS_YAML', `${file} does not hold UTF-8 text`)
  }
}
