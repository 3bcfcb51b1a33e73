/**
 * DER as certificates use it: read into a tree, written from parts. Lengths up to 4 bytes, tags up to 30.
 * Errors: MODULE_DER_BROKEN for bytes that are no DER.
 */
import { VpaiError } from '../../base/error.ts'

export interface DerNode {
  /** The whole tag byte: 0x30 is a sequence, 0xa0 is [0] with parts, 0x82 is [2] without. */
  readonly tag: number
  readonly content: Uint8Array
  /** Tag, length and content. */
  readonly whole: Uint8Array
}

export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bits: 0x03,
  octets: 0x04,
  null: 0x05,
  oid: 0x06,
  utf8: 0x0c,
  printable: 0x13,
  ia5: 0x16,
  utcTime: 0x17,
  time: 0x18,
  bmp: 0x1e,
  sequence: 0x30,
  set: 0x31,
} as const

/** The one value that the bytes hold. */
export function readDer(bytes: Uint8Array): DerNode {
  const [first] = partsOf(bytes)
  if (first === undefined) throw broken('nothing is there')
  return first
}

/** The values one after the other in `bytes`; of a node: its parts. */
export function partsOf(bytes: Uint8Array): DerNode[] {
  const nodes: DerNode[] = []
  for (let at = 0; at < bytes.length; ) {
    const start = at
    const tag = bytes[at++]!
    let length = bytes[at++] ?? 0
    if (length > 0x80) {
      const count = length - 0x80
      if (count > 4) throw broken('a length of more than 4 bytes')
      length = 0
      for (let i = 0; i < count; i++) length = length * 256 + (bytes[at++] ?? 0)
    }
    if (at + length > bytes.length) throw broken('it ends too early')
    nodes.push({
      tag,
      content: bytes.subarray(at, at + length),
      whole: bytes.subarray(start, at + length),
    })
    at += length
  }
  return nodes
}

export function readOid({ content }: DerNode): string {
  const numbers: number[] = []
  let value = 0
  for (const byte of content) {
    value = value * 128 + (byte & 0x7f)
    if (byte < 0x80) {
      numbers.push(value)
      value = 0
    }
  }
  const first = numbers[0] ?? 0
  const top = Math.min(2, Math.floor(first / 40))
  return [top, first - top * 40, ...numbers.slice(1)].join('.')
}

/** Any size; negative numbers do not occur in what is read here, but for odd serial numbers. */
export function readInteger({ content }: DerNode): bigint {
  const value = BigInt(`0x${hex(content) || '0'}`)
  return (content[0] ?? 0) >= 0x80 ? value - (1n << BigInt(content.length * 8)) : value
}

/** Text of any of the string types, and of implicitly tagged ones. */
export function readText({ tag, content }: DerNode): string {
  const bytes = Buffer.from(content)
  if (tag === TAG.bmp) return Buffer.from(bytes).swap16().toString('utf16le')
  return bytes.toString(tag === TAG.utf8 ? 'utf8' : 'latin1')
}

export function der(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const content = Buffer.concat(parts)
  const size = content.length
  if (size < 0x80) return Buffer.concat([Buffer.from([tag, size]), content])
  const digits = size.toString(16)
  const length = Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, 'hex')
  return Buffer.concat([Buffer.from([tag, 0x80 + length.length]), length, content])
}

export const sequence = (...parts: readonly Uint8Array[]): Uint8Array => der(TAG.sequence, ...parts)

export const TRUE: Uint8Array = der(TAG.boolean, Buffer.from([0xff]))

export function derInteger(value: number | bigint): Uint8Array {
  return der(TAG.integer, integerBytes(BigInt(value)))
}

/** The bytes of a number that is not negative, with the zero that keeps it so. */
export function integerBytes(value: bigint): Uint8Array {
  const digits = value.toString(16)
  const even = digits.length % 2 === 0 ? digits : `0${digits}`
  return Buffer.from(Number.parseInt(even.slice(0, 2), 16) >= 0x80 ? `00${even}` : even, 'hex')
}

export function derOid(oid: string): Uint8Array {
  return der(TAG.oid, oidBytes(oid))
}

export function oidBytes(oid: string): Uint8Array {
  const [top = 0, second = 0, ...rest] = oid.split('.').map(Number)
  return Buffer.from([top * 40 + second, ...rest].flatMap(base128))
}

/** Colons between the bytes: how openssl and Ansible print fingerprints. */
export function colonHex(bytes: Uint8Array): string {
  return hex(bytes).replace(/(..)(?=.)/g, '$1:')
}

export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

/** The first block of a PEM text with that label; the bytes themselves when they are DER; null without either. */
export function pemBody(bytes: Uint8Array, label: RegExp): Uint8Array | null {
  if (bytes[0] === TAG.sequence) return bytes
  return pemBodies(Buffer.from(bytes).toString('latin1'), label)[0] ?? null
}

export function pemBodies(text: string, label: RegExp): Uint8Array[] {
  const blocks = text.matchAll(/-----BEGIN ([^-\r\n]+)-----\s+([A-Za-z0-9+/=\s]+?)-----END \1-----/g)
  return [...blocks]
    .filter(([, name = '']) => label.test(name))
    .map(([, , body = '']) => Buffer.from(body, 'base64'))
}

export function pem(label: string, body: Uint8Array): string {
  const lines =
    Buffer.from(body)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`
}

function base128(value: number): number[] {
  const digits = [value & 0x7f]
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128))
    digits.unshift((rest & 0x7f) | 0x80)
  return digits
}

function broken(why: string): VpaiError {
  return new VpaiError('MODULE_DER_BROKEN', `the bytes are no DER: ${why}`)
}
