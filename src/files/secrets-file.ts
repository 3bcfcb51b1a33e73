/** `inventory/secrets.age` and the list of public keys beside it, `inventory/secrets.recipients`. */
import { readFile } from 'node:fs/promises'
import { VpaiError } from '../base/error.ts'
import type { Secret } from '../base/secret.ts'
import type { Value } from '../base/value.ts'
import type { Keys } from '../secrets/age.ts'
import { parseSecrets, type SecretsDocument } from '../secrets/document.ts'
import { addRecipient, parseRecipients, removeRecipient } from '../secrets/key-text.ts'
import {
  editableText,
  openSecrets,
  ownRecipients,
  readSecret,
  SIGNING_KEY,
  sealSecrets,
  writeSecret,
} from '../secrets/operations.ts'
import { type NewFile, writeAllOrNothing } from './atomic-write.ts'
import { exists } from './identity-file.ts'
import { generateSigningKey } from './signing-key.ts'

/** The opened file with what is needed to write it back. */
export interface SecretsFile {
  readonly file: string
  readonly document: SecretsDocument
  readonly recipients: readonly string[]
  readonly recipientsText: string
  /** The bytes it was read from, to notice that somebody else wrote meanwhile. */
  readonly bytes: Uint8Array
}

export function recipientsPath(file: string): string {
  return `${file.replace(/\.age$/, '')}.recipients`
}

/** Throws SECRETS_NO_FILE and the codes of openSecrets. */
export async function openSecretsFile(file: string, keys: Keys): Promise<SecretsFile> {
  const bytes = await readOrUndefined(file)
  if (bytes === undefined) {
    throw new VpaiError('SECRETS_NO_FILE', `there is no ${file}`, {
      hint: '`vpai secrets init` or `vpai wizard` makes it',
    })
  }
  const recipientsText = (await readOrUndefined(recipientsPath(file)))?.toString('utf8') ?? ''
  const recipients = parseRecipients(recipientsText, recipientsPath(file))
  const document = await openSecrets({ file, bytes, recipients }, keys)
  return { file, document, recipients, recipientsText, bytes }
}

/** A new, empty secrets file with the project's signing key. Throws SECRETS_EXISTS. */
export async function initSecrets(
  file: string,
  keys: Keys,
  recipients: readonly string[] = [],
): Promise<{ readonly recipients: readonly string[] }> {
  if (await exists(file)) {
    throw new VpaiError('SECRETS_EXISTS', `${file} exists already`, {
      hint: '`vpai secrets edit` changes it',
    })
  }
  const document = parseSecrets('', file)
  document.set(SIGNING_KEY, generateSigningKey())
  const recipientsText = await firstRecipients(file, keys, recipients)
  await writeAllOrNothing(await sealedFiles({ file, document, keys, recipientsText }))
  return { recipients: parseRecipients(recipientsText, recipientsPath(file)) }
}

/** The list for a secrets file that is not there yet: the one somebody prepared, and one's own keys. */
export async function firstRecipients(
  file: string,
  keys: Keys,
  more: readonly string[] = [],
): Promise<string> {
  const prepared = (await readOrUndefined(recipientsPath(file)))?.toString('utf8') ?? RECIPIENTS_HEAD
  const all = [...(await ownRecipients(keys)), ...more]
  return all.reduce((list, recipient) => addRecipient(list, recipient), prepared)
}

/** The YAML in clear, for the terminal of somebody who asked for it; without the signing key. */
export async function viewSecrets(file: string, keys: Keys): Promise<string> {
  return editableText((await openSecretsFile(file, keys)).document, file)
}

/** One value by dotted path. Throws SECRETS_UNKNOWN. */
export async function getSecret(file: string, keys: Keys, path: string): Promise<Value> {
  return readSecret((await openSecretsFile(file, keys)).document, path)
}

/** The value comes from standard input or a prompt, never from the command line. */
export async function setSecret(
  file: string,
  keys: Keys,
  entry: { readonly path: string; readonly value: Secret },
): Promise<void> {
  const opened = await openSecretsFile(file, keys)
  writeSecret(opened.document, entry.path, entry.value)
  await saveSecretsFile(opened, keys)
}

/** Encrypts anew, for the recipients listed or for `recipients`, which then replace the list. */
export async function rekeySecrets(
  file: string,
  keys: Keys,
  recipients?: readonly string[],
): Promise<readonly string[]> {
  const opened = await openSecretsFile(file, keys)
  const text = recipients?.reduce((list, recipient) => addRecipient(list, recipient), RECIPIENTS_HEAD)
  await saveSecretsFile(opened, keys, text)
  return recipients ?? opened.recipients
}

export async function addSecretsRecipient(
  file: string,
  keys: Keys,
  entry: { readonly recipient: string; readonly comment?: string },
): Promise<void> {
  const opened = await openSecretsFile(file, keys)
  await saveSecretsFile(opened, keys, addRecipient(opened.recipientsText, entry.recipient, entry.comment))
}

/**
 * Who is removed cannot open what is written from now on; what they read before they still know.
 * Throws SECRETS_UNKNOWN_RECIPIENT, SECRETS_LOCKED_OUT, SECRETS_NO_RECIPIENT.
 */
export async function removeSecretsRecipient(file: string, keys: Keys, recipient: string): Promise<void> {
  const opened = await openSecretsFile(file, keys)
  await saveSecretsFile(opened, keys, removeRecipient(opened.recipientsText, recipient))
}

/** Needs no key. */
export async function listSecretsRecipients(file: string): Promise<readonly string[]> {
  const list = recipientsPath(file)
  return parseRecipients((await readOrUndefined(list))?.toString('utf8') ?? '', list)
}

/** Writes the document back for `recipientsText` (default: as it was). Throws SECRETS_CHANGED_MEANWHILE. */
export async function saveSecretsFile(
  opened: SecretsFile,
  keys: Keys,
  recipientsText = opened.recipientsText,
): Promise<void> {
  await saveTogether(opened, await sealedFiles({ ...opened, keys, recipientsText }))
}

/** The document and other files of the project, all or none. Throws SECRETS_CHANGED_MEANWHILE. */
export async function saveSecretsWith(
  opened: SecretsFile,
  keys: Keys,
  others: readonly NewFile[],
): Promise<void> {
  const sealed = await sealedFiles({ ...opened, keys })
  await saveTogether(opened, [...sealed, ...others])
}

async function saveTogether(opened: SecretsFile, files: readonly NewFile[]): Promise<void> {
  const now = await readOrUndefined(opened.file)
  if (now === undefined || !now.equals(opened.bytes)) {
    throw new VpaiError(
      'SECRETS_CHANGED_MEANWHILE',
      `${opened.file} was changed by somebody else meanwhile`,
      {
        hint: 'nothing was written; do it again',
      },
    )
  }
  await writeAllOrNothing(files)
}

const RECIPIENTS_HEAD = `# Public age keys that can open the secrets beside this file, one per line.
# Change them with \`vpai secrets recipients add|remove\`, which encrypts anew.
`

interface Sealing {
  readonly file: string
  readonly document: SecretsDocument
  readonly keys: Keys
  readonly recipientsText: string
}

/** Both files as they are to be written. */
export async function sealedFiles(sealing: Sealing) {
  const list = recipientsPath(sealing.file)
  const recipients = parseRecipients(sealing.recipientsText, list)
  const content = await sealSecrets(sealing.document.text(), {
    file: sealing.file,
    recipients,
    mustOpenWith: sealing.keys,
  })
  return [
    { path: sealing.file, content },
    { path: list, content: sealing.recipientsText },
  ]
}

async function readOrUndefined(file: string): Promise<Buffer | undefined> {
  return (await exists(file)) ? await readFile(file) : undefined
}
