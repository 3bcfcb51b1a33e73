/**
 * rpm_key: a key that rpm trusts.
 *
 * Args     key (a file of the host, an address, or an id for absent), state, fingerprint, validate_certs.
 * Changes  the key.
 * Errors   no key there; another fingerprint than the one that was asked for.
 */
import type { z } from 'zod'
import { quote } from '../base/quote.ts'
import type { Key, Seen } from '../probes/contract.ts'
import { defineModule, type Verdict } from './contract.ts'
import { argumentsOf, bool, choice, list, word } from './shared/arguments.ts'
import { complaint, fail } from './shared/results.ts'

const schema = () =>
  argumentsOf({
    key: word(),
    state: choice(['present', 'absent']).default('present'),
    fingerprint: list().default([]),
    validate_certs: bool().default(true),
  }).refine(
    args => args.state === 'absent' || !isId(args.key),
    'must be a file or an address: a key cannot be fetched by its id',
  )
type Args = z.output<ReturnType<typeof schema>>

const RPM = { kind: 'which', command: 'rpm' } as const satisfies Key
const TRUSTED = {
  kind: 'read',
  name: 'rpm keys',
  script: "rpm -q gpg-pubkey --qf '%{VERSION}-%{RELEASE}\\n' 2>/dev/null; :",
} as const satisfies Key

export const rpmKey = defineModule<Args>({
  name: 'rpm_key',
  summary: 'A key that rpm trusts',
  args: schema,
  keys: args => [RPM, TRUSTED, ...(isId(args.key) ? [] : [givenKey(args)])],
  decide(args, seen): Verdict {
    if (seen.get(RPM).path === null) return fail('this host has no rpm: rpm_key works on RPM systems only')
    const wanted = wantedKeys(args, seen)
    if (typeof wanted === 'string') return fail(wanted)
    const trusted = seen
      .get(TRUSTED)
      .stdout.split('\n')
      .filter(line => line !== '')
    // rpm calls a key by the last eight digits of its id.
    const entryOf = (id: string) => trusted.find(one => one.startsWith(`${id.slice(-8).toLowerCase()}-`))
    if (args.state === 'absent') {
      const entries = wanted.flatMap(id => entryOf(id) ?? [])
      if (entries.length === 0) return { kind: 'ok' }
      return {
        kind: 'change',
        changes: entries.map(subject => ({ what: 'key', subject, from: 'trusted', to: null })),
        apply: [
          {
            do: 'run',
            argv: ['rpm', '--erase', '--allmatches', ...entries.map(one => `gpg-pubkey-${one}`)],
            failure: 'the key could not be removed',
          },
        ],
        touches: [TRUSTED],
      }
    }
    const missing = wanted.filter(id => entryOf(id) === undefined)
    if (missing.length === 0) return { kind: 'ok' }
    return {
      kind: 'change',
      changes: missing.map(subject => ({ what: 'key', subject, from: null, to: 'trusted' })),
      apply: [{ do: 'run', script: importScript(args), failure: 'the key could not be imported' }],
      touches: [TRUSTED],
    }
  },
  settles: true,
})

const isId = (key: string): boolean => /^(0x)?[0-9a-fA-F]{8,40}$/.test(key)
const isUrl = (key: string): boolean => /^(https?|ftp|file):\/\//.test(key)

/** A text is the reason why the keys cannot be told. */
function wantedKeys(args: Args, seen: Seen): string[] | string {
  if (isId(args.key)) return [args.key.replace(/^0x/, '')]
  const given = seen.get(givenKey(args))
  const prints = [
    ...given.stdout.matchAll(/^pub:[^\n]*\n(?:(?!fpr:)[^\n]*\n)*fpr:(?:[^:]*:){8}([0-9A-F]+):/gm),
  ].map(match => match[1] ?? '')
  if (prints.length === 0) return `no key was found in ${args.key}: ${complaint(given)}`
  const asked = args.fingerprint.map(one => one.replaceAll(' ', '').toUpperCase())
  const other = asked.length > 0 && !prints.some(one => asked.includes(one))
  return other
    ? `the key in ${args.key} has the fingerprint ${prints.join(', ')}, not the one asked for`
    : prints
}

function fetchWords({ key, validate_certs }: Args): string {
  if (!isUrl(key)) return `cat -- ${quote(key)}`
  const [curl, wget] = validate_certs ? ['', ''] : [' -k', ' --no-check-certificate']
  return `{ if command -v curl >/dev/null 2>&1; then curl -fsSL${curl} -- ${quote(key)}; else wget -q${wget} -O - ${quote(key)}; fi; }`
}

function givenKey(args: Args) {
  const gpg = 'gpg --batch --quiet --no-options --no-keyring --trust-model always --homedir /dev'
  return {
    kind: 'read',
    name: `given rpm key ${args.key}`,
    script: `${fetchWords(args)} | ${gpg} --with-colons --show-keys`,
  } as const satisfies Key
}

function importScript(args: Args): string {
  return `f=$(mktemp) || exit 1; trap 'rm -f -- "$f"' 0; ${fetchWords(args)} >"$f" && rpm --import "$f"`
}
