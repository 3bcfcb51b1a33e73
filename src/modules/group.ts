/**
 * group: a group of the host.
 *
 * Args     name, gid, state present|absent, system, non_unique, force, gid_min, gid_max, local.
 * Changes  create, remove, gid.
 * Errors   the tools' own words; with local, a group that only a directory service knows.
 */
import type { z } from 'zod'
import { quote } from '../base/quote.ts'
import type { Key } from '../probes/contract.ts'
import { type Change, defineModule, type RunAction, type Steps } from './contract.ts'
import { argumentsOf, bool, choice, int, word } from './shared/arguments.ts'
import { localKeys, notLocal } from './shared/local-account.ts'
import { fail } from './shared/results.ts'

const schema = () =>
  argumentsOf({
    name: word(),
    gid: int().optional(),
    state: choice(['present', 'absent']).default('present'),
    system: bool().default(false),
    local: bool().default(false),
    non_unique: bool().default(false),
    force: bool().default(false),
    gid_min: int().optional(),
    gid_max: int().optional(),
  })
type Args = z.output<ReturnType<typeof schema>>

const TOOL = { kind: 'which', command: 'groupadd' } as const satisfies Key

export const group = defineModule<Args>({
  name: 'group',
  summary: 'A group of the host',
  args: schema,
  freeForm: 'name',
  keys: args => [groupKey(args), TOOL, ...localKeys('/etc/group', args)],
  decide(args, seen) {
    const found = seen.get(groupKey(args))
    const elsewhere = found.exists ? notLocal('/etc/group', args, seen) : null
    if (elsewhere !== null) return fail(elsewhere)
    const gid = args.gid ?? (found.exists ? found.gid : undefined)
    const result = {
      name: args.name,
      state: args.state,
      system: args.system,
      ...(gid === undefined ? {} : { gid }),
    }
    const change = changeOf(args, found)
    if (change === null) return { kind: 'ok', result }
    const doing = seen.get(TOOL).path === null ? smallTools(args, change) : action(args, change)
    const apply = gid === undefined && args.state === 'present' ? numbered(args, doing) : [doing]
    return { kind: 'change', changes: [change], apply, touches: [groupKey(args)], result }
  },
  declares: args => (args.state === 'absent' ? [] : [{ kind: 'group', name: args.name }]),
  settles: true,
})

/** The host chooses the number of a new group. */
function numbered({ name }: Args, doing: RunAction): Steps {
  return function* (): ReturnType<Steps> {
    yield doing
    const argv = ['grep', '-e', `^${name}:`, '/etc/group']
    const { stdout } = yield { do: 'run', argv, ok: 'any', readOnly: true }
    const gid = stdout.split(':')[2]
    return gid === undefined ? {} : { gid: Number(gid) }
  }
}

function changeOf(args: Args, found: { exists: boolean; gid?: number }): Change | null {
  const { name: subject, gid } = args
  if (args.state === 'absent')
    return found.exists ? { what: 'group', subject, from: 'present', to: null } : null
  if (!found.exists) return { what: 'group', subject, from: null, to: 'present' }
  return gid === undefined || gid === found.gid
    ? null
    : { what: 'gid', subject, from: found.gid ?? null, to: gid }
}

function action(args: Args, change: Change): RunAction {
  const when = (wanted: boolean, ...words: string[]) => (wanted ? words : [])
  const id = [...when(args.gid !== undefined, '-g', String(args.gid)), ...when(args.non_unique, '-o')]
  if (change.what === 'gid') return run(['groupmod', ...id, args.name])
  if (change.to === null) return run(['groupdel', ...when(args.force, '-f'), args.name])
  const range = [
    ...when(args.gid_min !== undefined, '-K', `GID_MIN=${args.gid_min}`),
    ...when(args.gid_max !== undefined, '-K', `GID_MAX=${args.gid_max}`),
  ]
  return run(['groupadd', ...id, ...when(args.system, '-r'), ...range, args.name])
}

/** busybox: no groupmod, so a new gid is written into /etc/group. */
function smallTools(args: Args, change: Change): RunAction {
  if (change.what === 'gid') {
    const line = `BEGIN { OFS = ":" } $1 == n { $3 = ${args.gid} } { print }`
    return {
      do: 'run',
      script: `t=$(awk -F: -v n=${quote(args.name)} ${quote(line)} /etc/group) && printf '%s\\n' "$t" >/etc/group`,
    }
  }
  if (change.to === null) return run(['delgroup', args.name])
  const id = args.gid === undefined ? [] : ['-g', String(args.gid)]
  return run(['addgroup', ...id, ...(args.system ? ['-S'] : []), args.name])
}

function run(argv: readonly string[]): RunAction {
  return { do: 'run', argv, failure: `${argv[0]} failed` }
}

function groupKey(args: Args) {
  return { kind: 'group', name: args.name } as const satisfies Key
}
