/**
 * Password verifiers as PostgreSQL stores them: `SCRAM-SHA-256$iterations:salt$StoredKey:ServerKey` (RFC 5802, 7677)
 * and `md5…`. The server gets the verifier, so the password never shows in its log.
 */
import { createHash, createHmac, pbkdf2Sync, timingSafeEqual } from 'node:crypto'

const ITERATIONS = 4096

/** Is it a verifier already? Those are stored as they are. */
export function isVerifier(text: string): boolean {
  return /^md5[0-9a-f]{32}$/.test(text) || /^SCRAM-SHA-256\$\d+:[^$]+\$[^:]+:.+$/.test(text)
}

/** Does the stored verifier belong to this password, or is it the same verifier? */
export function passwordMatches(wanted: string, user: string, stored: string | null): boolean {
  if (wanted === '' || stored === null) return wanted === '' && stored === null
  if (isVerifier(wanted)) return same(wanted, stored)
  if (stored.startsWith('md5')) return same(md5Verifier(wanted, user), stored)
  const [, iterations, salt] = /^SCRAM-SHA-256\$(\d+):([^$]+)\$/.exec(stored) ?? []
  if (iterations === undefined || salt === undefined) return false
  return same(scramVerifier(wanted, Buffer.from(salt, 'base64'), Number(iterations)), stored)
}

export function md5Verifier(password: string, user: string): string {
  return `md5${createHash('md5').update(`${password}${user}`).digest('hex')}`
}

/** `salt` of 16 random bytes for a new one. */
export function scramVerifier(password: string, salt: Uint8Array, iterations = ITERATIONS): string {
  const salted = pbkdf2Sync(prepared(password), salt, iterations, 32, 'sha256')
  const hmac = (key: string) => createHmac('sha256', salted).update(key).digest()
  const storedKey = createHash('sha256').update(hmac('Client Key')).digest('base64')
  const serverKey = hmac('Server Key').toString('base64')
  return `SCRAM-SHA-256$${iterations}:${Buffer.from(salt).toString('base64')}$${storedKey}:${serverKey}`
}

/** SASLprep as far as passwords of people need it: odd spaces become spaces, forms become one. */
function prepared(password: string): string {
  return password
    .replace(/[\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000]/g, ' ')
    .replaceAll('\u00ad', '')
    .normalize('NFKC')
}

function same(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}
