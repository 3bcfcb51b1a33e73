/**
 * getent: entries of the host's databases (passwd, group, hosts, services …) as facts.
 *
 * Args     database, key, split, fail_key (default yes), service.
 * Changes  never. Result: ansible_facts.getent_<database>, each key with the list of its other fields.
 * Errors   the key is not found (unless fail_key is no); the database is not known.
 */
import type { z } from 'zod'
import { quoteAll } from '../base/quote.ts'
import type { Value } from '../base/value.ts'
import type { Key } from '../probes/contract.ts'
import { defineModule, type Verdict } from './contract.ts'
import { argumentsOf, bool, text, word } from './shared/arguments.ts'
import { fail } from './shared/results.ts'

const schema = () =>
  argumentsOf({
    database: word(),
    key: text().optional(),
    split: text().optional(),
    fail_key: bool().default(true),
    service: text().optional(),
  })
type Args = z.output<ReturnType<typeof schema>>

const WITH_COLONS = ['passwd', 'shadow', 'group', 'gshadow']

export const getent = defineModule<Args>({
  name: 'getent',
  summary: "Entries of the host's databases as facts",
  args: schema,
  keys: args => [entriesKey(args)],
  decide(args, seen): Verdict {
    const { code, stdout, stderr } = seen.get(entriesKey(args))
    const name = `getent_${args.database}`
    if (code === 0) return { kind: 'ok', result: { ansible_facts: { [name]: entries(args, stdout) } } }
    if (code === 1 || code === 3)
      return fail(stderr.trim() || `getent does not know the database ${args.database}`)
    const missing = 'One or more supplied key could not be found in the database.'
    if (args.fail_key) return fail(missing)
    return { kind: 'ok', result: { msg: missing, ansible_facts: { [name]: { [args.key ?? '']: null } } } }
  },
  settles: true,
})

function entries(args: Args, stdout: string): Record<string, Value> {
  const split = args.split ?? (WITH_COLONS.includes(args.database) ? ':' : null)
  const out: Record<string, Value> = {}
  for (const line of stdout.split('\n').filter(Boolean)) {
    const [key = '', ...fields] = split === null ? line.split(/\s+/) : line.split(split)
    out[key] = fields
  }
  return out
}

/** Without getent, the file of /etc with that name; exit codes are those of getent. */
function entriesKey(args: Args) {
  const service = args.service === undefined ? [] : ['-s', args.service]
  const words = quoteAll([args.database, ...(args.key === undefined ? [] : [args.key])])
  const script = `if command -v getent >/dev/null 2>&1; then getent ${quoteAll(service)} ${words}; exit $?; fi
set -- ${words}; [ -f "/etc/$1" ] || exit 1; [ $# -gt 1 ] || { cat "/etc/$1"; exit 0; }
grep -e "^$2[: ]" "/etc/$1" || exit 2`
  return { kind: 'read', name: `getent ${service.join(' ')} ${words}`, script } as const satisfies Key
}
