/**
 * alternatives: one choice of update-alternatives.
 *
 * Args     name, path or family, link, priority, state (present, selected, auto, absent), subcommands.
 * Changes  the choice (installed, other priority or links, removed); what the name points to; auto or manual.
 * Errors   no update-alternatives; a new name without a link.
 */
import { z } from 'zod'
import type { Key } from '../probes/contract.ts'
import { type Action, type Change, defineModule, type RunAction, type Verdict } from './contract.ts'
import {
  type Alternative,
  type AlternativesState,
  alternativesKey,
  readAlternatives,
} from './shared/alternatives-state.ts'
import { argumentsOf, choice, int, listOf, path, word } from './shared/arguments.ts'
import { fail } from './shared/results.ts'

const schema = () =>
  argumentsOf(
    {
      name: word(),
      path: path().optional(),
      family: word().optional(),
      link: path().optional(),
      priority: int().optional(),
      state: choice(['present', 'absent', 'selected', 'auto']).default('selected'),
      subcommands: listOf(z.strictObject({ name: word(), path: path(), link: path() })).optional(),
    },
    { slaves: 'subcommands' },
  ).refine(args => (args.path !== undefined) !== (args.family !== undefined), 'give one of path and family')
type Args = z.output<ReturnType<typeof schema>>

const TOOL = { kind: 'which', command: 'update-alternatives' } as const satisfies Key

export const alternatives = defineModule<Args>({
  name: 'alternatives',
  aliases: ['update_alternatives'],
  summary: 'A choice of update-alternatives',
  args: schema,
  keys: args => [TOOL, alternativesKey(args.name)],
  decide(args, seen): Verdict {
    if (seen.get(TOOL).path === null)
      return fail('this host has no update-alternatives: install dpkg, chkconfig or alternatives')
    const state = readAlternatives(seen.get(alternativesKey(args.name)))
    const found = state?.alternatives.find(one =>
      args.path === undefined ? one.family === args.family : one.path === args.path,
    )
    const steps = args.state === 'absent' ? removal(args, found) : wanted(args, state, found)
    if (typeof steps === 'string') return fail(steps)
    if (steps.length === 0) return { kind: 'ok' }
    return {
      kind: 'change',
      changes: steps.map(({ change }) => change),
      apply: steps.flatMap(({ actions }) => actions),
      touches: [alternativesKey(args.name)],
    }
  },
  settles: true,
})

interface Step {
  readonly change: Change
  readonly actions: readonly Action[]
}

function removal(args: Args, found: Alternative | undefined): readonly Step[] {
  if (found === undefined) return []
  const change = { what: 'alternative', subject: args.name, from: found.path, to: null }
  return [{ change, actions: [run('--remove', args.name, found.path)] }]
}

/** A text is the reason why it cannot be done. */
function wanted(
  args: Args,
  state: AlternativesState | null,
  found: Alternative | undefined,
): readonly Step[] | string {
  const steps: Step[] = []
  if (args.path !== undefined && (found === undefined || differs(args, state, found))) {
    const link = args.link ?? state?.link
    if (link === undefined || link === null)
      return `${args.name} is new to this host: a link is needed to install ${args.path}`
    steps.push(installStep({ ...args, path: args.path }, { link, state, found }))
  } else if (found === undefined) {
    return `${args.name} has no alternative of the family ${args.family}`
  }
  const target = args.path ?? args.family ?? ''
  if (args.state === 'selected' && state?.current !== (args.path ?? found?.path)) {
    const change = { what: 'selected', subject: args.name, from: state?.current ?? null, to: target }
    steps.push({ change, actions: [run('--set', args.name, target)] })
  }
  if (args.state === 'auto' && state !== null && state.mode !== 'auto') {
    const change = { what: 'mode', subject: args.name, from: 'manual', to: 'auto' }
    steps.push({ change, actions: [run('--auto', args.name)] })
  }
  return steps
}

interface Known {
  readonly link: string
  readonly state: AlternativesState | null
  readonly found: Alternative | undefined
}

/** What is not said stays: priority and following links of a choice that is there. */
function installStep(args: Args & { readonly path: string }, { link, state, found }: Known): Step {
  const priority = args.priority ?? found?.priority ?? 50
  const kept = [...(found?.followers ?? [])].map(([name, path]) => ({
    name,
    path,
    link: state?.followerLinks.get(name) ?? '',
  }))
  const followers = args.subcommands ?? kept.filter(one => one.link !== '')
  const change: Change = {
    what: 'alternative',
    subject: args.name,
    from: found === undefined ? null : `${found.path} (priority ${found.priority})`,
    to: `${args.path} (priority ${priority})`,
  }
  const words = followers.flatMap(one => ['--slave', one.link, one.name, one.path])
  return { change, actions: [run('--install', link, args.name, args.path, String(priority), ...words)] }
}

function differs(args: Args, state: AlternativesState | null, found: Alternative): boolean {
  if (args.priority !== undefined && args.priority !== found.priority) return true
  if (args.link !== undefined && state?.link !== null && args.link !== state?.link) return true
  const { subcommands } = args
  if (subcommands === undefined) return false
  if (subcommands.length !== found.followers.size) return true
  return subcommands.some(
    one =>
      found.followers.get(one.name) !== one.path ||
      (state?.followerLinks.size !== 0 && state?.followerLinks.get(one.name) !== one.link),
  )
}

function run(...words: readonly string[]): RunAction {
  return {
    do: 'run',
    argv: ['update-alternatives', ...words],
    failure: `update-alternatives ${words[0]} failed`,
  }
}
