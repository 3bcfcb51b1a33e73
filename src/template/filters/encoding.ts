/** Filters for hashes, encodings, password hashes and URLs. */
import { createHash, getHashes } from 'node:crypto'
import { SALT_ALPHABET, shaCrypt } from '../data/sha-crypt.ts'
import { valueError } from '../errors.ts'
import { evaluator } from '../runtime/evaluator.ts'
import { str } from '../runtime/printing.ts'
import { define } from '../runtime/signature.ts'
import { splitUrl } from '../split-url.ts'

export const encodingFilters = define({
  'hash(hashtype: str)': (value: unknown, algorithm = 'sha1') => hash(str(value), algorithm),
  'sha1|checksum()': (value: unknown) => hash(str(value), 'sha1'),
  'md5()': (value: unknown) => hash(str(value), 'md5'),
  'b64encode(encoding: str)': (value: unknown, encoding?: string) =>
    Buffer.from(str(value), bufferEncoding(encoding)).toString('base64'),
  'b64decode(encoding: str)': (value: unknown, encoding?: string) =>
    Buffer.from(str(value), 'base64').toString(bufferEncoding(encoding)),
  'to_uuid(namespace: str)': (value: unknown, namespace = '361E6D51-FAEC-444A-9079-341386DA8E2E') =>
    uuidOfName(str(value), namespace),
  'password_hash(hashtype: str, salt: str, salt_size: int, rounds: int, ident: str)': (
    value: unknown,
    type = 'sha512',
    ...[salt, saltSize, rounds]: [salt?: string, saltSize?: number, rounds?: number]
  ) => passwordHash(str(value), type, { salt: salt ?? randomSalt(saltSize ?? 16), rounds }),
  'urlsplit(query: str)': (value: unknown, part?: string) => {
    const parts = splitUrl(str(value))
    if (part === undefined) return parts
    return Object.hasOwn(parts, part) ? parts[part] : valueError(`urlsplit: unknown URL component '${part}'`)
  },
  'urldecode()': (value: unknown) => decodeUrl(str(value)),
})

function hash(text: string, algorithm: string): string {
  const hint = `one of ${getHashes().slice(0, 12).join(', ')}, ...`
  if (!getHashes().includes(algorithm.toLowerCase())) valueError(`no hash '${algorithm}'`, hint)
  return createHash(algorithm).update(text).digest('hex')
}

const ENCODINGS: Readonly<Record<string, BufferEncoding>> = {
  'utf-8': 'utf8',
  utf8: 'utf8',
  'utf-16-le': 'utf16le',
  'utf-16le': 'utf16le',
  ascii: 'ascii',
  'latin-1': 'latin1',
  latin1: 'latin1',
  'iso-8859-1': 'latin1',
}

function bufferEncoding(name = 'utf-8'): BufferEncoding {
  return ENCODINGS[name.toLowerCase()] ?? valueError(`unknown encoding '${name}'`)
}

interface PasswordOptions {
  readonly salt: string
  readonly rounds: number | undefined
}

/** As many as Ansible's: the same password and salt must give the same hash, or accounts would be changed for it. */
const DEFAULT_ROUNDS = { sha256: 535_000, sha512: 656_000 } as const

/** A hash takes a second by intention, and one task is rendered several times. */
const hashed = new Map<string, string>()

function passwordHash(password: string, type: string, { salt, rounds }: PasswordOptions): string {
  const algorithm = type.replace(/_crypt$/, '')
  if (algorithm !== 'sha512' && algorithm !== 'sha256')
    return valueError(`password_hash: no hash type '${type}'`, 'sha512 and sha256 are supported')
  const options = { algorithm, salt, rounds: rounds ?? DEFAULT_ROUNDS[algorithm] } as const
  const key = hash(JSON.stringify([password, options]), 'sha256')
  const known = hashed.get(key) ?? shaCrypt(password, options)
  hashed.set(key, known)
  return known
}

function randomSalt(size: number): string {
  const random = evaluator()
  return Array.from(
    { length: size },
    () => SALT_ALPHABET[Math.floor(random.random() * SALT_ALPHABET.length)],
  ).join('')
}

/** A version 5 UUID (RFC 9562): SHA-1 of the namespace and the name. */
function uuidOfName(name: string, namespace: string): string {
  const bytes = createHash('sha1')
    .update(Buffer.from(namespace.replaceAll('-', ''), 'hex'))
    .update(name)
    .digest()
  bytes[6] = (bytes[6]! & 0x0f) | 0x50
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    '-',
  )
}

function decodeUrl(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return valueError('urldecode: a percent sign is not followed by two hexadecimal digits of valid UTF-8')
  }
}
