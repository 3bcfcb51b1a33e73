/** A public key as one line of OpenSSH (RFC 4253, 5656, 8709), and what such a line says. */
import { createHash } from 'node:crypto'
import { partsOf, readDer } from './der.ts'
import type { PublicKeyFacts } from './public-key-facts.ts'

/** `ssh-rsa AAAA…` and a line end; null for a type that OpenSSH does not have. */
export function opensshLine(facts: PublicKeyFacts): string | null {
  const blob = blobOf(facts)
  return blob === null ? null : `${blob.type} ${blob.bytes.toString('base64')}\n`
}

export interface OpensshFacts {
  /** rsa, dsa, ecdsa, ed25519 … */
  readonly type: string
  /** Bits. */
  readonly size: number
  /** SHA256:… as ssh-keygen -l prints it. */
  readonly fingerprint: string
}

/** Of the base64 part of a line; null when that is no key. */
export function opensshFacts(blob: string): OpensshFacts | null {
  const bytes = Buffer.from(blob, 'base64')
  const [type, ...rest] = stringsIn(bytes).map(part => Buffer.from(part))
  const name = type?.toString('latin1') ?? ''
  const fingerprint = `SHA256:${createHash('sha256').update(bytes).digest('base64').replace(/=+$/, '')}`
  const bits = (part: Buffer | undefined) =>
    part === undefined ? 0 : BigInt(`0x${part.toString('hex') || '0'}`).toString(2).length
  if (name === 'ssh-rsa') return { type: 'rsa', size: bits(rest[1]), fingerprint }
  if (name === 'ssh-dss') return { type: 'dsa', size: bits(rest[0]), fingerprint }
  if (name === 'ssh-ed25519') return { type: 'ed25519', size: 256, fingerprint }
  const curve = /^ecdsa-sha2-nistp(\d+)$/.exec(name)
  return curve === null ? null : { type: 'ecdsa', size: Number(curve[1]), fingerprint }
}

function blobOf(facts: PublicKeyFacts): { readonly type: string; readonly bytes: Buffer } | null {
  const bits = (partsOf(readDer(facts.der).content)[1]?.content ?? new Uint8Array()).subarray(1)
  if (facts.type === 'RSA') {
    const [n, e] = partsOf(readDer(bits).content)
    return n && e ? blob('ssh-rsa', e.content, n.content) : null
  }
  if (facts.type === 'Ed25519') return blob('ssh-ed25519', bits)
  if (facts.type === 'DSA') {
    const [algorithm] = partsOf(readDer(facts.der).content)
    const numbers = partsOf(partsOf(algorithm?.content ?? new Uint8Array())[1]?.content ?? new Uint8Array())
    return blob('ssh-dss', ...numbers.map(number => number.content), readDer(bits).content)
  }
  const curve = { secp256r1: 'nistp256', secp384r1: 'nistp384', secp521r1: 'nistp521' }[facts.curve ?? '']
  return curve === undefined ? null : blob(`ecdsa-sha2-${curve}`, Buffer.from(curve), bits)
}

function blob(type: string, ...parts: readonly Uint8Array[]) {
  const strings = [Buffer.from(type), ...parts].flatMap(part => {
    const length = Buffer.alloc(4)
    length.writeUInt32BE(part.length)
    return [length, part]
  })
  return { type, bytes: Buffer.concat(strings) }
}

function stringsIn(bytes: Buffer): Buffer[] {
  const strings: Buffer[] = []
  for (let at = 0; at + 4 <= bytes.length; ) {
    const length = bytes.readUInt32BE(at)
    strings.push(bytes.subarray(at + 4, at + 4 + length))
    at += 4 + length
  }
  return strings
}
