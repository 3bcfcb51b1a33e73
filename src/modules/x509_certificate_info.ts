/**
 * x509_certificate_info: what a certificate says, read on the controller.
 *
 * Args     path or content, valid_at (names and times), name_encoding (ignore).
 * Errors   no certificate there.
 */
import type { z } from 'zod'
import type { Dict } from '../base/value.ts'
import { type Context, defineModule, type Verdict } from './contract.ts'
import { argumentsOf, choice, path, text, textDict } from './shared/arguments.ts'
import { bytesOf } from './shared/content-text.ts'
import { describeExtensions } from './shared/describe-extensions.ts'
import { withHome } from './shared/home.ts'
import { withoutEffect } from './shared/honoured.ts'
import { fingerprints, publicKeyFacts } from './shared/public-key-facts.ts'
import { fail } from './shared/results.ts'
import { type Certificate, readCertificate, type X509Name } from './shared/x509-document.ts'
import { attributeName, signatureName } from './shared/x509-names.ts'
import { parseTime, stampAt, stampOf } from './shared/x509-time.ts'

const schema = () =>
  argumentsOf({
    path: path().optional(),
    content: text().optional(),
    valid_at: textDict().default({}),
    name_encoding: withoutEffect(choice(['ignore']).default('ignore'), 'there is no other than ignore'),
    select_crypto_backend: withoutEffect(
      choice(['auto', 'cryptography']).default('auto'),
      'the openssl of the host is used',
    ),
  })
    .refine(
      args => (args.path === undefined) !== (args.content === undefined),
      'give one of path and content',
    )
    .refine(args => Object.values(args.valid_at).every(at => parseTime(at) !== null), {
      message: 'must be times: +30d, -1h, or YYYYMMDDHHMMSSZ',
      path: ['valid_at'],
    })
type Args = z.output<ReturnType<typeof schema>>

export const x509CertificateInfo = withHome<Args>(
  () => ['path'],
  defineModule<Args>({
    name: 'x509_certificate_info',
    aliases: ['openssl_certificate_info'],
    summary: 'What a certificate says',
    args: schema,
    settles: true,
    keys: args => (args.path === undefined ? [] : [{ kind: 'content', path: args.path }]),
    decide(args, seen, ctx): Verdict {
      const file = args.path === undefined ? null : seen.get({ kind: 'content', path: args.path })
      if (file !== null && file.state !== 'present')
        return fail(file.state === 'absent' ? `${args.path} does not exist` : `${args.path} cannot be read`)
      const certificate = readCertificate(file === null ? bytesOf(args.content ?? '') : file.bytes)
      if (certificate === null) return fail(`${args.path ?? 'content'} holds no certificate`)
      return { kind: 'ok', result: describe(certificate, args, ctx) }
    },
  }),
)

function describe(certificate: Certificate, args: Args, ctx: Context): Dict {
  const { subject, issuer, notBefore, notAfter } = certificate
  const now = ctx.now()
  const key = publicKeyFacts(certificate.publicKey)
  const isValid = (stamp: string) => notBefore <= stamp && stamp <= notAfter
  const times = Object.entries(args.valid_at).map(([name, at]) => {
    const wish = parseTime(at)
    return [name, wish !== null && isValid(stampAt(wish, now))] as const
  })
  return {
    ...describeExtensions(certificate.extensions),
    subject: asDict(subject),
    subject_ordered: asPairs(subject),
    issuer: asDict(issuer),
    issuer_ordered: asPairs(issuer),
    not_before: notBefore,
    not_after: notAfter,
    expired: notAfter < stampOf(now),
    valid_at: Object.fromEntries(times),
    serial_number: certificate.serial,
    version: certificate.version,
    signature_algorithm: signatureName(certificate.signature),
    fingerprints: fingerprints(certificate.whole),
    public_key: key?.pem ?? null,
    public_key_type: key?.type ?? 'unknown',
    public_key_data: key?.data ?? {},
    public_key_fingerprints: fingerprints(certificate.publicKey),
  }
}

/** Of repeated fields the last one stays. */
function asDict(name: X509Name): Dict {
  return Object.fromEntries(name.map(([oid, value]) => [attributeName(oid), value]))
}

function asPairs(name: X509Name): readonly (readonly string[])[] {
  return name.map(([oid, value]) => [attributeName(oid), value])
}
