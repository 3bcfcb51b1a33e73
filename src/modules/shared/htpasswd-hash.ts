/** Hashes of password files that need no program: Apache's MD5, SHA-1 and plain text. */
import { digest } from './digest.ts'

export type PureScheme = 'apr_md5_crypt' | 'ldap_sha1' | 'plaintext'

export function hashPassword(scheme: PureScheme, password: string, salt: string): string {
  if (scheme === 'plaintext') return password
  if (scheme === 'ldap_sha1') return `{SHA}${bytes('sha1', password).toString('base64')}`
  return aprMd5(password, salt)
}

/** null: the hash is of another kind, which cannot be told here. */
export function verifyPassword(hash: string, password: string): boolean | null {
  const apr = /^\$apr1\$([^$]{1,8})\$/.exec(hash)
  if (apr !== null) return aprMd5(password, apr[1] ?? '') === hash
  if (hash.startsWith('{SHA}')) return hashPassword('ldap_sha1', password, '') === hash
  return hash.startsWith('$') ? null : hash === password
}

const bytes = (name: 'md5' | 'sha1', content: Uint8Array | string): Buffer =>
  Buffer.from(digest(name, content), 'hex')

/** The MD5 crypt of FreeBSD under Apache's name: a thousand rounds over password and salt. */
function aprMd5(password: string, salt: string): string {
  const [word, grain] = [Buffer.from(password), Buffer.from(salt)]
  const inner = bytes('md5', Buffer.concat([word, grain, word]))
  const parts = [word, Buffer.from('$apr1$'), grain, ...repeated(inner, word.length)]
  for (let left = word.length; left > 0; left >>= 1)
    parts.push((left & 1) === 1 ? Buffer.from([0]) : word.subarray(0, 1))
  let sum = bytes('md5', Buffer.concat(parts))
  for (let round = 0; round < 1000; round++) {
    const isOdd = round % 2 === 1
    const mixed = [
      isOdd ? word : sum,
      ...(round % 3 === 0 ? [] : [grain]),
      ...(round % 7 === 0 ? [] : [word]),
      isOdd ? sum : word,
    ]
    sum = bytes('md5', Buffer.concat(mixed))
  }
  return `$apr1$${salt}$${encoded(sum)}`
}

function repeated(sum: Buffer, length: number): Buffer[] {
  const parts: Buffer[] = []
  for (let left = length; left > 0; left -= 16) parts.push(sum.subarray(0, Math.min(16, left)))
  return parts
}

const LETTERS = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const ORDER = [0, 6, 12, 1, 7, 13, 2, 8, 14, 3, 9, 15, 4, 10, 5] as const

function encoded(sum: Buffer): string {
  const byte = (index: number | undefined) => sum[index ?? 0] ?? 0
  let text = ''
  for (let at = 0; at < ORDER.length; at += 3) {
    text += letters((byte(ORDER[at]) << 16) | (byte(ORDER[at + 1]) << 8) | byte(ORDER[at + 2]), 4)
  }
  return text + letters(byte(11), 2)
}

function letters(value: number, count: number): string {
  return Array.from({ length: count }, (_none, index) => LETTERS[(value >> (6 * index)) & 63]).join('')
}
