/**
 * pip: packages of Python, in a virtual environment or beside the system's own.
 *
 * Args     name (list, with conditions), version, requirements, virtualenv and how it is made, state, extra_args,
 *          editable, chdir, executable, umask, break_system_packages.
 * Changes  the virtual environment; one for each package. Requirement files and the newest versions are asked
 *          of pip itself (--dry-run).
 * Errors   no pip on the host; pip's own words.
 */
import type { z } from 'zod'
import type { Seen } from '../probes/contract.ts'
import {
  type Change,
  defineModule,
  type Result,
  type RunAction,
  type Steps,
  type Verdict,
} from './contract.ts'
import { argumentsOf, bool, choice, list, path, text, word } from './shared/arguments.ts'
import { withHome } from './shared/home.ts'
import {
  dryRunKey,
  type PipState,
  pipEnvironment,
  pipStateKey,
  pipWords,
  readDryRun,
  readPipState,
  virtualenvScript,
} from './shared/pip-host.ts'
import { joinConditions, parseRequirement, type Requirement, satisfies } from './shared/python-version.ts'
import { fail } from './shared/results.ts'

const schema = () =>
  argumentsOf({
    name: list().optional(),
    version: word().optional(),
    requirements: path().optional(),
    virtualenv: path().optional(),
    virtualenv_command: word().optional(),
    virtualenv_python: word().optional(),
    virtualenv_site_packages: bool().default(false),
    state: choice(['present', 'absent', 'latest', 'forcereinstall']).default('present'),
    extra_args: text().optional(),
    editable: bool().default(false),
    chdir: path().optional(),
    executable: word().optional(),
    umask: word().optional(),
    break_system_packages: bool().default(false),
  })
    .refine(
      args => args.name !== undefined || args.requirements !== undefined || args.virtualenv !== undefined,
      'needs name, requirements or virtualenv',
    )
    .refine(
      args => args.name === undefined || args.requirements === undefined,
      'give one of name and requirements',
    )
    .refine(
      args => args.executable === undefined || args.virtualenv === undefined,
      'give one of executable and virtualenv',
    )
    .refine(
      args =>
        args.version === undefined ||
        (joinConditions(args.name ?? []).length === 1 && args.state !== 'latest'),
      'version goes with one name, and not with state: latest',
    )
export type PipArgs = z.output<ReturnType<typeof schema>>

export const pip = withHome<PipArgs>(
  args => HOME_PATHS.filter(field => args[field]?.startsWith('~')),
  defineModule<PipArgs>({
    name: 'pip',
    summary: 'Packages of Python',
    args: schema,
    keys: args => [pipStateKey(args)],
    decide(args, seen): Verdict {
      const state = readPipState(seen.get(pipStateKey(args)))
      if (args.virtualenv === undefined && state.pip === null)
        return fail(`this host has no ${args.executable ?? 'pip3'}: install the package python3-pip`)
      const wanted = joinConditions(args.name ?? []).map(one => parseRequirement(one, args.version))
      const packages = packageChanges(args, wanted, { state, seen })
      if (packages !== null && 'kind' in packages) return packages
      const needsVirtualenv = args.virtualenv !== undefined && !state.hasVirtualenv && args.state !== 'absent'
      const changes: Change[] = [
        ...(needsVirtualenv
          ? [{ what: 'virtualenv', subject: args.virtualenv ?? '', from: null, to: 'made' }]
          : []),
        ...(packages ?? []),
      ]
      if (packages === null) return opaque(args, wanted, { state, needsVirtualenv })
      if (changes.length === 0) return { kind: 'ok', result: resultOf(args) }
      const words = packages.length > 0 || needsVirtualenv ? wanted.map(one => one.word) : []
      const apply = steps(args, words, { state, needsVirtualenv })
      return { kind: 'change', changes, apply, result: resultOf(args), touches: [pipStateKey(args)] }
    },
    settles: 'editable packages, addresses and forcereinstall are installed each time',
  }),
)

const HOME_PATHS = ['virtualenv', 'requirements', 'chdir'] as const

interface Sight {
  readonly state: PipState
  readonly seen: Seen
}

/** null: known only afterwards. A verdict: more has to be asked first, or it fails. */
function packageChanges(
  args: PipArgs,
  wanted: readonly Requirement[],
  { state, seen }: Sight,
): readonly Change[] | Verdict | null {
  if (args.state === 'absent') return removals(args, wanted, state)
  const fresh = (subject: string): Change => ({ what: 'package', subject, from: null, to: args.state })
  if (args.state === 'forcereinstall') return wanted.map(one => ({ ...fresh(one.word), from: 'installed' }))
  if (state.pip === null)
    return [...wanted.map(one => fresh(one.word)), ...(args.requirements ? [fresh(args.requirements)] : [])]
  const isTold = !args.editable && wanted.every(one => one.name !== null)
  if (args.requirements === undefined && args.state === 'present' && isTold) {
    const answers = wanted.map(one => ({ one, fits: fits(one, state) }))
    if (answers.every(({ fits }) => fits !== null))
      return answers.filter(({ fits }) => fits === false).map(({ one }) => packageChange(one, state))
  }
  if (args.name === undefined && args.requirements === undefined) return []
  if (!isTold) return null
  const key = dryRunKey(args, { pip: state.pip, words: wanted.map(one => one.word) })
  if (!seen.has(key)) return { kind: 'ask', keys: [key] }
  const answer = seen.get(key)
  const would = readDryRun(answer)
  if (would === null) return null
  if (answer.code !== 0) return fail(`pip says: ${answer.stdout.trim()}`, resultOf(args))
  return would.map(one => ({
    what: 'package',
    subject: one.replace(/-[^-]*$/, ''),
    from: 'missing or older',
    to: one.replace(/^.*-/, ''),
  }))
}

function fits({ name, conditions }: Requirement, { installed }: PipState): boolean | null {
  const version = installed.get(name ?? '')
  return version === undefined ? false : satisfies(version, conditions)
}

function packageChange(one: Requirement, { installed }: PipState): Change {
  const to = one.conditions.length === 0 ? 'installed' : one.conditions.join(',')
  return { what: 'package', subject: one.name ?? one.word, from: installed.get(one.name ?? '') ?? null, to }
}

function removals(
  args: PipArgs,
  wanted: readonly Requirement[],
  { installed }: PipState,
): readonly Change[] | null {
  if (args.requirements !== undefined || wanted.some(one => one.name === null)) return null
  return wanted.flatMap(one => {
    const from = installed.get(one.name ?? '')
    return from === undefined ? [] : [{ what: 'package', subject: one.name ?? '', from, to: null }]
  })
}

interface Plan {
  readonly state: PipState
  readonly needsVirtualenv: boolean
}

function actions(args: PipArgs, words: readonly string[], { state, needsVirtualenv }: Plan): RunAction[] {
  const common = {
    do: 'run',
    env: pipEnvironment(args),
    ...(args.chdir === undefined ? {} : { cwd: args.chdir }),
    ...(args.umask === undefined ? {} : { umask: args.umask }),
  } as const
  const program = state.pip ?? `${args.virtualenv}/bin/pip`
  const make: RunAction = {
    ...common,
    script: virtualenvScript(args),
    failure: 'the virtual environment could not be made',
  }
  const work: RunAction = {
    ...common,
    argv: [...program.split(' '), ...pipWords(args, words)],
    failure: 'pip failed',
  }
  const hasWork = words.length > 0 || args.requirements !== undefined
  return [...(needsVirtualenv ? [make] : []), ...(hasWork ? [work] : [])]
}

function steps(args: PipArgs, words: readonly string[], plan: Plan): Steps {
  return function* () {
    let last: Result = {}
    for (const action of actions(args, words, plan)) {
      const { stdout, stderr } = yield action
      last = { stdout, stderr, cmd: action.argv?.join(' ') ?? action.script ?? '' }
    }
    return last
  }
}

function opaque(args: PipArgs, wanted: readonly Requirement[], plan: Plan): Verdict {
  const words = wanted.map(one => one.word)
  return {
    kind: 'opaque',
    summary: `pip ${pipWords(args, words).join(' ')}`,
    apply: function* () {
      const result = yield* steps(args, words, plan)()
      const isChange = /Successfully (un)?installed/i.test(String(result.stdout))
      return { ...resultOf(args), ...result, changed: plan.needsVirtualenv || isChange }
    },
  }
}

function resultOf({ name, requirements, state, version, virtualenv }: PipArgs): Result {
  return {
    name: name === undefined ? null : [...name],
    requirements: requirements ?? null,
    state,
    version: version ?? null,
    virtualenv: virtualenv ?? null,
  }
}
