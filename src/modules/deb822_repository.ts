/**
 * deb822_repository: a source of packages in /etc/apt/sources.list.d/NAME.sources, and its key.
 *
 * Args     name, types, uris, suites, components, architectures, signed_by, enabled, the other fields of
 *          sources.list(5), mode, state.
 * Changes  the file of the source; the key in /etc/apt/keyrings when signed_by is an address.
 * Errors   the key cannot be fetched by the host. The lists are not fetched: that is update_cache of apt.
 */

import { quote } from '../base/quote.ts'
import type { Key, Seen } from '../probes/contract.ts'
import { type Action, type Change, type Context, defineModule, type Verdict } from './contract.ts'
import { bytesOf } from './shared/content-text.ts'
import { type Deb822Args, deb822Schema, fieldsOf } from './shared/deb822-arguments.ts'
import { deb822Text, slugOf } from './shared/deb822-text.ts'
import { fileAt } from './shared/declared.ts'
import { placeFile, placementKeys } from './shared/place-file.ts'
import { fail } from './shared/results.ts'

export const deb822Repository = defineModule<Deb822Args>({
  name: 'deb822_repository',
  summary: 'A source of packages for apt, with its key',
  args: deb822Schema,
  keys: args => [
    ...placementKeys(sourcesPath(args), {}),
    ...keyPaths(args).map(path => keyFile(path)),
    ...(args.state === 'present' && isUrl(args.signed_by) ? [fetchKey(args.signed_by ?? '')] : []),
  ],
  decide(args, seen, ctx): Verdict {
    if (args.state === 'absent') return removal(args, seen)
    const key = keyStep(args, seen)
    if (typeof key === 'string') return fail(key)
    const dest = sourcesPath(args)
    const content = deb822Text({ ...fieldsOf(args), signed_by: key.path ?? args.signed_by })
    const result = { repo: content, dest, key_filename: key.path ?? ownKeyring(args) }
    return withKey(key, sourcesVerdict(args, { dest, content }, { seen, ctx }), result)
  },
  declares: (args, result) =>
    args.state === 'absent'
      ? []
      : [
          ...fileAt([sourcesPath(args)]),
          ...keyPaths(args)
            .filter(path => path === result.key_filename)
            .flatMap(path => fileAt([path])),
        ],
  settles: true,
})

/** A keyring that is there already. */
function ownKeyring({ signed_by }: Deb822Args): string | null {
  return signed_by?.startsWith('/') ? signed_by : null
}

interface KeyStep {
  /** null: the key is no file of ours. */
  readonly path: string | null
  readonly changes: readonly Change[]
  readonly actions: readonly Action[]
}

const KEYRINGS = '/etc/apt/keyrings'
const ARMOR = '-----BEGIN PGP'

const isUrl = (text: string | undefined): boolean => /^(https?|ftp|file):\/\//.test(text ?? '')
const sourcesPath = ({ name }: Deb822Args): string => `/etc/apt/sources.list.d/${slugOf(name)}.sources`
const keyFile = (path: string) => ({ kind: 'content', path }) as const satisfies Key
const keyPaths = ({ name }: Deb822Args): string[] =>
  ['asc', 'gpg'].map(end => `${KEYRINGS}/${slugOf(name)}.${end}`)

/** The host fetches it, as it will fetch the packages; keys are small and public. */
function fetchKey(url: string) {
  const word = quote(url)
  return {
    kind: 'read',
    name: `key at ${url}`,
    script: `if command -v curl >/dev/null 2>&1; then curl -fsSL -- ${word}; else wget -q -O - ${word}; fi | base64`,
  } as const satisfies Key
}

/** A text is the reason why there is no key. */
function keyStep(args: Deb822Args, seen: Seen): KeyStep | string {
  const { signed_by } = args
  if (signed_by === undefined || !isUrl(signed_by)) return { path: null, changes: [], actions: [] }
  const fetched = seen.get(fetchKey(signed_by))
  const bytes = new Uint8Array(Buffer.from(fetched.stdout, 'base64'))
  if (bytes.length === 0) return `the key at ${signed_by} could not be fetched: ${fetched.stderr.trim()}`
  const isArmored = new TextDecoder().decode(bytes.slice(0, 200)).includes(ARMOR)
  const path = `${KEYRINGS}/${slugOf(args.name)}.${isArmored ? 'asc' : 'gpg'}`
  const found = seen.get(keyFile(path))
  if (found.state === 'present' && Buffer.from(found.bytes).equals(bytes))
    return { path, changes: [], actions: [] }
  const change = {
    what: 'key',
    subject: path,
    from: found.state === 'absent' ? null : 'other',
    to: signed_by,
  }
  return {
    path,
    changes: [change],
    actions: [
      { do: 'run', argv: ['mkdir', '-p', '-m', '0755', KEYRINGS], failure: `${KEYRINGS} cannot be made` },
      { do: 'put', path, content: bytes, mode: 0o644 },
    ],
  }
}

interface Sources {
  readonly dest: string
  readonly content: string
}

function sourcesVerdict(
  args: Deb822Args,
  { dest, content }: Sources,
  { seen, ctx }: { readonly seen: Seen; readonly ctx: Context },
): Verdict {
  return placeFile({ dest, content: bytesOf(content), args: { mode: args.mode } }, seen, ctx)
}

/** The key is there before apt is told of it. */
function withKey(key: KeyStep, verdict: Verdict, result: Record<string, string | null>): Verdict {
  if (verdict.kind === 'ok' && key.changes.length > 0)
    return { kind: 'change', changes: key.changes, apply: key.actions, result }
  if (verdict.kind === 'ok') return { kind: 'ok', result: { ...verdict.result, ...result } }
  if (verdict.kind !== 'change' || typeof verdict.apply === 'function') return verdict
  return {
    ...verdict,
    changes: [...key.changes, ...verdict.changes],
    apply: [...key.actions, ...verdict.apply],
    result: { ...verdict.result, ...result },
  }
}

function removal(args: Deb822Args, seen: Seen): Verdict {
  const dest = sourcesPath(args)
  const key = keyPaths(args).find(path => seen.get(keyFile(path)).state !== 'absent') ?? null
  const isThere = seen.get({ kind: 'path', path: dest, hash: true }).type !== 'absent'
  const paths = [...(isThere ? [dest] : []), ...(key === null ? [] : [key])]
  const result = { repo: null, dest, key_filename: key ?? keyPaths(args).at(-1) ?? null }
  if (paths.length === 0) return { kind: 'ok', result }
  return {
    kind: 'change',
    changes: paths.map(path => ({ what: 'state', subject: path, from: 'file', to: 'absent' })),
    apply: paths.map(path => ({ do: 'remove', path })),
    result,
    touches: paths.map(path => ({ kind: 'path', path })),
  }
}
