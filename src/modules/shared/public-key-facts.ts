/** What a public key is, from its DER or PEM: type and size in Ansible's words, and its fingerprints. */
import { createHash, createPublicKey, type KeyObject } from 'node:crypto'
import type { Dict } from '../../base/value.ts'
import { colonHex, partsOf, pem, readDer, readInteger } from './der.ts'

export interface PublicKeyFacts {
  /** RSA, DSA, ECC, Ed25519, X25519, Ed448 or X448. */
  readonly type: string
  /** Bits. */
  readonly size: number
  /** ECC only, in TLS's words: secp256r1 … */
  readonly curve: string | null
  /** SubjectPublicKeyInfo. */
  readonly der: Uint8Array
  readonly pem: string
  /** public_key_data of Ansible's info modules. */
  readonly data: Dict
}

/** null for what is no public key. */
export function publicKeyFacts(der: Uint8Array): PublicKeyFacts | null {
  try {
    return factsOf(createPublicKey({ key: Buffer.from(der), format: 'der', type: 'spki' }))
  } catch {
    return null
  }
}

const ALGORITHMS: Readonly<Record<string, string>> = {
  md5: 'md5',
  sha1: 'sha1',
  sha224: 'sha224',
  sha256: 'sha256',
  sha384: 'sha384',
  sha512: 'sha512',
  sha3_224: 'sha3-224',
  sha3_256: 'sha3-256',
  sha3_384: 'sha3-384',
  sha3_512: 'sha3-512',
  blake2b: 'blake2b512',
  blake2s: 'blake2s256',
}

/** By algorithm, bytes parted by colons. */
export function fingerprints(der: Uint8Array): Dict {
  const sum = (name: string) => colonHex(createHash(name).update(der).digest())
  const shake = (name: string) => colonHex(createHash(name, { outputLength: 32 }).update(der).digest())
  return {
    ...Object.fromEntries(Object.entries(ALGORITHMS).map(([name, own]) => [name, sum(own)])),
    ...{ shake_128: shake('shake128'), shake_256: shake('shake256') },
  }
}

const TYPES: Readonly<Record<string, readonly [type: string, size: number]>> = {
  ed25519: ['Ed25519', 256],
  x25519: ['X25519', 256],
  ed448: ['Ed448', 456],
  x448: ['X448', 448],
}

/** OpenSSL's names where they are not TLS's. */
const CURVES: Readonly<Record<string, string>> = { prime256v1: 'secp256r1', prime192v1: 'secp192r1' }

function factsOf(key: KeyObject): PublicKeyFacts {
  const der = key.export({ format: 'der', type: 'spki' })
  const base = { der, pem: pem('PUBLIC KEY', der), curve: null }
  const { modulusLength = 0, namedCurve = '' } = key.asymmetricKeyDetails ?? {}
  const type = key.asymmetricKeyType ?? ''
  if (type.startsWith('rsa')) {
    const [n, e] = partsOf(readDer(bitsOf(der)).content).map(readInteger)
    const data = { size: modulusLength, modulus: n ?? 0n, exponent: Number(e ?? 0n) }
    return { ...base, type: 'RSA', size: modulusLength, data }
  }
  if (type === 'dsa') return { ...base, type: 'DSA', size: modulusLength, data: { size: modulusLength } }
  if (type === 'ec') return elliptic(base, CURVES[namedCurve] ?? namedCurve)
  const [name, size] = TYPES[type] ?? [`unknown (${type})`, 0]
  return { ...base, type: name, size, data: {} }
}

function elliptic(base: Pick<PublicKeyFacts, 'der' | 'pem'>, curve: string): PublicKeyFacts {
  const size = Number(/\d+/.exec(curve.replace(/^prime/, ''))?.[0] ?? 0)
  const point = bitsOf(base.der)
  const half = (point.length - 1) / 2
  const number = (bytes: Uint8Array) => BigInt(`0x${Buffer.from(bytes).toString('hex') || '0'}`)
  const place: Dict =
    point[0] === 4 ? { x: number(point.subarray(1, 1 + half)), y: number(point.subarray(1 + half)) } : {}
  return { ...base, type: 'ECC', size, curve, data: { curve, exponent_size: size, ...place } }
}

/** The key itself inside a SubjectPublicKeyInfo; its first byte counts unused bits. */
function bitsOf(der: Uint8Array): Uint8Array {
  const [, bits] = partsOf(readDer(der).content)
  return (bits?.content ?? new Uint8Array()).subarray(1)
}
