/**
 * sefcontext: which SELinux context files at a place get (by restorecon, which it does not run).
 *
 * Args     target (a regular expression of paths), ftype, setype, seuser, selevel, substitute, state, reload,
 *          ignore_selinux_state.
 * Changes  the local rule.
 * Errors   no semanage on the host; SELinux is off.
 */
import type { z } from 'zod'
import type { Key } from '../probes/contract.ts'
import { defineModule, type Result, type Verdict } from './contract.ts'
import { argumentsOf, bool, choice, word } from './shared/arguments.ts'
import { fail } from './shared/results.ts'

const schema = () =>
  argumentsOf(
    {
      target: word(),
      ftype: choice(['a', 'b', 'c', 'd', 'f', 'l', 'p', 's']).default('a'),
      setype: word().optional(),
      substitute: word().optional(),
      seuser: word().optional(),
      selevel: word().optional(),
      state: choice(['present', 'absent']).default('present'),
      reload: bool().default(true),
      ignore_selinux_state: bool().default(false),
    },
    { path: 'target', equal: 'substitute', serange: 'selevel' },
  ).refine(
    args => args.state === 'absent' || (args.setype === undefined) !== (args.substitute === undefined),
    'give one of setype and substitute',
  )
type Args = z.output<ReturnType<typeof schema>>

const TOOL = { kind: 'which', command: 'semanage' } as const satisfies Key
const RULES = {
  kind: 'read',
  name: 'local file contexts',
  script: `if command -v selinuxenabled >/dev/null 2>&1 && ! selinuxenabled; then echo ==disabled; fi
semanage fcontext -l -C -n 2>/dev/null; :`,
} as const satisfies Key

/** How semanage's listing calls the kinds of files. */
const KINDS = {
  a: 'all files',
  b: 'block device',
  c: 'character device',
  d: 'directory',
  f: 'regular file',
  l: 'symbolic link',
  p: 'named pipe',
  s: 'socket',
} as const

export const sefcontext = defineModule<Args>({
  name: 'sefcontext',
  summary: 'Which SELinux context files at a place get',
  args: schema,
  keys: () => [TOOL, RULES],
  decide(args, seen): Verdict {
    if (seen.get(TOOL).path === null)
      return fail('this host has no semanage: install the package policycoreutils-python-utils')
    const { stdout } = seen.get(RULES)
    if (/^==disabled$/m.test(stdout) && !args.ignore_selinux_state)
      return fail('SELinux is disabled on this host')
    const now = args.substitute === undefined ? contextIn(stdout, args) : substituteIn(stdout, args.target)
    const wanted = args.state === 'absent' ? null : (args.substitute ?? contextOf(args, now))
    const result = resultOf(args, now)
    if (now === wanted) return { kind: 'ok', result }
    const what = args.substitute === undefined ? 'context' : 'substitute'
    return {
      kind: 'change',
      changes: [{ what, subject: args.target, from: now, to: wanted }],
      apply: [
        {
          do: 'run',
          argv: ['semanage', 'fcontext', ...words(args, now)],
          failure: `${args.target} could not be set`,
        },
      ],
      result,
      touches: [RULES],
    }
  },
  settles: true,
})

function resultOf(args: Args, now: string | null): Result {
  const { target, ftype, state, setype = null, substitute = null } = args
  const told = { target, ftype, state, setype, substitute }
  if (state === 'absent' || substitute !== null) return told
  const [seuser = '', , , ...level] = contextOf(args, now).split(':')
  return { ...told, seuser, serange: level.join(':') }
}

/** target, kind and user:role:type:level. */
function contextIn(stdout: string, { target, ftype }: Args): string | null {
  for (const line of stdout.split('\n')) {
    const match = /^(\S+)\s{2,}(.*?)\s{2,}(\S+:\S+)\s*$/.exec(line)
    if (match?.[1] === target && match[2] === KINDS[ftype]) return match[3] ?? null
  }
  return null
}

function substituteIn(stdout: string, target: string): string | null {
  const pairs = [...stdout.matchAll(/^(\S+) = (\S+)$/gm)]
  return pairs.find(match => match[1] === target)?.[2] ?? null
}

/** What is not said stays, or is what semanage would choose. */
function contextOf({ setype, seuser, selevel }: Args, now: string | null): string {
  const [user = 'system_u', role = 'object_r', , ...level] = now?.split(':') ?? []
  return [seuser ?? user, role, setype ?? '', selevel ?? (level.join(':') || 's0')].join(':')
}

function words(args: Args, now: string | null): string[] {
  const quiet = args.reload ? [] : ['-N']
  if (args.state === 'absent') {
    const kind = args.substitute === undefined ? ['-f', args.ftype] : ['-e', args.substitute]
    return ['-d', ...quiet, ...kind, args.target]
  }
  const verb = now === null ? '-a' : '-m'
  if (args.substitute !== undefined) return [verb, ...quiet, '-e', args.substitute, args.target]
  return [
    verb,
    ...quiet,
    '-t',
    args.setype ?? '',
    '-f',
    args.ftype,
    ...(args.seuser === undefined ? [] : ['-s', args.seuser]),
    ...(args.selevel === undefined ? [] : ['-r', args.selevel]),
    args.target,
  ]
}
