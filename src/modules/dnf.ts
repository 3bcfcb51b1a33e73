/**
 * dnf: packages of Fedora, Red Hat and their relatives, by dnf 4, dnf 5 or yum.
 *
 * Args     name (list: names with or without version, @groups, files, addresses, provides, '*'), state, list,
 *          autoremove, security, bugfix, download_only, and what dnf calls options.
 * Changes  one for each package of the transaction that dnf announces; for plain names that are installed
 *          already, dnf is not asked.
 * Errors   dnf's own words, before anything is done.
 */

import type { Key, Seen } from '../probes/contract.ts'
import { type Context, defineModule, type RunAction, type Verdict } from './contract.ts'
import { packagesNamed } from './shared/declared.ts'
import { type DnfArgs, type DnfState, dnfOptions, dnfSchema } from './shared/dnf-arguments.ts'
import { listKey, readList } from './shared/dnf-list.ts'
import {
  changeOf,
  type DnfCall,
  type DnfStep,
  readTransaction,
  resultLine,
  simulationKey,
} from './shared/dnf-transaction.ts'
import { quietly } from './shared/quietly.ts'
import { fail } from './shared/results.ts'

const TOOLS = ['dnf', 'dnf5', 'yum'] as const

export const dnf = defineModule<DnfArgs>({
  name: 'dnf',
  aliases: ['yum', 'dnf5'],
  summary: 'Install, update and remove packages of Fedora and Red Hat',
  args: dnfSchema,
  freeForm: 'name',
  keys: args => [...TOOLS.map(which), which(OTHER), ...plainNames(args).map(packageKey)],
  decide(args, seen, ctx): Verdict {
    const tool = preferred(args).find(one => seen.get(which(one)).path !== null)
    if (tool === undefined)
      return fail('this host has no dnf: dnf works on Fedora, Red Hat and relatives only')
    if (args.list !== undefined) return told(tool, args, seen)
    const options = dnfOptions(args)
    const calls = callsOf(args, seen).map(call => ({ tool, options, ...call }))
    if (calls.length === 0) return nothingDue(args, { tool, options, seen }, ctx)
    const keys = calls.map(call => simulationKey(refreshed(args, call)))
    const missing = keys.filter(key => !seen.has(key))
    if (missing.length > 0) return { kind: 'ask', keys: missing }
    return decideTransaction(args, calls, { keys, seen })
  },
  declares: args => packagesNamed(args.name, args.update_only ? 'absent' : args.state),
  settles: true,
})

/** The backend that was asked for comes first. */
function preferred({ use_backend }: DnfArgs): readonly string[] {
  if (use_backend === 'dnf5') return ['dnf5', ...TOOLS]
  return use_backend.startsWith('yum') ? ['yum', ...TOOLS] : TOOLS
}

/** Where dpkg is there, it is the one that answers for packages: rpm's are then asked of dnf. */
const OTHER = 'dpkg-query'

const which = (command: string) => ({ kind: 'which', command }) as const satisfies Key
const packageKey = (name: string) => ({ kind: 'package', name }) as const satisfies Key

/** Names that rpm itself can answer for. */
function plainNames({ name, installroot }: DnfArgs): readonly string[] {
  return installroot === '/'
    ? name.filter(word => /^[A-Za-z0-9][\w.+-]*$/.test(word) && !word.endsWith('.rpm'))
    : []
}

type Call = Pick<DnfCall, 'verb' | 'words'>

function stateOf({ state, autoremove }: DnfArgs): DnfState {
  return state ?? (autoremove ? 'absent' : 'present')
}

/** What dnf has to be asked about. */
function callsOf(args: DnfArgs, seen: Seen): readonly Call[] {
  const plain = seen.get(which(OTHER)).path === null ? plainNames(args) : []
  const isInstalled = (word: string) => plain.includes(word) && seen.get(packageKey(word)).installed
  const isMissing = (word: string) => plain.includes(word) && !seen.get(packageKey(word)).installed
  const all = args.name
  const some = (verb: string, words: readonly string[]): Call[] =>
    words.length === 0 ? [] : [{ verb, words }]
  switch (stateOf(args)) {
    case 'absent':
      if (all.length === 0) return args.autoremove ? [{ verb: 'autoremove', words: [] }] : []
      return some(
        args.autoremove ? 'autoremove' : 'remove',
        all.filter(word => !isMissing(word)),
      )
    case 'latest': {
      if (all.includes('*')) return [{ verb: 'upgrade', words: [] }]
      const due = args.update_only ? [] : all.filter(word => !isInstalled(word))
      return [
        ...some('install', due),
        ...some(
          'upgrade',
          all.filter(word => !isMissing(word)),
        ),
      ]
    }
    default:
      return some(
        'install',
        all.filter(word => !isInstalled(word)),
      )
  }
}

function refreshed({ update_cache, state }: DnfArgs, call: DnfCall): DnfCall {
  const wanted = update_cache && state !== 'absent'
  return wanted ? { ...call, options: ['--refresh', ...call.options] } : call
}

interface Asked {
  readonly keys: readonly ReturnType<typeof simulationKey>[]
  readonly seen: Seen
}

function decideTransaction(args: DnfArgs, calls: readonly DnfCall[], { keys, seen }: Asked): Verdict {
  const due: { readonly call: DnfCall; readonly steps: readonly DnfStep[] }[] = []
  for (const [index, call] of calls.entries()) {
    const steps = readTransaction(seen.get(keys[index]!))
    // Upgrading what is not installed is nothing to do; installing reports it.
    if (typeof steps === 'string') {
      if (call.verb === 'upgrade' && calls.length > 1) continue
      return fail(`dnf ${call.verb} ${call.words.join(' ')}: ${steps}`, { results: [], rc: 1 })
    }
    const kept = steps.filter(step => counts(args, call, step))
    if (kept.length > 0) due.push({ call, steps })
  }
  const steps = due.flatMap(one => one.steps)
  const unmatched = unmatchedIn(args, seen, keys.map(key => seen.get(key).stdout).join('\n'))
  if (steps.length === 0) return { kind: 'ok', result: { msg: 'Nothing to do', results: unmatched, rc: 0 } }
  const unwanted = args.allow_downgrade ? [] : steps.filter(step => step.kind === 'downgrade')
  if (unwanted.length > 0)
    return fail(`${unwanted.map(step => step.package).join(', ')} would be downgraded: set allow_downgrade`)
  const results = [...unmatched, ...steps.map(resultLine).sort()]
  return {
    kind: 'change',
    changes: steps.map(changeOf),
    apply: due.map(({ call }) => act(call)),
    result: { msg: '', results, rc: 0 },
    touches: plainNames(args).map(packageKey),
  }
}

/** Of what should go, the names under which nothing is there: rpm knew it, or dnf said so. */
function unmatchedIn(args: DnfArgs, seen: Seen, said: string): string[] {
  if (stateOf(args) !== 'absent') return []
  const plain = plainNames(args)
  const lines = said.split('\n')
  return args.name
    .map(word => [word, `No match for argument: ${word}`] as const)
    .filter(([word, line]) =>
      plain.includes(word) ? !seen.get(packageKey(word)).installed : lines.includes(line),
    )
    .map(([, line]) => line)
}

/** What is there in some version is present: only what would be new counts then. */
function counts(args: DnfArgs, call: DnfCall, step: DnfStep): boolean {
  if (stateOf(args) !== 'present' || call.verb !== 'install') return true
  return step.kind === 'install' || step.kind === 'downgrade' || /[-<>=]/.test(call.words.join(''))
}

function act({ tool, options, verb, words }: DnfCall): RunAction {
  return {
    do: 'run',
    argv: [tool, '-y', ...options, verb, ...words],
    env: { LC_ALL: 'C' },
    failure: `dnf ${verb} failed`,
  }
}

function nothingDue(
  args: DnfArgs,
  { tool, options, seen }: Pick<DnfCall, 'tool' | 'options'> & { readonly seen: Seen },
  ctx: Context,
): Verdict {
  const result = { msg: 'Nothing to do', results: unmatchedIn(args, seen, ''), rc: 0 }
  if (!args.update_cache || args.name.length > 0) return { kind: 'ok', result }
  const refresh = act({ tool, options, verb: 'makecache', words: [] })
  return quietly(ctx, 'dnf makecache', refresh, { ...result, msg: 'Cache updated' })
}

function told(tool: string, args: DnfArgs, seen: Seen): Verdict {
  const key = listKey(tool, args)
  if (!seen.has(key)) return { kind: 'ask', keys: [key] }
  return { kind: 'ok', result: { results: readList(args.list ?? '', seen.get(key)), msg: '', rc: 0 } }
}
