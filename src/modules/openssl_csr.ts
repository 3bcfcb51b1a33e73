/**
 * openssl_csr: a certificate signing request, made by openssl on the host.
 *
 * Args     path, privatekey_path or _content (+ _passphrase), the subject in any of its forms, extensions
 *          (subject_alt_name, key_usage, extended_key_usage, basic_constraints, name_constraints_*, ocsp_must_staple,
 *          crl_distribution_points, *_key_identifier), digest, force, state, backup, return_content.
 * Changes  the request, when its subject, extensions or key are not as asked. The digest counts only when made anew.
 * Errors   a name or usage nobody knows; the private key is not readable. dirName and otherName cannot be made.
 */
import type { Seen } from '../probes/contract.ts'
import type { Result, Verdict } from './contract.ts'
import { bytesOf, contentText } from './shared/content-text.ts'
import { type CsrArgs, csrSchema, subjectOf, writtenSubject } from './shared/csr-arguments.ts'
import { defineFileModule } from './shared/define-file-module.ts'
import {
  contentKeys,
  generatedAbsent,
  generatedFile,
  generatedKeys,
  returnedContent,
} from './shared/generated-file.ts'
import { withHome } from './shared/home.ts'
import { requestConfig } from './shared/openssl-config.ts'
import {
  type PrivateKeySource,
  privateKeyKey,
  privateKeyProblem,
  privateKeyWords,
  readPrivateKey,
} from './shared/private-key.ts'
import { fail } from './shared/results.ts'
import { readRequest, sameBytes, sameExtension, sameName, type X509Name } from './shared/x509-document.ts'
import { alternativeNames, type Extensions, wantedExtensions } from './shared/x509-extensions.ts'

export const opensslCsr = withHome<CsrArgs>(
  () => ['path', 'privatekey_path'],
  defineFileModule<CsrArgs>({
    name: 'openssl_csr',
    summary: 'A certificate signing request, made by openssl',
    args: csrSchema,
    settles: 'force makes the request anew every time',
    keys: args => [
      ...generatedKeys(args),
      ...contentKeys({ ...args, return_content: true }),
      ...(args.state === 'present' ? [privateKeyKey(sourceOf(args))] : []),
    ],
    decide(args, seen): Verdict {
      if (args.state === 'absent') return generatedAbsent(args, seen, 'request')
      const key = readPrivateKey(seen.get(privateKeyKey(sourceOf(args))))
      const problem = privateKeyProblem(key, sourceOf(args))
      if (problem !== null || key.state !== 'present') return fail(problem ?? 'there is no private key')
      const subject = subjectOf(args)
      if (typeof subject === 'string') return fail(subject)
      const extensions = wantedExtensions(args, subject, key.facts.der)
      if (typeof extensions === 'string') return fail(extensions)
      const wish = { subject, extensions, publicKey: key.facts.der }
      const reason = difference(args, wish, seen)
      return generatedFile(
        {
          args,
          what: 'request',
          reason,
          make: make(args, wish),
          result: {
            ...resultOf(args, subject),
            ...(reason === null ? returnedContent(args, seen, 'csr') : {}),
          },
          ...(args.return_content ? { readBack: () => readBack(args) } : {}),
        },
        seen,
      )
    },
  }),
)

interface Wish {
  readonly subject: X509Name
  readonly extensions: Extensions
  readonly publicKey: Uint8Array
}

function difference(args: CsrArgs, wish: Wish, seen: Seen): string | null {
  const text = contentText(seen.get({ kind: 'content', path: args.path }), args.path)
  if (text === null) return 'absent'
  if (args.force) return 'present'
  const found = readRequest(bytesOf(text))
  if (found === null) return 'no request'
  if (!sameBytes(found.publicKey, wish.publicKey)) return 'of another key'
  if (!sameName(found.subject, wish.subject)) return 'with another subject'
  const oids = [...new Set([...found.extensions.keys(), ...wish.extensions.keys()])]
  const same = oids.every(oid => sameExtension(oid, found.extensions.get(oid), wish.extensions.get(oid)))
  return same ? null : 'with other extensions'
}

function make(args: CsrArgs, { subject, extensions }: Wish) {
  const { words, files } = privateKeyWords(sourceOf(args))
  const config = '-config "$VPAI_FILES/config"'
  return {
    script: `openssl req -new -${args.digest} ${config}${subject.length === 0 ? ' -subj /' : ''} -key ${words}`,
    files: { ...files, config: bytesOf(requestConfig(subject, extensions)) },
  }
}

function* readBack({
  path,
}: CsrArgs): ReturnType<NonNullable<Parameters<typeof generatedFile>[0]['readBack']>> {
  return { csr: (yield { do: 'read', path }).stdout }
}

function resultOf(args: CsrArgs, subject: X509Name): Result {
  const names = alternativeNames(args, subject)
  return {
    filename: args.path,
    privatekey: args.privatekey_path ?? null,
    subject: writtenSubject(args).map(([name, value]) => [name, String(value)]),
    subjectAltName: names.length === 0 ? null : names,
    keyUsage: args.key_usage ?? null,
    extendedKeyUsage: args.extended_key_usage ?? null,
    basicConstraints: args.basic_constraints ?? null,
    ocspMustStaple: args.ocsp_must_staple,
    name_constraints_permitted: args.name_constraints_permitted ?? [],
    name_constraints_excluded: args.name_constraints_excluded ?? [],
  }
}

function sourceOf(args: CsrArgs): PrivateKeySource {
  return {
    path: args.privatekey_path,
    content: args.privatekey_content,
    passphrase: args.privatekey_passphrase,
  }
}
