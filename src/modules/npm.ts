/**
 * npm: packages of Node.js, of a folder or global.
 *
 * Args     name, version, path, global, state, production, ci, ignore_scripts, no_optional, no_bin_links,
 *          unsafe_perm, force, registry, executable.
 * Changes  the package, or what package.json asks for and is missing. ci installs anew each time.
 * Errors   no npm on the host; neither path nor global; npm's own words.
 */
import type { z } from 'zod'
import { quote, quoteAll } from '../base/quote.ts'
import type { Key, Seen } from '../probes/contract.ts'
import { type Change, defineModule, type RunAction, type Verdict } from './contract.ts'
import { argumentsOf, bool, choice, path, word } from './shared/arguments.ts'
import { fail } from './shared/results.ts'

const schema = () =>
  argumentsOf({
    name: word().optional(),
    version: word().optional(),
    path: path().optional(),
    global: bool().default(false),
    executable: path().optional(),
    ignore_scripts: bool().default(false),
    unsafe_perm: bool().default(false),
    ci: bool().default(false),
    production: bool().default(false),
    registry: word().optional(),
    state: choice(['present', 'absent', 'latest']).default('present'),
    no_optional: bool().default(false),
    no_bin_links: bool().default(false),
    force: bool().default(false),
  })
    .refine(args => args.path !== undefined || args.global, 'needs a path, unless it is global')
    .refine(
      args => args.state !== 'absent' || args.name !== undefined,
      'needs a name when the state is absent',
    )
    .refine(args => args.version === undefined || args.name !== undefined, 'version goes with a name')
type Args = z.output<ReturnType<typeof schema>>

const TOOL = { kind: 'which', command: 'npm' } as const satisfies Key

export const npm = defineModule<Args>({
  name: 'npm',
  summary: 'Packages of Node.js',
  args: schema,
  keys: args => [TOOL, listKey(args), ...(args.state === 'latest' ? [outdatedKey(args)] : [])],
  decide(args, seen): Verdict {
    if (args.executable === undefined && seen.get(TOOL).path === null)
      return fail('this host has no npm: install the package npm')
    if (args.ci)
      return changed(args, [{ what: 'packages', subject: args.path ?? 'global', from: null, to: 'ci' }], 'ci')
    const state = listed(seen.get(listKey(args)).stdout)
    if (state === null)
      return fail(`npm list says nothing that can be read: ${seen.get(listKey(args)).stderr.trim()}`)
    const due =
      args.name === undefined ? missing(args, state, seen) : ofName({ ...args, name: args.name }, state, seen)
    if (due.length === 0) return { kind: 'ok' }
    const isUpdate = args.state === 'latest' && due.every(one => one.from !== null)
    return changed(args, due, args.state === 'absent' ? 'uninstall' : isUpdate ? 'update' : 'install')
  },
  settles: 'ci installs anew each time',
})

interface Installed {
  readonly version?: string
  readonly missing?: boolean
  readonly invalid?: unknown
}

type Listed = Readonly<Record<string, Installed>>

function listed(stdout: string): Listed | null {
  try {
    const { dependencies = {} } = JSON.parse(stdout === '' ? '{}' : stdout) as { dependencies?: Listed }
    return dependencies
  } catch {
    return null
  }
}

function missing(args: Args, state: Listed, seen: Seen): Change[] {
  const gone = Object.entries(state).filter(([, one]) => one.missing === true || one.version === undefined)
  const changes = gone.map(([subject]) => ({ what: 'package', subject, from: null, to: 'installed' }))
  return args.state === 'latest' ? [...changes, ...outdated(args, seen)] : changes
}

function ofName(args: Args & { readonly name: string }, state: Listed, seen: Seen): Change[] {
  const { name: subject, version } = args
  const found = state[subject]
  const now = found?.missing === true ? null : (found?.version ?? null)
  if (args.state === 'absent') return now === null ? [] : [{ what: 'package', subject, from: now, to: null }]
  if (now === null) return [{ what: 'package', subject, from: null, to: version ?? 'installed' }]
  const isExact = version !== undefined && /^\d+\.\d+\.\d+/.test(version)
  if (isExact && version !== now) return [{ what: 'package', subject, from: now, to: version }]
  return args.state === 'latest' ? outdated(args, seen).filter(one => one.subject === subject) : []
}

function outdated(args: Args, seen: Seen): Change[] {
  try {
    const answer = seen.get(outdatedKey(args)).stdout
    const found = JSON.parse(answer === '' ? '{}' : answer) as Record<
      string,
      { current?: string; wanted?: string }
    >
    return Object.entries(found).flatMap(([subject, { current, wanted }]) =>
      current === wanted ? [] : [{ what: 'package', subject, from: current ?? null, to: wanted ?? 'latest' }],
    )
  } catch {
    return []
  }
}

function program(args: Args): string[] {
  return [
    ...(args.executable?.split(' ') ?? ['npm']),
    ...(args.global ? ['--global'] : []),
    ...(args.production ? ['--production'] : []),
    ...(args.ignore_scripts ? ['--ignore-scripts'] : []),
    ...(args.unsafe_perm ? ['--unsafe-perm'] : []),
    ...(args.no_optional ? ['--no-optional'] : []),
    ...(args.no_bin_links ? ['--no-bin-links'] : []),
    ...(args.force ? ['--force'] : []),
    ...(args.registry === undefined ? [] : [`--registry=${args.registry}`]),
  ]
}

function inFolder(args: Args, words: readonly string[]) {
  const line = `${quoteAll([...program(args), ...words])}`
  const script = args.path === undefined ? line : `cd ${quote(args.path)} 2>/dev/null && ${line}`
  return {
    kind: 'read',
    name: `npm ${JSON.stringify([args.path, line])}`,
    script: `${script}; :`,
  } as const satisfies Key
}

const listKey = (args: Args) => inFolder(args, ['list', '--json', '--depth=0'])
const outdatedKey = (args: Args) => inFolder(args, ['outdated', '--json'])

function changed(args: Args, changes: readonly Change[], verb: string): Verdict {
  const { name, version } = args
  const word =
    name === undefined ? [] : [version === undefined || verb !== 'install' ? name : `${name}@${version}`]
  const run: RunAction = {
    do: 'run',
    argv: [...program(args), verb, ...word],
    ...(args.path === undefined ? {} : { cwd: args.path }),
    failure: `npm ${verb} failed`,
  }
  const make = args.path === undefined ? [] : [{ do: 'mkdir', path: args.path } as const]
  return { kind: 'change', changes, apply: [...make, run], touches: [listKey(args)] }
}
