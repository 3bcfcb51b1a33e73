import { readFile } from 'node:fs/promises'
import { type ParsedKey, utils } from 'ssh2'
import { VpaiError } from '../base/error.ts'

/** A private key file, read but perhaps not opened yet. */
export interface SshIdentity {
  readonly file: string
  /** To find it in an agent; null when the file does not say without its passphrase. */
  readonly publicKey: Buffer | null
  readonly isEncrypted: boolean
  /** Throws SSH_PASSPHRASE_WRONG, SSH_KEY_UNREADABLE. */
  open(passphrase: string | null): ParsedKey
}

/** Throws SSH_KEY_UNREADABLE when the file is missing, forbidden or no private key. */
export async function readIdentity(file: string): Promise<SshIdentity> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    throw unreadable(file, (error as Error).message)
  }
  const key = parse(text, null)
  if (key instanceof Error) {
    if (!/encrypted|passphrase/i.test(key.message)) throw unreadable(file, key.message)
    const publicKey = (await publicPart(`${file}.pub`)) ?? publicKeyInside(text)
    return { file, publicKey, isEncrypted: true, open: passphrase => openEncrypted(file, text, passphrase) }
  }
  if (!key.isPrivateKey()) throw unreadable(file, 'it is a public key')
  return { file, publicKey: key.getPublicSSH(), isEncrypted: false, open: () => key }
}

function openEncrypted(file: string, text: string, passphrase: string | null): ParsedKey {
  const key = parse(text, passphrase)
  if (!(key instanceof Error)) return key
  throw new VpaiError('SSH_PASSPHRASE_WRONG', `The passphrase does not open ${file}.`, { cause: key })
}

function parse(text: string, passphrase: string | null): ParsedKey | Error {
  const parsed = utils.parseKey(text, passphrase ?? undefined)
  return Array.isArray(parsed) ? (parsed[0] as ParsedKey) : parsed
}

async function publicPart(file: string): Promise<Buffer | null> {
  const text = await readFile(file, 'utf8').catch(() => null)
  const base64 = text?.trim().split(/\s+/)[1]
  return base64 === undefined ? null : Buffer.from(base64, 'base64')
}

/** Key files of OpenSSH hold the public key in clear: magic, cipher, kdf, kdf options, count, public key. */
function publicKeyInside(text: string): Buffer | null {
  const base64 = /BEGIN OPENSSH PRIVATE KEY-+([\s\S]*?)-+END/.exec(text)?.[1]
  if (base64 === undefined) return null
  const bytes = Buffer.from(base64, 'base64')
  let at = 'openssh-key-v1\0'.length
  try {
    for (let skipped = 0; skipped < 3; skipped++) at += 4 + bytes.readUInt32BE(at)
    at += 4
    return bytes.subarray(at + 4, at + 4 + bytes.readUInt32BE(at))
  } catch {
    return null
  }
}

function unreadable(file: string, why: string): VpaiError {
  return new VpaiError('SSH_KEY_UNREADABLE', `The key file ${file} cannot be used: ${why}`, {
    hint: 'A private key in OpenSSH or PEM form is needed, readable by you.',
  })
}
