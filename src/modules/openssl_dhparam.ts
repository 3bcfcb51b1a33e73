/**
 * openssl_dhparam: Diffie-Hellman parameters, made by openssl on the host.
 *
 * Args     path, size, force, state, backup, return_content, owner, group, mode.
 * Changes  the file, when it is not there, no parameters, or of another size.
 * Errors   what openssl says. Making 4096 bits takes minutes.
 */
import type { z } from 'zod'
import type { Result, Verdict } from './contract.ts'
import { argumentsOf, bool, choice, int, path } from './shared/arguments.ts'
import { ATTRIBUTE_ALIASES, attributeShape } from './shared/attributes.ts'
import { contentText } from './shared/content-text.ts'
import { defineFileModule } from './shared/define-file-module.ts'
import { partsOf, pemBodies, readDer, readInteger } from './shared/der.ts'
import { generatedAbsent, generatedFile, generatedKeys } from './shared/generated-file.ts'
import { withHome } from './shared/home.ts'
import { withoutEffect } from './shared/honoured.ts'
import { fail } from './shared/results.ts'

const schema = () =>
  argumentsOf(
    {
      path: path(),
      state: choice(['present', 'absent']).default('present'),
      size: int().default(4096),
      force: bool().default(false),
      backup: bool().default(false),
      return_content: bool().default(false),
      select_crypto_backend: withoutEffect(
        choice(['auto', 'cryptography', 'openssl']).default('auto'),
        'the openssl of the host is used',
      ),
      ...attributeShape(),
    },
    ATTRIBUTE_ALIASES,
  )
type Args = z.output<ReturnType<typeof schema>>

const OPENSSL = { kind: 'which', command: 'openssl' } as const

export const opensslDhparam = withHome<Args>(
  () => ['path'],
  defineFileModule<Args>({
    name: 'openssl_dhparam',
    summary: 'Diffie-Hellman parameters, made by openssl',
    args: schema,
    settles: 'force makes new parameters every time',
    keys: args => [...generatedKeys(args), contentKey(args), OPENSSL],
    decide(args, seen): Verdict {
      if (args.state === 'absent') return generatedAbsent(args, seen, 'parameters')
      const text = contentText(seen.get(contentKey(args)), args.path)
      const size = text === null ? null : sizeOf(text)
      const reason =
        text === null ? 'absent' : args.force || size !== args.size ? `${size ?? 'no'} bits` : null
      if (reason !== null && seen.get(OPENSSL).path === null)
        return fail('openssl is not there: install the package openssl')
      const content: Result = args.return_content && reason === null ? { dhparams: text } : {}
      return generatedFile(
        {
          args,
          what: 'parameters',
          reason,
          make: {
            script: `openssl dhparam ${args.size} 2>"$VPAI_FILES/log" || { cat "$VPAI_FILES/log" >&2; exit 1; }`,
            files: { log: new Uint8Array() },
          },
          result: { filename: args.path, size: args.size, ...content },
          ...(args.return_content ? { readBack: () => readBack(args) } : {}),
        },
        seen,
      )
    },
  }),
)

/** Bits of the prime; null for what are no parameters. */
function sizeOf(text: string): number | null {
  try {
    const [body] = pemBodies(text, /^(X9\.42 )?DH PARAMETERS$/)
    const [prime] = body === undefined ? [] : partsOf(readDer(body).content)
    return prime === undefined ? null : readInteger(prime).toString(2).length
  } catch {
    return null
  }
}

function* readBack({ path }: Args): ReturnType<NonNullable<Parameters<typeof generatedFile>[0]['readBack']>> {
  return { dhparams: (yield { do: 'read', path }).stdout }
}

function contentKey(args: Args) {
  return { kind: 'content', path: args.path } as const
}
