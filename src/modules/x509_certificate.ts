/**
 * x509_certificate: a certificate signed by its own key or by an authority of yours, made by openssl on the host.
 *
 * Args     path, provider (selfsigned | ownca), csr_path or csr_content, privatekey_*, selfsigned_*, ownca_*,
 *          ignore_timestamps, force, state, backup, return_content.
 * Changes  the certificate, when its key, subject, extensions or signer are not as asked; its validity only with
 *          `ignore_timestamps: false`.
 * Errors   acme and entrust are refused; the key does not belong to the request or the authority; what cannot be read.
 */
import { createPublicKey, X509Certificate } from 'node:crypto'
import type { Key, Seen } from '../probes/contract.ts'
import type { Context, Result, Verdict } from './contract.ts'
import {
  type CertificateArgs,
  certificateSchema,
  hasOwnKey,
  ownKey,
  type Signing,
  signingOf,
} from './shared/certificate-arguments.ts'
import { certificateExtensions, hasRequest, signingAction } from './shared/certificate-signing.ts'
import { bytesOf, contentText } from './shared/content-text.ts'
import { defineFileModule } from './shared/define-file-module.ts'
import {
  contentKeys,
  generatedAbsent,
  generatedFile,
  generatedKeys,
  returnedContent,
} from './shared/generated-file.ts'
import { withHome } from './shared/home.ts'
import {
  type PrivateKeySource,
  privateKeyKey,
  privateKeyProblem,
  readPrivateKey,
} from './shared/private-key.ts'
import { fail } from './shared/results.ts'
import {
  type Certificate,
  type Extension,
  type Request,
  readCertificate,
  readRequest,
  sameBytes,
  sameExtension,
  sameName,
} from './shared/x509-document.ts'
import { stampAt } from './shared/x509-time.ts'

export const x509Certificate = withHome<CertificateArgs>(
  () => ['path', 'csr_path', 'privatekey_path', 'ownca_path', 'ownca_privatekey_path'],
  defineFileModule<CertificateArgs>({
    name: 'x509_certificate',
    aliases: ['openssl_certificate'],
    summary: 'A certificate signed by its own key or by an authority of yours',
    args: certificateSchema,
    settles: 'force, and relative times with ignore_timestamps: false, make it anew every time',
    keys: args => [
      ...generatedKeys(args),
      ...contentKeys({ ...args, return_content: true }),
      ...(args.state === 'present' ? sourceKeys(args) : []),
    ],
    decide(args, seen, ctx): Verdict {
      if (args.state === 'absent') return generatedAbsent(args, seen, 'certificate')
      const signing = signingOf(args)
      const parties = partiesOf(args, signing, seen)
      if (typeof parties === 'string') return fail(parties)
      const extensions = certificateExtensions(parties.request, signing, parties.authority)
      const found = contentText(seen.get(contentKey(args.path)), args.path)
      const certificate = found === null ? null : readCertificate(bytesOf(found))
      const reason =
        found === null
          ? 'absent'
          : args.force
            ? 'present'
            : difference(args, certificate, { signing, parties, extensions, ctx })
      return generatedFile(
        {
          args,
          what: 'certificate',
          reason,
          make: signingAction(args, signing, extensions),
          result: {
            ...resultOf(args, reason === null ? certificate : null),
            ...(reason === null ? returnedContent(args, seen, 'certificate') : {}),
          },
          readBack: () => readBack(args),
        },
        seen,
      )
    },
  }),
)

function sourceKeys(args: CertificateArgs): readonly Key[] {
  const signing = signingOf(args)
  return [
    privateKeyKey(signing.key),
    ...(args.provider === 'ownca' && hasOwnKey(args) ? [privateKeyKey(ownKey(args))] : []),
    ...[args.csr_path, signing.authority?.path].filter(path => path !== undefined).map(contentKey),
  ]
}

interface Parties {
  readonly request: Request
  /** null: signed by itself. */
  readonly authority: Certificate | null
  /** SubjectPublicKeyInfo of who signs. */
  readonly signer: Uint8Array
}

/** A sentence when one of them is missing, or they do not belong together. */
function partiesOf(args: CertificateArgs, signing: Signing, seen: Seen): Parties | string {
  const signer = publicKeyOf(signing.key, seen)
  if (typeof signer === 'string') return signer
  const text = (path: string | undefined, content: string | undefined) =>
    path === undefined ? (content ?? '') : contentText(seen.get(contentKey(path)), path)
  const written = hasRequest(args) ? text(args.csr_path, args.csr_content) : null
  if (hasRequest(args) && written === null)
    return `The certificate signing request file ${args.csr_path} does not exist`
  const request: Request | null =
    written === null
      ? { subject: [], publicKey: signer, extensions: new Map() }
      : readRequest(bytesOf(written))
  if (request === null) return `${args.csr_path ?? 'csr_content'} holds no certificate signing request`
  if (signing.authority === null) {
    if (!sameBytes(request.publicKey, signer))
      return 'The private key does not belong to the certificate signing request'
    return { request, authority: null, signer }
  }
  const own = hasOwnKey(args) ? publicKeyOf(ownKey(args), seen) : request.publicKey
  if (typeof own === 'string') return own
  if (!sameBytes(own, request.publicKey))
    return 'The private key does not belong to the certificate signing request'
  const authorityText = text(signing.authority.path, signing.authority.content)
  if (authorityText === null) return `The CA certificate file ${signing.authority.path} does not exist`
  const authority = readCertificate(bytesOf(authorityText))
  if (authority === null) return `${signing.authority.path ?? 'ownca_content'} holds no certificate`
  if (!sameBytes(authority.publicKey, signer))
    return 'The CA private key does not belong to the CA certificate'
  return { request, authority, signer }
}

function publicKeyOf(source: PrivateKeySource, seen: Seen): Uint8Array | string {
  const key = readPrivateKey(seen.get(privateKeyKey(source)))
  const problem = privateKeyProblem(key, source)
  return key.state === 'present' ? key.facts.der : (problem ?? 'there is no private key')
}

interface Wish {
  readonly signing: Signing
  readonly parties: Parties
  readonly extensions: ReadonlyMap<string, Extension>
  readonly ctx: Context
}

function difference(args: CertificateArgs, found: Certificate | null, wish: Wish): string | null {
  const { signing, parties, extensions, ctx } = wish
  if (found === null) return 'no certificate'
  if (!sameBytes(found.publicKey, parties.request.publicKey)) return 'of another key'
  if (!sameName(found.subject, parties.request.subject)) return 'with another subject'
  if (!sameName(found.issuer, (parties.authority ?? parties.request).subject)) return 'of another authority'
  const oids = [...new Set([...found.extensions.keys(), ...extensions.keys()])]
  if (!oids.every(oid => sameExtension(oid, found.extensions.get(oid), extensions.get(oid))))
    return 'with other extensions'
  if (!isSignedBy(found, parties.signer)) return 'signed by another key'
  if (args.ignore_timestamps) return null
  const now = ctx.now()
  const same = found.notBefore === stampAt(signing.from, now) && found.notAfter === stampAt(signing.to, now)
  return same ? null : 'valid at other times'
}

function isSignedBy(certificate: Certificate, signer: Uint8Array): boolean {
  try {
    const key = createPublicKey({ key: Buffer.from(signer), format: 'der', type: 'spki' })
    return new X509Certificate(certificate.whole).verify(key)
  } catch {
    return false
  }
}

function* readBack(
  args: CertificateArgs,
): ReturnType<NonNullable<Parameters<typeof generatedFile>[0]['readBack']>> {
  const { bytes, stdout } = yield { do: 'read', path: args.path }
  const content: Result = args.return_content ? { certificate: stdout } : {}
  return { ...resultOf(args, readCertificate(bytes)), ...content }
}

function resultOf(args: CertificateArgs, certificate: Certificate | null): Result {
  const authority = { ca_cert: args.ownca_path ?? null, ca_privatekey: args.ownca_privatekey_path ?? null }
  const base = {
    ...{ filename: args.path, privatekey: args.privatekey_path ?? null, csr: args.csr_path ?? null },
    ...(args.provider === 'ownca' ? authority : {}),
  }
  if (certificate === null) return base
  const { notBefore, notAfter, serial } = certificate
  return { ...base, notBefore, notAfter, serial_number: serial }
}

const contentKey = (path: string) => ({ kind: 'content', path }) as const
