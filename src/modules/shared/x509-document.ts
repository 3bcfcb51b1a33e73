/**
 * Certificates and certificate signing requests, read on the controller (RFC 5280, RFC 2986).
 * null for a text that holds none, or a broken one.
 */
import { type DerNode, hex, partsOf, pemBody, readDer, readInteger, readOid, readText, TAG } from './der.ts'

export interface Extension {
  readonly critical: boolean
  /** The DER inside the octets. */
  readonly value: Uint8Array
}

/** Object identifier and text of each part, in order. */
export type X509Name = readonly (readonly [string, string])[]

export interface Request {
  readonly subject: X509Name
  /** SubjectPublicKeyInfo. */
  readonly publicKey: Uint8Array
  /** By object identifier. */
  readonly extensions: ReadonlyMap<string, Extension>
}

export interface Certificate extends Request {
  readonly issuer: X509Name
  readonly serial: bigint
  readonly version: number
  /** YYYYMMDDHHMMSSZ */
  readonly notBefore: string
  readonly notAfter: string
  /** Object identifier. */
  readonly signature: string
  readonly whole: Uint8Array
}

export const OID = {
  extensionRequest: '1.2.840.113549.1.9.14',
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  nameConstraints: '2.5.29.30',
  crlDistributionPoints: '2.5.29.31',
  authorityKeyIdentifier: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
  authorityInfoAccess: '1.3.6.1.5.5.7.1.1',
  tlsFeature: '1.3.6.1.5.5.7.1.24',
} as const

export function readRequest(bytes: Uint8Array): Request | null {
  return attempt(() => {
    const body = pemBody(bytes, /^(NEW )?CERTIFICATE REQUEST$/)
    if (body === null) return null
    const [info] = partsOf(readDer(body).content)
    const [, subject, key, attributes] = partsOf(must(info).content)
    const wanted = partsOf(attributes?.content ?? new Uint8Array())
      .map(attribute => partsOf(attribute.content))
      .find(([oid]) => oid !== undefined && readOid(oid) === OID.extensionRequest)
    const list = wanted?.[1] === undefined ? undefined : partsOf(wanted[1].content)[0]
    return {
      subject: readName(must(subject)),
      publicKey: must(key).whole,
      extensions: readExtensions(list),
    }
  })
}

export function readCertificate(bytes: Uint8Array): Certificate | null {
  return attempt(() => {
    const body = pemBody(bytes, /^(X509 |TRUSTED )?CERTIFICATE$/)
    if (body === null) return null
    const whole = readDer(body)
    const [info, algorithm] = partsOf(whole.content)
    const parts = partsOf(must(info).content)
    const version = parts[0]?.tag === 0xa0 ? Number(readInteger(readDer(parts.shift()!.content))) + 1 : 1
    const [serial, , issuer, validity, subject, key, ...more] = parts
    const [from, to] = partsOf(must(validity).content)
    const extensions = more.find(({ tag }) => tag === 0xa3)
    return {
      subject: readName(must(subject)),
      publicKey: must(key).whole,
      extensions: readExtensions(extensions && readDer(extensions.content)),
      issuer: readName(must(issuer)),
      serial: readInteger(must(serial)),
      version,
      notBefore: readTime(must(from)),
      notAfter: readTime(must(to)),
      signature: readOid(must(partsOf(must(algorithm).content)[0])),
      whole: whole.whole,
    }
  })
}

export function sameName(one: X509Name, other: X509Name): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

/** The order of alternative names and of extended usages has no meaning. */
export function sameExtension(
  oid: string,
  one: Extension | undefined,
  other: Extension | undefined,
): boolean {
  if (one === undefined || other === undefined) return one === other
  return one.critical === other.critical && canonical(oid, one.value) === canonical(oid, other.value)
}

export function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return hex(one) === hex(other)
}

function canonical(oid: string, value: Uint8Array): string {
  if (oid !== OID.subjectAltName && oid !== OID.extendedKeyUsage) return hex(value)
  return partsOf(readDer(value).content)
    .map(part => hex(part.whole))
    .sort()
    .join(' ')
}

function readName(node: DerNode): X509Name {
  return partsOf(node.content)
    .flatMap(set => partsOf(set.content))
    .map(pair => {
      const [oid, value] = partsOf(pair.content)
      return [readOid(must(oid)), readText(must(value))] as const
    })
}

function readExtensions(list: DerNode | undefined): ReadonlyMap<string, Extension> {
  const entries = partsOf(list?.content ?? new Uint8Array()).map(entry => {
    const parts = partsOf(entry.content)
    const critical = parts[1]?.tag === TAG.boolean && parts[1].content[0] !== 0
    return [readOid(must(parts[0])), { critical, value: must(parts.at(-1)).content }] as const
  })
  return new Map(entries)
}

/** Two-digit years count from 1950. */
function readTime(node: DerNode): string {
  const text = readText(node)
  if (node.tag !== TAG.utcTime) return text
  return `${Number(text.slice(0, 2)) >= 50 ? '19' : '20'}${text}`
}

function attempt<T>(read: () => T | null): T | null {
  try {
    return read()
  } catch {
    return null
  }
}

function must<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('a part is missing')
  return value
}
