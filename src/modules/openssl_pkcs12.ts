/**
 * openssl_pkcs12: a PKCS#12 file of a key and certificates, or the PEM file of what is in one.
 *
 * Args     path, action (export | parse), src, certificate_path, privatekey_path or _content (+ _passphrase),
 *          other_certificates (+ _parse_all), friendly_name, passphrase, encryption_level, iter_size, force, state, backup,
 *          return_content, mode (0400 without one).
 * Changes  the file, when key, certificates or name in it are not as asked, or the passphrase does not open it.
 * Errors   a file that is named is not there or not readable; a key without its certificate; maciter_size is refused.
 */
import type { z } from 'zod'
import type { Key, Seen } from '../probes/contract.ts'
import type { Result, Verdict } from './contract.ts'
import { argumentsOf, bool, choice, int, list, path, text } from './shared/arguments.ts'
import { ATTRIBUTE_ALIASES, attributeShape } from './shared/attributes.ts'
import { contentText } from './shared/content-text.ts'
import { defineFileModule } from './shared/define-file-module.ts'
import { hex, pemBodies } from './shared/der.ts'
import { type Generated, generatedAbsent, generatedFile, generatedKeys } from './shared/generated-file.ts'
import { withHome } from './shared/home.ts'
import { refused, withoutEffect } from './shared/honoured.ts'
import { isOneLine, ONE_LINE } from './shared/one-line.ts'
import { exportPkcs12, parsedKey, parsePkcs12, pkcs12Key, readPkcs12 } from './shared/pkcs12.ts'
import {
  type PrivateKeySource,
  privateKeyKey,
  privateKeyProblem,
  readPrivateKey,
} from './shared/private-key.ts'
import { fail } from './shared/results.ts'
import { sameBytes } from './shared/x509-document.ts'

const schema = () =>
  argumentsOf(
    {
      path: path(),
      state: choice(['present', 'absent']).default('present'),
      action: choice(['export', 'parse']).default('export'),
      src: path().optional(),
      certificate_path: path().optional(),
      privatekey_path: path().optional(),
      privatekey_content: text().optional(),
      privatekey_passphrase: text().optional(),
      other_certificates: list().default([]),
      other_certificates_parse_all: bool().default(false),
      other_certificates_content: text().optional(),
      friendly_name: text().optional(),
      passphrase: text().optional(),
      encryption_level: choice(['auto', 'compatibility2022']).default('auto'),
      iter_size: int().optional(),
      maciter_size: refused('give iter_size, which counts for the MAC as well'),
      force: bool().default(false),
      backup: bool().default(false),
      return_content: bool().default(false),
      select_crypto_backend: withoutEffect(
        choice(['auto', 'cryptography']).default('auto'),
        'the openssl of the host is used',
      ),
      ...attributeShape(),
    },
    { ...ATTRIBUTE_ALIASES, ca_certificates: 'other_certificates', name: 'friendly_name' },
  )
    .refine(
      args => args.state === 'absent' || args.action === 'export' || args.src !== undefined,
      'parse needs src',
    )
    .refine(
      args => args.privatekey_path === undefined || args.privatekey_content === undefined,
      'give one of privatekey_path and privatekey_content',
    )
    .refine(
      args => args.other_certificates_content === undefined || args.other_certificates.length === 0,
      'give one of other_certificates and other_certificates_content',
    )
    .refine(
      args =>
        args.state === 'absent' ||
        args.action === 'parse' ||
        args.certificate_path !== undefined ||
        (sourceOf(args) === null &&
          (args.other_certificates.length > 0 || args.other_certificates_content !== undefined)),
      'export needs certificate_path, unless it holds other_certificates alone',
    )
    .refine(args => isOneLine(args.passphrase) && isOneLine(args.privatekey_passphrase), ONE_LINE)
type Args = z.output<ReturnType<typeof schema>>

const OPENSSL = { kind: 'which', command: 'openssl' } as const

export const opensslPkcs12 = withHome<Args>(
  () => ['path', 'src', 'certificate_path', 'privatekey_path'],
  defineFileModule<Args>({
    name: 'openssl_pkcs12',
    summary: 'A PKCS#12 file of a key and certificates',
    args: schema,
    settles: 'force makes the file anew every time',
    keys: args => [...generatedKeys(args), ...(args.state === 'absent' ? [] : [OPENSSL, ...lookKeys(args)])],
    decide(given, seen): Verdict {
      const args = { ...given, mode: given.mode ?? 0o400 }
      if (args.state === 'absent') return generatedAbsent(args, seen, 'PKCS#12 file')
      if (seen.get(OPENSSL).path === null) return fail('openssl is not there: install the package openssl')
      const plan = args.action === 'parse' ? parsing(args, seen) : exporting(args, seen)
      if (typeof plan === 'string') return fail(plan)
      return generatedFile(
        {
          args,
          what: 'PKCS#12 file',
          ...plan,
          result: {
            filename: args.path,
            privatekey: args.privatekey_path ?? null,
            privatekey_path: args.privatekey_path ?? null,
            ...content(args, plan.reason, seen),
          },
          ...(args.return_content ? { readBack: () => readBack(args) } : {}),
        },
        seen,
      )
    },
  }),
)

function lookKeys(args: Args): readonly Key[] {
  const file = args.return_content ? [{ kind: 'content' as const, path: args.path }] : []
  if (args.action === 'parse') return [...file, parsedKey(args.src ?? '', args.path, args.passphrase)]
  const source = sourceOf(args)
  return [
    ...file,
    pkcs12Key(args.path, args.passphrase),
    ...(source === null ? [] : [privateKeyKey(source)]),
    ...certificateFiles(args).map(path => ({ kind: 'content', path }) as const),
  ]
}

type Plan = Pick<Generated, 'reason' | 'make'> | string

function parsing(args: Args, seen: Seen): Plan {
  const src = args.src ?? ''
  const { code, stdout, stderr } = seen.get(parsedKey(src, args.path, args.passphrase))
  if (code !== 0) return `${src} cannot be read: ${stderr.trim().split('\n')[0]}`
  const reason = stdout.trim() === 'same' && !args.force ? null : 'other content'
  return { reason, make: parsePkcs12(src, args.passphrase) }
}

function exporting(args: Args, seen: Seen): Plan {
  const source = sourceOf(args)
  const key = source === null ? null : readPrivateKey(seen.get(privateKeyKey(source)))
  const problem = key === null || source === null ? null : privateKeyProblem(key, source)
  if (problem !== null) return problem
  const publicKey = key?.state === 'present' ? key.facts.der : null
  const certificates = wantedCertificates(args, seen)
  if (typeof certificates === 'string') return certificates
  const make = exportPkcs12({
    certificates,
    key: source,
    friendlyName: args.friendly_name,
    passphrase: args.passphrase,
    iterations: args.iter_size,
    isCompatible: args.encryption_level === 'compatibility2022',
  })
  return { reason: difference(args, { certificates, publicKey }, seen), make }
}

interface Wish {
  readonly certificates: readonly Uint8Array[]
  readonly publicKey: Uint8Array | null
}

function difference(args: Args, { certificates, publicKey }: Wish, seen: Seen): string | null {
  const found = readPkcs12(seen.get(pkcs12Key(args.path, args.passphrase)))
  if (found.state === 'absent') return 'absent'
  if (args.force) return 'present'
  if (found.state === 'unreadable') return 'unreadable, or with another passphrase'
  const same =
    publicKey === null || found.publicKey === null
      ? publicKey === found.publicKey
      : sameBytes(publicKey, found.publicKey)
  if (!same) return 'with another key'
  const set = (all: readonly Uint8Array[]) => all.map(hex).sort().join(' ')
  if (set(found.certificates) !== set(certificates)) return 'with other certificates'
  return (args.friendly_name ?? null) === found.friendlyName ? null : 'with another name'
}

/** The certificate first; a sentence when one of the files holds none. */
function wantedCertificates(args: Args, seen: Seen): readonly Uint8Array[] | string {
  const all: Uint8Array[] = []
  for (const path of certificateFiles(args)) {
    const text = contentText(seen.get({ kind: 'content', path }), path)
    const bodies = text === null ? [] : pemBodies(text, /CERTIFICATE$/)
    const isMain = path === args.certificate_path
    const takesAll = !isMain && args.other_certificates_parse_all
    if (text === null) return `The certificate file ${path} does not exist`
    if (bodies.length === 0 && !takesAll) return `${path} holds no certificate`
    all.push(...(takesAll ? bodies : bodies.slice(0, 1)))
  }
  return [...all, ...pemBodies(args.other_certificates_content ?? '', /CERTIFICATE$/)]
}

function certificateFiles(args: Args): readonly string[] {
  return [...(args.certificate_path === undefined ? [] : [args.certificate_path]), ...args.other_certificates]
}

function sourceOf(args: {
  readonly privatekey_path?: string | undefined
  readonly privatekey_content?: string | undefined
  readonly privatekey_passphrase?: string | undefined
}): PrivateKeySource | null {
  const { privatekey_path: path, privatekey_content: content, privatekey_passphrase: passphrase } = args
  return path === undefined && content === undefined ? null : { path, content, passphrase }
}

function content(args: Args, reason: string | null, seen: Seen): Result {
  if (reason !== null || !args.return_content) return {}
  const file = seen.get({ kind: 'content', path: args.path })
  return file.state === 'present' ? { pkcs12: Buffer.from(file.bytes).toString('base64') } : {}
}

function* readBack({ path }: Args): ReturnType<NonNullable<Generated['readBack']>> {
  const { bytes } = yield { do: 'read', path }
  return { pkcs12: Buffer.from(bytes).toString('base64') }
}
