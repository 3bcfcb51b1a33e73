import { chmod, mkdir, readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { VpaiError } from '../base/error.ts'
import type { Secret } from '../base/secret.ts'
import { decryptAge, generateIdentity, isAgeFile, type Keys, recipientOf } from '../secrets/age.ts'
import {
  checkIdentityMode,
  findIdentitySource,
  type IdentityQuery,
  identityFileText,
} from '../secrets/identity.ts'
import { parseIdentities } from '../secrets/key-text.ts'
import { writeAtomically } from './atomic-write.ts'

/** Asked only for an identity file that is itself encrypted with a passphrase. */
export type AskPassphrase = (file: string) => Promise<Secret>

/**
 * The keys to open secrets with. Throws SECRETS_NO_IDENTITY, SECRETS_IDENTITY_MODE, SECRETS_BAD_IDENTITY and,
 * for a file with a passphrase, SECRETS_WRONG_KEY.
 */
export async function loadKeys(query: IdentityQuery, askPassphrase?: AskPassphrase): Promise<Keys> {
  const source = findIdentitySource(query)
  if (source.kind === 'key') return { identities: [source.key] }
  const mode = await modeOf(source.path, source.origin)
  const bytes = await readFile(source.path)
  if (!isAgeFile(bytes)) {
    checkIdentityMode(source.path, mode)
    return { identities: parseIdentities(bytes.toString('utf8'), source.path) }
  }
  if (askPassphrase === undefined) {
    throw new VpaiError(
      'SECRETS_PASSPHRASE_NEEDED',
      `${source.path} is protected by a passphrase, and nobody can be asked`,
      {
        hint: 'run this in a terminal, or give a plain identity with VPAI_AGE_IDENTITY',
      },
    )
  }
  const plain = await decryptAge(
    bytes,
    { passphrases: [await askPassphrase(source.path)] },
    { file: source.path },
  )
  return { identities: parseIdentities(new TextDecoder().decode(plain), source.path) }
}

/** A new identity file (0600) in a 0700 directory; never replaces one (SECRETS_IDENTITY_EXISTS). */
export async function createIdentityFile(
  file: string,
): Promise<{ readonly identity: Secret; readonly recipient: string }> {
  if (await exists(file)) {
    throw new VpaiError('SECRETS_IDENTITY_EXISTS', `${file} exists already`, {
      hint: 'it is kept: whatever was encrypted for it could not be opened without it',
    })
  }
  const directory = path.dirname(file)
  const made = await mkdir(directory, { recursive: true, mode: 0o700 })
  if (made !== undefined) await chmod(directory, 0o700)
  const identity = await generateIdentity()
  const recipient = await recipientOf(identity)
  await writeAtomically({ path: file, content: identityFileText(identity, recipient), mode: 0o600 })
  return { identity, recipient }
}

export async function exists(file: string): Promise<boolean> {
  return await stat(file).then(
    () => true,
    () => false,
  )
}

async function modeOf(file: string, origin: string): Promise<number> {
  try {
    return (await stat(file)).mode
  } catch (cause) {
    throw new VpaiError('SECRETS_NO_IDENTITY', `there is no identity at ${file} (${origin})`, {
      hint: '`vpai secrets init` makes one; else give --identity FILE or VPAI_AGE_IDENTITY',
      cause,
    })
  }
}
