/**
 * openssl_publickey: the public half of a private key, as a file of its own.
 *
 * Args     path, privatekey_path or privatekey_content, privatekey_passphrase, format (PEM | OpenSSH), force, state,
 *          backup, return_content, owner, group, mode.
 * Changes  the file, when it holds another key or the other format.
 * Errors   the private key is not there or not readable.
 */
import type { z } from 'zod'
import type { Seen } from '../probes/contract.ts'
import type { Result, Verdict } from './contract.ts'
import { argumentsOf, bool, choice, path, text } from './shared/arguments.ts'
import { ATTRIBUTE_ALIASES, attributeShape } from './shared/attributes.ts'
import { contentText } from './shared/content-text.ts'
import { defineFileModule } from './shared/define-file-module.ts'
import { pemBodies } from './shared/der.ts'
import { generatedAbsent, generatedFile, generatedKeys } from './shared/generated-file.ts'
import { withHome } from './shared/home.ts'
import { withoutEffect } from './shared/honoured.ts'
import { isOneLine, ONE_LINE } from './shared/one-line.ts'
import { opensshLine } from './shared/openssh-line.ts'
import {
  type PrivateKeySource,
  privateKeyKey,
  privateKeyProblem,
  readPrivateKey,
} from './shared/private-key.ts'
import { fingerprints, type PublicKeyFacts, publicKeyFacts } from './shared/public-key-facts.ts'
import { fail } from './shared/results.ts'
import { sameBytes } from './shared/x509-document.ts'

const schema = () =>
  argumentsOf(
    {
      path: path(),
      state: choice(['present', 'absent']).default('present'),
      privatekey_path: path().optional(),
      privatekey_content: text().optional(),
      privatekey_passphrase: text().optional(),
      format: choice(['PEM', 'OpenSSH']).default('PEM'),
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
type Args = z.output<ReturnType<typeof schema>>

export const opensslPublickey = withHome<Args>(
  () => ['path', 'privatekey_path'],
  defineFileModule<Args>({
    name: 'openssl_publickey',
    summary: 'The public half of a private key',
    args: schema,
    settles: 'force writes the file every time',
    keys: args => [
      ...generatedKeys(args),
      contentKey(args),
      ...(args.state === 'present' ? [privateKeyKey(sourceOf(args))] : []),
    ],
    decide(args, seen): Verdict {
      if (args.state === 'absent') return generatedAbsent(args, seen, 'public key')
      const key = readPrivateKey(seen.get(privateKeyKey(sourceOf(args))))
      const problem = privateKeyProblem(key, sourceOf(args))
      if (problem !== null || key.state !== 'present') return fail(problem ?? 'there is no private key')
      const text = args.format === 'PEM' ? key.facts.pem : (opensshLine(key.facts)?.trimEnd() ?? null)
      if (text === null) return fail(`a key of the type ${key.facts.type} has no OpenSSH form`)
      return generatedFile(
        {
          args,
          what: 'public key',
          reason: difference(args, key.facts, seen),
          // A public key is no secret, but the frame keeps what was there and its attributes.
          make: { script: 'cat "$VPAI_FILES/new"', files: { new: new TextEncoder().encode(text) } },
          result: resultOf(args, key.facts, text),
        },
        seen,
      )
    },
  }),
)

function difference(args: Args, wanted: PublicKeyFacts, seen: Seen): string | null {
  const text = contentText(seen.get(contentKey(args)), args.path)
  if (text === null) return 'absent'
  if (args.force) return 'present'
  if (args.format === 'OpenSSH') {
    const line = opensshLine(wanted) ?? ''
    return text.trim().split(/\s+/).slice(0, 2).join(' ') === line.trim() ? null : 'another key'
  }
  const [der] = pemBodies(text, /^PUBLIC KEY$/)
  const found = der === undefined ? null : publicKeyFacts(der)
  return found !== null && sameBytes(found.der, wanted.der) ? null : 'another key'
}

function resultOf(args: Args, facts: PublicKeyFacts, text: string): Result {
  return {
    filename: args.path,
    format: args.format,
    privatekey: args.privatekey_path ?? null,
    fingerprint: fingerprints(facts.der),
    ...(args.return_content ? { publickey: text } : {}),
  }
}

function sourceOf(args: Args): PrivateKeySource {
  return {
    path: args.privatekey_path,
    content: args.privatekey_content,
    passphrase: args.privatekey_passphrase,
  }
}

function contentKey(args: Args) {
  return { kind: 'content', path: args.path } as const
}
