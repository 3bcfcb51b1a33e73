/**
 * openssl_privatekey: a private key, made by openssl on the host.
 *
 * Args     path, type, size, curve, passphrase, cipher (auto), format (not raw), format_mismatch, regenerate, force,
 *          state, backup, return_content, mode (0600 without one), owner, group.
 * Changes  the key, when it is not there or not as asked (`regenerate` says which differences count); its format.
 * Errors   no openssl; a key that `regenerate` forbids to replace. A key in another than PEM form counts as unreadable.
 */
import type { z } from 'zod'
import { quote } from '../base/quote.ts'
import type { Result, Verdict } from './contract.ts'
import { argumentsOf, bool, choice, int, path, text } from './shared/arguments.ts'
import { ATTRIBUTE_ALIASES, attributeShape } from './shared/attributes.ts'
import { defineFileModule } from './shared/define-file-module.ts'
import {
  askAgain,
  contentKeys,
  type GeneratedArgs,
  generatedAbsent,
  generatedFile,
  generatedKeys,
  returnedContent,
} from './shared/generated-file.ts'
import { withHome } from './shared/home.ts'
import { withoutEffect } from './shared/honoured.ts'
import { isOneLine, ONE_LINE } from './shared/one-line.ts'
import { type PrivateKeySeen, privateKeyKey, privateKeyWords, readPrivateKey } from './shared/private-key.ts'
import { fingerprints } from './shared/public-key-facts.ts'
import { fail } from './shared/results.ts'

const CURVES = [
  'secp192r1',
  'secp224r1',
  'secp256k1',
  'secp256r1',
  'secp384r1',
  'secp521r1',
  'brainpoolP256r1',
  'brainpoolP384r1',
  'brainpoolP512r1',
  'sect163k1',
  'sect163r2',
  'sect233k1',
  'sect233r1',
  'sect283k1',
  'sect283r1',
  'sect409k1',
  'sect409r1',
  'sect571k1',
  'sect571r1',
] as const

const schema = () =>
  argumentsOf(
    {
      path: path(),
      state: choice(['present', 'absent']).default('present'),
      type: choice(['RSA', 'DSA', 'ECC', 'Ed25519', 'Ed448', 'X25519', 'X448']).default('RSA'),
      size: int().default(4096),
      curve: choice(CURVES).optional(),
      passphrase: text().optional(),
      cipher: withoutEffect(choice(['auto']).optional(), 'there is no other than auto'),
      format: choice(['pkcs1', 'pkcs8', 'auto', 'auto_ignore']).default('auto_ignore'),
      format_mismatch: choice(['regenerate', 'convert']).default('regenerate'),
      regenerate: choice(['never', 'fail', 'partial_idempotence', 'full_idempotence', 'always']).default(
        'full_idempotence',
      ),
      force: bool().default(false),
      backup: bool().default(false),
      return_content: bool().default(false),
      select_crypto_backend: withoutEffect(
        choice(['auto', 'cryptography']).default('auto'),
        'the openssl of the host is used',
      ),
      ...attributeShape(),
    },
    ATTRIBUTE_ALIASES,
  )
    .refine(args => args.type !== 'ECC' || args.curve !== undefined || args.state === 'absent', {
      message: 'is needed for type ECC',
      path: ['curve'],
    })
    .refine(args => isOneLine(args.passphrase), { message: ONE_LINE, path: ['passphrase'] })

type Args = z.output<ReturnType<typeof schema>>

export const opensslPrivatekey = withHome<Args>(
  () => ['path'],
  defineFileModule<Args>({
    name: 'openssl_privatekey',
    summary: 'A private key, made by openssl',
    args: schema,
    settles: 'force and regenerate: always make a new key every time',
    keys: args => [...generatedKeys(withMode(args)), privateKeyKey(args), ...contentKeys(args)],
    decide(args, seen): Verdict {
      const file = withMode(args)
      if (args.state === 'absent') return generatedAbsent(file, seen, 'private key')
      const found = readPrivateKey(seen.get(privateKeyKey(args)))
      if (found.state === 'unknown' && found.reason.startsWith('openssl is not there'))
        return fail(found.reason)
      const reason = difference(args, found)
      if (reason !== null && 'problem' in reason) return fail(reason.problem)
      const converts = reason?.how === 'convert'
      return generatedFile(
        {
          args: file,
          what: 'private key',
          reason: reason?.why ?? null,
          make: converts ? convert(args) : create(args),
          result: {
            ...resultOf(args, reason === null || converts ? found : { state: 'absent' }),
            ...(reason === null ? returnedContent(args, seen, 'privatekey') : {}),
          },
          readBack: () => readBack(args),
          touches: [privateKeyKey(args)],
        },
        seen,
      )
    },
  }),
)

/** A key is for its owner alone unless told otherwise. */
function withMode(args: Args): GeneratedArgs & Args {
  return { ...args, mode: args.mode ?? 0o600 }
}

type Difference =
  | { readonly why: string; readonly how: 'create' | 'convert' }
  | { readonly problem: string }
  | null

function difference(args: Args, found: PrivateKeySeen): Difference {
  const anew = (why: string) => ({ why, how: 'create' as const })
  if (found.state === 'absent') return anew('absent')
  if (args.force || args.regenerate === 'always') return anew('present')
  if (args.regenerate === 'never')
    return found.state === 'present' ? null : { problem: `Unable to read the key: ${found.reason}` }
  const hint =
    'To force regeneration, call the module with regenerate: full_idempotence or always, or force: true'
  const wrongPassphrase = found.state === 'unknown' || found.encrypted !== ((args.passphrase ?? '') !== '')
  if (wrongPassphrase) {
    if (args.regenerate !== 'full_idempotence')
      return {
        problem: `Unable to read the key. The key is protected with another passphrase, or none. Will not proceed. ${hint}`,
      }
    return anew(found.state === 'unknown' ? 'unreadable' : 'with another passphrase')
  }
  const unlike = typeDifference(args, found)
  if (unlike !== null)
    return args.regenerate === 'fail'
      ? { problem: `Key has wrong type and/or size. Will not proceed. ${hint}` }
      : anew(unlike)
  if (args.format === 'auto_ignore' || found.format === formatOf(args)) return null
  if (args.format_mismatch === 'convert') return { why: found.format, how: 'convert' }
  return args.regenerate === 'fail'
    ? { problem: `Key has wrong format. Will not proceed. ${hint}` }
    : anew(found.format)
}

function typeDifference(args: Args, found: Extract<PrivateKeySeen, { state: 'present' }>): string | null {
  const { type, size, curve } = found.facts
  const sized = args.type === 'RSA' || args.type === 'DSA'
  const same =
    type === args.type && (!sized || size === args.size) && (type !== 'ECC' || curve === args.curve)
  return same ? null : `${type} ${curve ?? size}`
}

function formatOf(args: Args): 'pkcs1' | 'pkcs8' {
  if (args.format === 'pkcs1' || args.format === 'pkcs8') return args.format
  return ['RSA', 'DSA', 'ECC'].includes(args.type) ? 'pkcs1' : 'pkcs8'
}

function create(args: Args) {
  const make = {
    RSA: `genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:${args.size}`,
    DSA: '',
    ECC: `genpkey -algorithm EC -pkeyopt ec_paramgen_curve:${quote(opensslCurve(args.curve ?? ''))} -pkeyopt ec_param_enc:named_curve`,
    Ed25519: 'genpkey -algorithm ED25519',
    Ed448: 'genpkey -algorithm ED448',
    X25519: 'genpkey -algorithm X25519',
    X448: 'genpkey -algorithm X448',
  }[args.type]
  const made = args.type === 'DSA' ? `dsaparam -genkey -noout ${args.size}` : make
  return {
    script: `k=$(openssl ${made} 2>"$VPAI_FILES/log") || { cat "$VPAI_FILES/log" >&2; exit 1; }
openssl pkey ${written(args)} <<VPAI_KEY
$k
VPAI_KEY`,
    files: passFiles(args),
  }
}

function convert(args: Args) {
  const { words, files } = privateKeyWords(args)
  return { script: `openssl pkey -in ${words} ${written(args)}`, files: { ...files, ...passFiles(args) } }
}

function written(args: Args): string {
  const traditional = formatOf(args) === 'pkcs1' ? ' -traditional' : ''
  return (args.passphrase ?? '') === ''
    ? traditional
    : `-aes256 -passout file:"$VPAI_FILES/new"${traditional}`
}

function passFiles(args: Args) {
  return { new: new TextEncoder().encode(`${args.passphrase ?? ''}\n`) }
}

function opensslCurve(curve: string): string {
  return { secp256r1: 'prime256v1', secp192r1: 'prime192v1' }[curve] ?? curve
}

function* readBack(args: Args): ReturnType<NonNullable<Parameters<typeof generatedFile>[0]['readBack']>> {
  const found = readPrivateKey(yield* askAgain(privateKeyKey(args)))
  if (!args.return_content) return resultOf(args, found)
  const { stdout } = yield { do: 'read', path: args.path }
  return { ...resultOf(args, found), privatekey: stdout }
}

function resultOf(args: Args, found: PrivateKeySeen): Result {
  const base = { filename: args.path }
  if (found.state !== 'present') {
    return {
      ...base,
      type: args.type,
      size: args.size,
      ...(args.curve === undefined ? {} : { curve: args.curve }),
    }
  }
  const { type, size, curve, der } = found.facts
  return { ...base, type, size, ...(curve === null ? {} : { curve }), fingerprint: fingerprints(der) }
}
