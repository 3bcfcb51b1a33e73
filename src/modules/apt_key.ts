/**
 * apt_key: a key that apt trusts for every source. Debian 13 has no apt-key any more: deb822_repository is
 * the module for new roles.
 *
 * Args     id, data, file, url or keyserver, keyring, state, validate_certs.
 * Changes  the key.
 * Errors   no apt-key on the host; no key in what was given; absent without an id.
 */
import type { z } from 'zod'
import { quote, quoteAll } from '../base/quote.ts'
import type { Key, Seen } from '../probes/contract.ts'
import { defineModule, type RunAction, type Verdict } from './contract.ts'
import { argumentsOf, bool, choice, path, text, word } from './shared/arguments.ts'
import { complaint, fail } from './shared/results.ts'

const schema = () =>
  argumentsOf(
    {
      id: text().optional(),
      data: word().optional(),
      file: path().optional(),
      url: word().optional(),
      keyserver: word().optional(),
      keyring: path().optional(),
      state: choice(['present', 'absent']).default('present'),
      validate_certs: bool().default(true),
    },
    { key: 'data' },
  )
    .refine(
      args => [args.data, args.file, args.url, args.keyserver].filter(Boolean).length <= 1,
      'give one of data, file, url and keyserver',
    )
    .refine(args => args.state === 'present' || args.id !== undefined, 'needs an id when the state is absent')
    .refine(args => args.keyserver === undefined || args.id !== undefined, 'a keyserver needs an id')
    .refine(
      args => args.id === undefined || /^(0x)?[0-9a-fA-F]{8,40}$/.test(args.id.replaceAll(' ', '')),
      'id must be a key id: 8 or more hexadecimal digits',
    )
    .refine(
      args => args.state === 'absent' || [args.data, args.file, args.url, args.keyserver].some(Boolean),
      'needs data, file, url or keyserver when the state is present',
    )
type Args = z.output<ReturnType<typeof schema>>

const TOOL = { kind: 'which', command: 'apt-key' } as const satisfies Key

export const aptKey = defineModule<Args>({
  name: 'apt_key',
  summary: 'A key that apt trusts',
  args: schema,
  keys: args => [TOOL, trustedKey(args), ...(needsLook(args) ? [givenKey(args)] : [])],
  decide(args, seen): Verdict {
    if (seen.get(TOOL).path === null)
      return fail('this host has no apt-key (Debian 13 took it away): use deb822_repository with signed_by')
    const trusted = idsIn(seen.get(trustedKey(args)).stdout)
    const wanted = wantedIds(args, seen)
    if (typeof wanted === 'string') return fail(wanted)
    const isThere = (id: string) => trusted.some(one => one.endsWith(id))
    const [id = ''] = wanted
    const short = id.slice(-8)
    const result = { id, key_id: id, short_id: short, fp: id }
    if (args.state === 'absent') {
      if (!isThere(id)) return { kind: 'ok', result }
      const changes = [{ what: 'key', subject: id, from: 'trusted', to: null }]
      return { kind: 'change', changes, apply: [removeAction(args, id)], result }
    }
    const missing = wanted.filter(one => !isThere(one))
    if (missing.length === 0) return { kind: 'ok', result }
    const changes = missing.map(subject => ({ what: 'key', subject, from: null, to: 'trusted' }))
    return { kind: 'change', changes, apply: [addAction(args, id)], result, touches: [trustedKey(args)] }
  },
  settles: true,
})

const needsLook = (args: Args): boolean => args.state === 'present' && args.id === undefined

/** Fingerprints in the colon listing of gpg; a key also counts by its subkeys. */
function idsIn(listing: string): string[] {
  return [...listing.matchAll(/^fpr:(?:[^:]*:){8}([0-9A-F]+):/gm)].map(match => match[1] ?? '')
}

/** A text is the reason why the keys cannot be told. */
function wantedIds(args: Args, seen: Seen): string[] | string {
  if (args.id !== undefined) return [args.id.replaceAll(' ', '').replace(/^0x/, '').toUpperCase()]
  const given = seen.get(givenKey(args))
  const primary = [
    ...given.stdout.matchAll(/^pub:[^\n]*\n(?:(?!fpr:)[^\n]*\n)*fpr:(?:[^:]*:){8}([0-9A-F]+):/gm),
  ]
  if (primary.length === 0) return `no key was found in what was given: ${complaint(given)}`
  return primary.map(match => match[1] ?? '')
}

function trustedKey({ keyring }: Args) {
  const ring = keyring === undefined ? [] : ['--keyring', keyring]
  return {
    kind: 'read',
    name: `apt keys ${keyring ?? ''}`,
    script: `APT_KEY_DONT_WARN_ON_DANGEROUS_USAGE=1 ${quoteAll(['apt-key', ...ring, 'adv', '--batch', '--with-colons', '--list-keys'])} 2>/dev/null; :`,
  } as const satisfies Key
}

function givenKey(args: Args) {
  const { data, file, url } = args
  const source =
    data !== undefined ? `printf '%s\\n' ${quote(data)}` : (fetchWords(args) ?? `cat ${quote(file ?? '')}`)
  return {
    kind: 'read',
    name: `given apt key ${JSON.stringify([data, file, url])}`,
    script: `${source} | gpg --batch --quiet --no-options --no-keyring --trust-model always --homedir /dev --with-colons --show-keys`,
  } as const satisfies Key
}

function fetchWords({ url, validate_certs }: Args): string | null {
  if (url === undefined) return null
  const [curl, wget] = validate_certs ? ['', ''] : [' -k', ' --no-check-certificate']
  return `{ if command -v curl >/dev/null 2>&1; then curl -fsSL${curl} -- ${quote(url)}; else wget -q${wget} -O - ${quote(url)}; fi; }`
}

function addAction(args: Args, id: string): RunAction {
  const ring = args.keyring === undefined ? [] : ['--keyring', args.keyring]
  const failure = 'the key could not be added'
  const env = { APT_KEY_DONT_WARN_ON_DANGEROUS_USAGE: '1' }
  if (args.keyserver !== undefined) {
    const words = ['adv', '--no-tty', '--keyserver', args.keyserver, '--recv', id]
    return { do: 'run', argv: ['apt-key', ...ring, ...words], env, failure }
  }
  const add = quoteAll(['apt-key', ...ring, 'add', '-'])
  if (args.data !== undefined) return { do: 'run', script: add, stdin: args.data, env, failure }
  const source = fetchWords(args)
  if (source === null) return { do: 'run', argv: ['apt-key', ...ring, 'add', args.file ?? ''], env, failure }
  return { do: 'run', script: `${source} | ${add}`, env, failure }
}

function removeAction({ keyring }: Args, id: string): RunAction {
  const ring = keyring === undefined ? [] : ['--keyring', keyring]
  const env = { APT_KEY_DONT_WARN_ON_DANGEROUS_USAGE: '1' }
  return { do: 'run', argv: ['apt-key', ...ring, 'del', id], env, failure: 'the key could not be removed' }
}
