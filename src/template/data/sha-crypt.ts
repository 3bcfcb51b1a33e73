/**
 * SHA-crypt, the password hash of /etc/shadow ($5$ and $6$), after Ulrich Drepper's public specification
 * ("Unix crypt using SHA-256 and SHA-512").
 */
import { hash } from 'node:crypto'
import { valueError } from '../errors.ts'

export interface ShaCryptOptions {
  readonly algorithm: 'sha256' | 'sha512'
  /** Up to 16 of ./0-9A-Za-z. */
  readonly salt: string
  /** 1000 to 999999999; 5000 is not written into the result. */
  readonly rounds?: number | undefined
}

export const SALT_ALPHABET = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

const DEFAULT_ROUNDS = 5000

/** The hash as it stands in /etc/shadow. */
export function shaCrypt(password: string, options: ShaCryptOptions): string {
  const { algorithm, salt } = options
  if (!/^[./0-9A-Za-z]{1,16}$/.test(salt)) valueError('a salt is 1 to 16 characters out of ./0-9A-Za-z')
  const rounds = Math.min(Math.max(options.rounds ?? DEFAULT_ROUNDS, 1000), 999_999_999)
  const key = Buffer.from(password, 'utf8')
  const digest = stretch({ algorithm, key, salt: Buffer.from(salt) }, rounds)
  const roundsPart = options.rounds === undefined || rounds === DEFAULT_ROUNDS ? '' : `rounds=${rounds}$`
  return `$${algorithm === 'sha512' ? 6 : 5}$${roundsPart}${salt}$${encode(digest, algorithm)}`
}

interface Input {
  readonly algorithm: 'sha256' | 'sha512'
  readonly key: Buffer
  readonly salt: Buffer
}

function digestOf(algorithm: string, parts: readonly Buffer[]): Buffer {
  return hash(algorithm, Buffer.concat(parts), 'buffer')
}

function stretch({ algorithm, key, salt }: Input, rounds: number): Buffer {
  const keySum = digestOf(algorithm, Array<Buffer>(key.length).fill(key))
  const keyBytes = repeatTo(keySum, key.length)
  let sum = firstSum({ algorithm, key, salt })
  const saltSum = digestOf(algorithm, Array<Buffer>(16 + sum[0]!).fill(salt))
  const saltBytes = repeatTo(saltSum, salt.length)
  for (let round = 0; round < rounds; round++) {
    const isOdd = round % 2 === 1
    const parts = [isOdd ? keyBytes : sum]
    if (round % 3 !== 0) parts.push(saltBytes)
    if (round % 7 !== 0) parts.push(keyBytes)
    parts.push(isOdd ? sum : keyBytes)
    sum = digestOf(algorithm, parts)
  }
  return sum
}

/** Digest A of the specification. */
function firstSum({ algorithm, key, salt }: Input): Buffer {
  const alternate = digestOf(algorithm, [key, salt, key])
  const parts = [key, salt, repeatTo(alternate, key.length)]
  for (let bits = key.length; bits > 0; bits >>= 1) parts.push(bits & 1 ? alternate : key)
  return digestOf(algorithm, parts)
}

function repeatTo(bytes: Buffer, length: number): Buffer {
  return Buffer.alloc(length, bytes)
}

/** Three bytes at a time, in the order the specification lists, as four characters of six bits each. */
function encode(digest: Buffer, algorithm: 'sha256' | 'sha512'): string {
  const isLong = algorithm === 'sha512'
  const third = isLong ? 21 : 10
  let text = ''
  let [a, b, c] = [0, third, third * 2]
  for (let group = 0; group < third; group++) {
    text += sixBits((digest[a]! << 16) | (digest[b]! << 8) | digest[c]!, 4)
    // Each group starts one byte further with the three roles rotated; the two sizes rotate differently.
    ;[a, b, c] = isLong ? [b + 1, c + 1, a + 1] : [c + 1, a + 1, b + 1]
  }
  const last = isLong ? sixBits(digest[63]!, 2) : sixBits((digest[31]! << 8) | digest[30]!, 3)
  return text + last
}

function sixBits(value: number, count: number): string {
  let text = ''
  for (let i = 0, rest = value; i < count; i++, rest >>= 6) text += SALT_ALPHABET[rest & 0x3f]
  return text
}
