/**
 * openssl_privatekey_info: what a private key is. The key itself stays on the host.
 *
 * Args     path or content, passphrase, check_consistency (openssl looks).
 * Errors   no key there, or one that the passphrase does not open. return_private_key_data is refused: a key that is
 *          to leave its host is read with slurp.
 */
import type { z } from 'zod'
import { defineModule, type Verdict } from './contract.ts'
import { argumentsOf, bool, choice, path, text } from './shared/arguments.ts'
import { withHome } from './shared/home.ts'
import { only, withoutEffect } from './shared/honoured.ts'
import { isOneLine, ONE_LINE } from './shared/one-line.ts'
import { privateKeyKey, privateKeyWords, readPrivateKey } from './shared/private-key.ts'
import { fingerprints } from './shared/public-key-facts.ts'
import { fail } from './shared/results.ts'

const schema = () =>
  argumentsOf({
    path: path().optional(),
    content: text().optional(),
    passphrase: text().optional(),
    check_consistency: bool().default(false),
    return_private_key_data: only(
      bool().default(false),
      wanted => !wanted,
      'the numbers of a private key stay on its host; read the file with slurp',
    ),
    select_crypto_backend: withoutEffect(
      choice(['auto', 'cryptography']).default('auto'),
      'the openssl of the host is used',
    ),
  })
    .refine(
      args => (args.path === undefined) !== (args.content === undefined),
      'give one of path and content',
    )
    .refine(args => isOneLine(args.passphrase), { message: ONE_LINE, path: ['passphrase'] })
type Args = z.output<ReturnType<typeof schema>>

export const opensslPrivatekeyInfo = withHome<Args>(
  () => ['path'],
  defineModule<Args>({
    name: 'openssl_privatekey_info',
    summary: 'What a private key is',
    args: schema,
    settles: true,
    keys: args => [privateKeyKey(args)],
    decide(args, seen, ctx): Verdict {
      const found = readPrivateKey(seen.get(privateKeyKey(args)))
      const flags = { can_load_key: found.state !== 'absent', can_parse_key: found.state === 'present' }
      if (found.state === 'absent') return fail(`${args.path} does not exist`, flags)
      if (found.state === 'unknown') return fail(`the private key cannot be read: ${found.reason}`, flags)
      const { type, der, pem, data } = found.facts
      const result = {
        ...flags,
        type,
        public_key: pem,
        public_key_fingerprints: fingerprints(der),
        public_data: data,
      }
      if (!args.check_consistency || ctx.check) return { kind: 'ok', result }
      const { words, files } = privateKeyWords(args)
      return {
        kind: 'opaque',
        summary: 'checks the private key',
        apply: function* () {
          const script = `openssl pkey -check -noout -in ${words}`
          const { code } = yield { do: 'run', script, files, ok: 'any', readOnly: true }
          const about = { ...result, key_is_consistent: code === 0, changed: false }
          return code === 0 ? about : { ...about, failed: true, msg: 'Private key is not consistent!' }
        },
      }
    },
  }),
)
