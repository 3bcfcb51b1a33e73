/** The arguments of x509_certificate, and the two providers in one form. */
import { z } from 'zod'
import { argumentsOf, bool, choice, path, text } from './arguments.ts'
import { ATTRIBUTE_ALIASES, attributeShape } from './attributes.ts'
import { withoutEffect } from './honoured.ts'
import { isOneLine, ONE_LINE } from './one-line.ts'
import type { PrivateKeySource } from './private-key.ts'
import { parseTime, type TimeWish } from './x509-time.ts'

const SKI = ['create_if_not_provided', 'always_create', 'never_create'] as const
const DIGESTS = ['sha256', 'sha384', 'sha512', 'sha224', 'sha1'] as const

const provider = () =>
  z
    .enum(['selfsigned', 'ownca', 'acme', 'entrust'], 'must be one of: selfsigned, ownca')
    .refine(
      name => name === 'selfsigned' || name === 'ownca',
      'cannot be honoured: only selfsigned and ownca are made here; for Let’s Encrypt use an ACME client of the host (caddy, certbot, lego)',
    )

const time = () =>
  text().refine(value => parseTime(value) !== null, 'must be a time: +3650d, -1h, or YYYYMMDDHHMMSSZ')

const three = () => z.preprocess(value => Number(value), z.literal(3, 'must be 3'))

const providerShape = () => ({
  selfsigned_digest: choice(DIGESTS).default('sha256'),
  selfsigned_version: withoutEffect(three().default(3), 'there is no other'),
  selfsigned_not_before: time().default('+0s'),
  selfsigned_not_after: time().default('+3650d'),
  selfsigned_create_subject_key_identifier: choice(SKI).default('create_if_not_provided'),
  ownca_path: path().optional(),
  ownca_content: text().optional(),
  ownca_privatekey_path: path().optional(),
  ownca_privatekey_content: text().optional(),
  ownca_privatekey_passphrase: text().optional(),
  ownca_digest: choice(DIGESTS).default('sha256'),
  ownca_version: withoutEffect(three().default(3), 'there is no other'),
  ownca_not_before: time().default('+0s'),
  ownca_not_after: time().default('+3650d'),
  ownca_create_subject_key_identifier: choice(SKI).default('create_if_not_provided'),
  ownca_create_authority_key_identifier: bool().default(true),
})

export const certificateSchema = () =>
  argumentsOf(
    {
      path: path(),
      state: choice(['present', 'absent']).default('present'),
      provider: provider().optional(),
      csr_path: path().optional(),
      csr_content: text().optional(),
      privatekey_path: path().optional(),
      privatekey_content: text().optional(),
      privatekey_passphrase: text().optional(),
      ...providerShape(),
      ignore_timestamps: bool().default(true),
      force: bool().default(false),
      backup: bool().default(false),
      return_content: bool().default(false),
      select_crypto_backend: withoutEffect(
        choice(['auto', 'cryptography']).default('auto'),
        'the openssl of the host is used',
      ),
      ...attributeShape(),
    },
    {
      ...ATTRIBUTE_ALIASES,
      selfsigned_notBefore: 'selfsigned_not_before',
      selfsigned_notAfter: 'selfsigned_not_after',
    },
  )
    .refine(args => args.state === 'absent' || args.provider !== undefined, {
      message: 'is needed: selfsigned or ownca',
      path: ['provider'],
    })
    .refine(
      args => args.csr_path === undefined || args.csr_content === undefined,
      'give one of csr_path and csr_content',
    )
    .refine(args => args.provider !== 'selfsigned' || oneOf(args.privatekey_path, args.privatekey_content), {
      message: 'selfsigned needs one of privatekey_path and privatekey_content',
    })
    .refine(args => args.provider !== 'ownca' || oneOf(args.csr_path, args.csr_content), {
      message: 'ownca needs one of csr_path and csr_content',
    })
    .refine(
      args =>
        args.provider !== 'ownca' ||
        (oneOf(args.ownca_path, args.ownca_content) &&
          oneOf(args.ownca_privatekey_path, args.ownca_privatekey_content)),
      {
        message:
          'ownca needs the certificate (ownca_path or _content) and the key (ownca_privatekey_path or _content) of the authority',
      },
    )
    .refine(
      args => isOneLine(args.privatekey_passphrase) && isOneLine(args.ownca_privatekey_passphrase),
      ONE_LINE,
    )

export type CertificateArgs = z.output<ReturnType<typeof certificateSchema>>

/** What the chosen provider asks for. */
export interface Signing {
  readonly key: PrivateKeySource
  readonly digest: string
  readonly from: TimeWish
  readonly to: TimeWish
  readonly subjectKey: (typeof SKI)[number]
  readonly authorityKey: boolean
  /** null: signed by itself. */
  readonly authority: { readonly path?: string | undefined; readonly content?: string | undefined } | null
}

export function signingOf(args: CertificateArgs): Signing {
  const point = (text: string): TimeWish => parseTime(text) ?? { kind: 'relative', seconds: 0 }
  if (args.provider === 'ownca')
    return {
      key: {
        path: args.ownca_privatekey_path,
        content: args.ownca_privatekey_content,
        passphrase: args.ownca_privatekey_passphrase,
      },
      digest: args.ownca_digest,
      from: point(args.ownca_not_before),
      to: point(args.ownca_not_after),
      subjectKey: args.ownca_create_subject_key_identifier,
      authorityKey: args.ownca_create_authority_key_identifier,
      authority: { path: args.ownca_path, content: args.ownca_content },
    }
  return {
    key: ownKey(args),
    digest: args.selfsigned_digest,
    from: point(args.selfsigned_not_before),
    to: point(args.selfsigned_not_after),
    subjectKey: args.selfsigned_create_subject_key_identifier,
    authorityKey: false,
    authority: null,
  }
}

export function ownKey(args: CertificateArgs): PrivateKeySource {
  return {
    path: args.privatekey_path,
    content: args.privatekey_content,
    passphrase: args.privatekey_passphrase,
  }
}

export function hasOwnKey(args: CertificateArgs): boolean {
  return args.privatekey_path !== undefined || args.privatekey_content !== undefined
}

function oneOf(one: string | undefined, other: string | undefined): boolean {
  return (one === undefined) !== (other === undefined)
}
