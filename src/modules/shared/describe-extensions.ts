/** Extensions of a certificate as Ansible's info modules show them. */
import type { Dict, Value } from '../../base/value.ts'
import { colonHex, type DerNode, partsOf, readDer, readInteger, readOid, readText, TAG } from './der.ts'
import { showGeneralName } from './general-name.ts'
import { type Extension, OID } from './x509-document.ts'
import { KEY_USAGES, usageName } from './x509-names.ts'

const OCSP = '1.3.6.1.5.5.7.48.1'
const ISSUERS = '1.3.6.1.5.5.7.48.2'

export function describeExtensions(extensions: ReadonlyMap<string, Extension>): Dict {
  const read = (oid: string, show: (node: DerNode) => Value): Value => {
    const extension = extensions.get(oid)
    return extension === undefined ? null : show(readDer(extension.value))
  }
  const critical = (oid: string) => extensions.get(oid)?.critical ?? false
  const authority = extensions.get(OID.authorityKeyIdentifier)
  const parts = authority === undefined ? [] : partsOf(readDer(authority.value).content)
  const part = (tag: number) => parts.find(node => node.tag === tag)
  const issuer = part(0xa1)
  const serial = part(0x82)
  const byOid = [...extensions].map(([oid, extension]) => [
    oid,
    { critical: extension.critical, value: Buffer.from(extension.value).toString('base64') },
  ])
  return {
    basic_constraints: read(OID.basicConstraints, basicConstraints),
    basic_constraints_critical: critical(OID.basicConstraints),
    key_usage: read(OID.keyUsage, keyUsage),
    key_usage_critical: critical(OID.keyUsage),
    extended_key_usage: read(OID.extendedKeyUsage, node =>
      partsOf(node.content)
        .map(one => usageName(readOid(one)))
        .sort(),
    ),
    extended_key_usage_critical: critical(OID.extendedKeyUsage),
    subject_alt_name: read(OID.subjectAltName, node => partsOf(node.content).map(showGeneralName)),
    subject_alt_name_critical: critical(OID.subjectAltName),
    ocsp_must_staple: read(OID.tlsFeature, node =>
      partsOf(node.content).some(one => readInteger(one) === 5n),
    ),
    ocsp_must_staple_critical: critical(OID.tlsFeature),
    subject_key_identifier: read(OID.subjectKeyIdentifier, node => colonHex(node.content)),
    authority_key_identifier: shown(part(0x80), node => colonHex(node.content)),
    authority_cert_issuer: shown(issuer, node => partsOf(node.content).map(showGeneralName)),
    authority_cert_serial_number: shown(serial, readInteger),
    ocsp_uri: read(OID.authorityInfoAccess, node => accessUri(node, OCSP)),
    issuer_uri: read(OID.authorityInfoAccess, node => accessUri(node, ISSUERS)),
    extensions_by_oid: Object.fromEntries(byOid),
  }
}

function shown(node: DerNode | undefined, show: (node: DerNode) => Value): Value {
  return node === undefined ? null : show(node)
}

function basicConstraints(node: DerNode): Value {
  const parts = partsOf(node.content)
  const isCa = parts.some(one => one.tag === TAG.boolean && one.content[0] !== 0)
  const length = parts.find(one => one.tag === TAG.integer)
  return [
    `CA:${isCa ? 'TRUE' : 'FALSE'}`,
    ...(length === undefined ? [] : [`pathlen:${readInteger(length)}`]),
  ]
}

function keyUsage({ content }: DerNode): Value {
  const bits = content.subarray(1)
  return KEY_USAGES.filter((_, bit) => ((bits[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) !== 0)
    .map(([name]): string => name)
    .sort()
}

function accessUri(node: DerNode, method: string): Value {
  for (const entry of partsOf(node.content)) {
    const [oid, place] = partsOf(entry.content)
    if (oid !== undefined && place?.tag === 0x86 && readOid(oid) === method) return readText(place)
  }
  return null
}
