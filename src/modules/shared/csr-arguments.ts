/** The arguments of openssl_csr, and the subject they describe. */
import { z } from 'zod'
import { argumentsOf, bool, choice, dict, int, list, listOf, path, text } from './arguments.ts'
import { ATTRIBUTE_ALIASES, attributeShape } from './attributes.ts'
import { withoutEffect } from './honoured.ts'
import { isOneLine, ONE_LINE } from './one-line.ts'
import type { X509Name } from './x509-document.ts'
import { attributeOid } from './x509-names.ts'

const names = () => z.preprocess(value => (typeof value === 'string' ? [value] : value), listOf(text()))

const distributionPoint = () =>
  z.strictObject({
    full_name: names().optional(),
    relative_name: names().optional(),
    crl_issuer: names().optional(),
    reasons: list().optional(),
  })

const ALIASES: Readonly<Record<string, string>> = {
  ...ATTRIBUTE_ALIASES,
  CN: 'common_name',
  commonName: 'common_name',
  C: 'country_name',
  countryName: 'country_name',
  E: 'email_address',
  emailAddress: 'email_address',
  L: 'locality_name',
  localityName: 'locality_name',
  O: 'organization_name',
  organizationName: 'organization_name',
  OU: 'organizational_unit_name',
  organizationalUnitName: 'organizational_unit_name',
  ST: 'state_or_province_name',
  stateOrProvinceName: 'state_or_province_name',
  subjectAltName: 'subject_alt_name',
  subjectAltName_critical: 'subject_alt_name_critical',
  useCommonNameForSAN: 'use_common_name_for_san',
  keyUsage: 'key_usage',
  keyUsage_critical: 'key_usage_critical',
  extKeyUsage: 'extended_key_usage',
  extendedKeyUsage: 'extended_key_usage',
  extKeyUsage_critical: 'extended_key_usage_critical',
  extendedKeyUsage_critical: 'extended_key_usage_critical',
  basicConstraints: 'basic_constraints',
  basicConstraints_critical: 'basic_constraints_critical',
  ocspMustStaple: 'ocsp_must_staple',
  ocspMustStaple_critical: 'ocsp_must_staple_critical',
}

const subjectShape = () => ({
  subject: dict().optional(),
  subject_ordered: listOf(dict()).optional(),
  country_name: text().optional(),
  state_or_province_name: text().optional(),
  locality_name: text().optional(),
  organization_name: text().optional(),
  organizational_unit_name: text().optional(),
  common_name: text().optional(),
  email_address: text().optional(),
})

const extensionShape = () => ({
  subject_alt_name: names().optional(),
  subject_alt_name_critical: bool().default(false),
  use_common_name_for_san: bool().default(true),
  key_usage: list().optional(),
  key_usage_critical: bool().default(false),
  extended_key_usage: list().optional(),
  extended_key_usage_critical: bool().default(false),
  basic_constraints: list().optional(),
  basic_constraints_critical: bool().default(false),
  ocsp_must_staple: bool().default(false),
  ocsp_must_staple_critical: bool().default(false),
  name_constraints_permitted: names().optional(),
  name_constraints_excluded: names().optional(),
  name_constraints_critical: bool().default(false),
  create_subject_key_identifier: bool().default(false),
  subject_key_identifier: text().optional(),
  authority_key_identifier: text().optional(),
  authority_cert_issuer: names().optional(),
  authority_cert_serial_number: int().optional(),
  crl_distribution_points: listOf(distributionPoint()).optional(),
})

export const csrSchema = () =>
  argumentsOf(
    {
      path: path(),
      state: choice(['present', 'absent']).default('present'),
      privatekey_path: path().optional(),
      privatekey_content: text().optional(),
      privatekey_passphrase: text().optional(),
      digest: choice(['sha256', 'sha384', 'sha512', 'sha224', 'sha1']).default('sha256'),
      version: withoutEffect(
        z.preprocess(value => (value === '1' ? 1 : value), z.literal(1, 'must be 1')).default(1),
        'there is no other',
      ),
      ...subjectShape(),
      ...extensionShape(),
      force: bool().default(false),
      backup: bool().default(false),
      return_content: bool().default(false),
      select_crypto_backend: withoutEffect(
        choice(['auto', 'cryptography']).default('auto'),
        'the openssl of the host is used',
      ),
      ...attributeShape(),
    },
    ALIASES,
  )
    .refine(
      args =>
        args.state === 'absent' ||
        (args.privatekey_path === undefined) !== (args.privatekey_content === undefined),
      'give one of privatekey_path and privatekey_content',
    )
    .refine(args => isOneLine(args.privatekey_passphrase), {
      message: ONE_LINE,
      path: ['privatekey_passphrase'],
    })
    .refine(
      args =>
        args.subject_ordered === undefined || (args.subject === undefined && fieldsOf(args).length === 0),
      'subject_ordered cannot be given together with other fields of the subject',
    )
    .refine(args => args.subject_key_identifier === undefined || !args.create_subject_key_identifier, {
      message: 'cannot be given together with create_subject_key_identifier',
      path: ['subject_key_identifier'],
    })
    .refine(
      args =>
        (args.authority_cert_issuer === undefined) === (args.authority_cert_serial_number === undefined),
      'authority_cert_issuer and authority_cert_serial_number belong together',
    )

export type CsrArgs = z.output<ReturnType<typeof csrSchema>>

/** The fields under the names they were given, in the order Ansible writes them. */
export function writtenSubject(args: CsrArgs): readonly (readonly [string, unknown])[] {
  const given = (fields: Readonly<Record<string, unknown>>) =>
    Object.entries(fields).flatMap(([name, value]) =>
      (Array.isArray(value) ? value : [value]).map(one => [name, one] as const),
    )
  return [...fieldsOf(args), ...given(args.subject ?? {}), ...(args.subject_ordered ?? []).flatMap(given)]
}

/** A sentence when a field is unknown or not text. */
export function subjectOf(args: CsrArgs): X509Name | string {
  const subject: (readonly [string, string])[] = []
  for (const [name, value] of writtenSubject(args)) {
    const oid = attributeOid(name)
    if (oid === null) return `"${name}" is no field of a subject that is known here; give its dotted number`
    if (typeof value !== 'string' && typeof value !== 'number')
      return `the field ${name} of the subject must be text`
    if (/[\r\n]/.test(String(value))) return `the field ${name} of the subject must be one line`
    subject.push([oid, String(value)])
  }
  return subject
}

function fieldsOf(args: z.output<z.ZodObject<ReturnType<typeof subjectShape>>>) {
  const fields = [
    ['C', args.country_name],
    ['ST', args.state_or_province_name],
    ['L', args.locality_name],
    ['O', args.organization_name],
    ['OU', args.organizational_unit_name],
    ['CN', args.common_name],
    ['emailAddress', args.email_address],
  ] as const
  return fields.flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [[name, value] as const],
  )
}
