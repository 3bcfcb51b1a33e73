/** The extensions that the arguments of openssl_csr ask for, in DER (RFC 5280 4.2). */
import { createHash } from 'node:crypto'
import type { CsrArgs } from './csr-arguments.ts'
import { der, derInteger, derOid, integerBytes, partsOf, readDer, sequence, TAG, TRUE } from './der.ts'
import { generalName } from './general-name.ts'
import { type Extension, OID, type X509Name } from './x509-document.ts'
import { KEY_USAGES, usageOid } from './x509-names.ts'

export type Extensions = ReadonlyMap<string, Extension>

/** A mistake in the arguments, told as a sentence. */
class Unusable extends Error {}

/** A sentence when an argument makes no sense. */
export function wantedExtensions(
  args: CsrArgs,
  subject: X509Name,
  publicKey: Uint8Array,
): Extensions | string {
  try {
    return new Map([...build(args, subject, publicKey)])
  } catch (error) {
    if (error instanceof Unusable) return error.message
    throw error
  }
}

/** As openssl makes it: the SHA-1 of the key itself. */
export function keyIdentifier(publicKey: Uint8Array): Uint8Array {
  const bits = partsOf(readDer(publicKey).content)[1]?.content ?? new Uint8Array()
  return createHash('sha1').update(bits.subarray(1)).digest()
}

export function alternativeNames(args: CsrArgs, subject: X509Name): readonly string[] {
  if (args.subject_alt_name !== undefined) return args.subject_alt_name
  const common = subject.find(([oid]) => oid === '2.5.4.3')
  return args.use_common_name_for_san && common !== undefined ? [`DNS:${common[1]}`] : []
}

function* build(
  args: CsrArgs,
  subject: X509Name,
  publicKey: Uint8Array,
): Generator<readonly [string, Extension]> {
  const names = alternativeNames(args, subject)
  if (names.length > 0)
    yield [
      OID.subjectAltName,
      { critical: args.subject_alt_name_critical, value: sequence(...generalNames(names)) },
    ]
  if (args.key_usage !== undefined)
    yield [OID.keyUsage, { critical: args.key_usage_critical, value: keyUsage(args.key_usage) }]
  if (args.extended_key_usage !== undefined)
    yield [
      OID.extendedKeyUsage,
      { critical: args.extended_key_usage_critical, value: extendedUsage(args.extended_key_usage) },
    ]
  if (args.basic_constraints !== undefined)
    yield [
      OID.basicConstraints,
      { critical: args.basic_constraints_critical, value: basicConstraints(args.basic_constraints) },
    ]
  if (args.ocsp_must_staple)
    yield [OID.tlsFeature, { critical: args.ocsp_must_staple_critical, value: sequence(derInteger(5)) }]
  if (args.name_constraints_permitted !== undefined || args.name_constraints_excluded !== undefined)
    yield [OID.nameConstraints, { critical: args.name_constraints_critical, value: nameConstraints(args) }]
  if (args.create_subject_key_identifier || args.subject_key_identifier !== undefined)
    yield [OID.subjectKeyIdentifier, { critical: false, value: subjectKey(args, publicKey) }]
  if (args.authority_key_identifier !== undefined || args.authority_cert_issuer !== undefined)
    yield [OID.authorityKeyIdentifier, { critical: false, value: authorityKey(args) }]
  if (args.crl_distribution_points !== undefined)
    yield [OID.crlDistributionPoints, { critical: false, value: distributionPoints(args) }]
}

function generalNames(names: readonly string[], range = false): Uint8Array[] {
  return names.map(name => {
    const bytes = generalName(name, range)
    if (typeof bytes === 'string') throw new Unusable(bytes)
    return bytes
  })
}

/** Bit 0 is the highest; unused bits at the end are cut off, as DER wants. */
function keyUsage(usages: readonly string[]): Uint8Array {
  const bits = usages.map(usage => {
    const at = KEY_USAGES.findIndex(names => names.some(name => name === usage))
    if (at < 0) throw new Unusable(`"${usage}" is no key usage`)
    return at
  })
  const last = Math.max(-1, ...bits)
  const bytes = Buffer.alloc(Math.ceil((last + 1) / 8))
  for (const bit of bits) bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) | (0x80 >> (bit & 7))
  return der(TAG.bits, Buffer.from([bytes.length * 8 - last - 1]), bytes)
}

function extendedUsage(usages: readonly string[]): Uint8Array {
  const oids = usages.map(usage => {
    const oid = usageOid(usage)
    if (oid === null)
      throw new Unusable(`"${usage}" is no extended key usage that is known here; give its dotted number`)
    return derOid(oid)
  })
  return sequence(...oids)
}

function basicConstraints(words: readonly string[]): Uint8Array {
  const parts: Uint8Array[] = []
  for (const word of words) {
    const [, name = '', value = ''] = /^\s*(CA|pathlen)\s*:\s*(\w+)\s*$/i.exec(word) ?? []
    if (/^ca$/i.test(name) && /^(true|false)$/i.test(value)) {
      if (/^true$/i.test(value)) parts.unshift(TRUE)
    } else if (/^pathlen$/i.test(name) && /^\d+$/.test(value)) parts.push(derInteger(Number(value)))
    else throw new Unusable(`"${word}" is no basic constraint: CA:TRUE, CA:FALSE or pathlen:NUMBER`)
  }
  return sequence(...parts)
}

function nameConstraints(args: CsrArgs): Uint8Array {
  const trees = (tag: number, names: readonly string[] | undefined) =>
    names === undefined || names.length === 0
      ? []
      : [der(tag, ...generalNames(names, true).map(name => sequence(name)))]
  return sequence(
    ...trees(0xa0, args.name_constraints_permitted),
    ...trees(0xa1, args.name_constraints_excluded),
  )
}

function subjectKey(args: CsrArgs, publicKey: Uint8Array): Uint8Array {
  const { subject_key_identifier: given } = args
  return der(TAG.octets, given === undefined ? keyIdentifier(publicKey) : hexBytes(given))
}

function authorityKey(args: CsrArgs): Uint8Array {
  const {
    authority_key_identifier: id,
    authority_cert_issuer: issuer,
    authority_cert_serial_number: serial,
  } = args
  return sequence(
    ...(id === undefined ? [] : [der(0x80, hexBytes(id))]),
    ...(issuer === undefined ? [] : [der(0xa1, ...generalNames(issuer))]),
    ...(serial === undefined ? [] : [der(0x82, integerBytes(BigInt(serial)))]),
  )
}

const REASONS = [
  'unused',
  'key_compromise',
  'ca_compromise',
  'affiliation_changed',
  'superseded',
  'cessation_of_operation',
  'certificate_hold',
  'privilege_withdrawn',
  'aa_compromise',
]

function distributionPoints(args: CsrArgs): Uint8Array {
  const points = (args.crl_distribution_points ?? []).map(point => {
    if (point.relative_name !== undefined)
      throw new Unusable('relative_name of crl_distribution_points cannot be made here: give full_name')
    return sequence(
      ...(point.full_name === undefined ? [] : [der(0xa0, der(0xa0, ...generalNames(point.full_name)))]),
      ...(point.reasons === undefined ? [] : [der(0x81, reasons(point.reasons))]),
      ...(point.crl_issuer === undefined ? [] : [der(0xa2, ...generalNames(point.crl_issuer))]),
    )
  })
  return sequence(...points)
}

function reasons(words: readonly string[]): Uint8Array {
  const bits = words.map(word => REASONS.indexOf(word))
  if (bits.some(bit => bit < 1)) throw new Unusable(`reasons are of: ${REASONS.slice(1).join(', ')}`)
  const last = Math.max(...bits)
  const bytes = Buffer.alloc(1 + (last >> 3))
  for (const bit of bits) bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) | (0x80 >> (bit & 7))
  return Buffer.concat([Buffer.from([bytes.length * 8 - last - 1]), bytes])
}

function hexBytes(text: string): Uint8Array {
  const digits = text.replaceAll(':', '')
  if (!/^([0-9a-fA-F]{2})+$/.test(digits))
    throw new Unusable(`"${text}" is no list of bytes such as 00:11:22`)
  return Buffer.from(digits, 'hex')
}
