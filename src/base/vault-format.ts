/**
 * The format of ansible-vault, 1.1 and 1.2 with AES256: PBKDF2 (SHA-256) makes two keys and a counter of the
 * password, AES-CTR encrypts, HMAC proves. Throws VAULT_FORMAT, VAULT_CIPHER; a wrong password is null.
 */
import { createCipheriv, createDecipheriv, createHmac, pbkdf2Sync, timingSafeEqual } from 'node:crypto'
import { VpaiError } from './error.ts'

export interface VaultEnvelope {
  /** The vault id of a 1.2 header. */
  readonly id: string | undefined
  readonly salt: Buffer
  readonly proof: Buffer
  readonly sealed: Buffer
}

/** `place`: where it stands, for messages. */
export function parseVault(text: string, place: string): VaultEnvelope {
  const [header = '', ...lines] = text.trim().split(/\r?\n/)
  const [mark, version = '', cipher = '', id] = header.trim().split(';')
  if (mark !== '$ANSIBLE_VAULT' || !/^1\.[12]$/.test(version)) {
    throw damaged(place, 'its first line is not $ANSIBLE_VAULT;1.1;AES256 or $ANSIBLE_VAULT;1.2;AES256;ID')
  }
  if (cipher !== 'AES256') {
    throw new VpaiError('VAULT_CIPHER', `${place} is encrypted with ${cipher}; AES256 is what vpai reads`, {
      hint: 'Encrypt it anew: ansible-vault rekey',
    })
  }
  const parts = unhex(lines.map(line => line.trim()).join(''), place)
    .toString('latin1')
    .split('\n')
  const [salt, proof, sealed] = parts.map(part => unhex(part, place))
  if (salt === undefined || proof === undefined || sealed === undefined || parts.length !== 3)
    throw damaged(place, 'a part of it is missing')
  return { id: version === '1.2' ? id : undefined, salt, proof, sealed }
}

/** Null: the password does not fit. */
export function openVault({ salt, proof, sealed }: VaultEnvelope, password: string): Buffer | null {
  const { cipherKey, proofKey, counter } = derive(password, salt)
  const found = createHmac('sha256', proofKey).update(sealed).digest()
  if (found.length !== proof.length || !timingSafeEqual(found, proof)) return null
  const decipher = createDecipheriv('aes-256-ctr', cipherKey, counter)
  const padded = Buffer.concat([decipher.update(sealed), decipher.final()])
  const padding = padded.at(-1) ?? 0
  return padded.subarray(0, padded.length - padding)
}

export interface SealVault {
  readonly password: string
  /** 32 random bytes. */
  readonly salt: Uint8Array
  readonly id?: string
}

/** The envelope as text, with the line break at its end. */
export function sealVault(clear: Uint8Array, { password, salt, id }: SealVault): string {
  const { cipherKey, proofKey, counter } = derive(password, salt)
  const padding = 16 - (clear.length % 16)
  const cipher = createCipheriv('aes-256-ctr', cipherKey, counter)
  const sealed = Buffer.concat([
    cipher.update(clear),
    cipher.update(Buffer.alloc(padding, padding)),
    cipher.final(),
  ])
  const proof = createHmac('sha256', proofKey).update(sealed).digest('hex')
  const inner = [Buffer.from(salt).toString('hex'), proof, sealed.toString('hex')].join('\n')
  const lines =
    Buffer.from(inner)
      .toString('hex')
      .match(/.{1,80}/g) ?? []
  const header = id === undefined ? '$ANSIBLE_VAULT;1.1;AES256' : `$ANSIBLE_VAULT;1.2;AES256;${id}`
  return `${[header, ...lines].join('\n')}\n`
}

function derive(password: string, salt: Uint8Array) {
  const keys = pbkdf2Sync(password, salt, 10_000, 80, 'sha256')
  return { cipherKey: keys.subarray(0, 32), proofKey: keys.subarray(32, 64), counter: keys.subarray(64) }
}

function unhex(text: string, place: string): Buffer {
  if (text.length % 2 === 0 && /^[\da-f]+$/i.test(text)) return Buffer.from(text, 'hex')
  throw damaged(place, 'it holds characters that are no hexadecimal digits, or ends too early')
}

function damaged(place: string, why: string): VpaiError {
  return new VpaiError('VAULT_FORMAT', `${place} is no whole ansible-vault text: ${why}`, {
    hint: 'Was it cut off, or changed by hand? Take it from the history of the repository.',
  })
}
