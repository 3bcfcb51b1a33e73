/** One try of one task (or item) on one host: look, decide, and outside check mode act. */

import { type Precondition, preconditionOf } from '../actions/index.ts'
import { VpaiError } from '../base/error.ts'
import type { Dict, Value } from '../base/value.ts'
import type { Action, Change, Output, Verdict } from '../modules/contract.ts'
import { keyId } from '../probes/batch.ts'
import type { Key } from '../probes/contract.ts'
import { reportChanges } from './diff.ts'
import { ActionFailed, type Actor, guardArguments, perform, StaleError } from './door.ts'
import { hideDigests, hideDigestsOfChange, hideDigestsOfFile, hideDigestsOfSeen } from './hide-digests.ts'
import {
  failedOutcome,
  lateOutcome,
  type Outcome,
  okOutcome,
  skippedOutcome,
  unrunOutcome,
} from './outcome.ts'
import type { Ready } from './prepare.ts'
import type { Snapshot } from './snapshot.ts'
import { type World, warn } from './world.ts'

export interface Attempt {
  readonly world: World
  readonly actor: Actor
  /** The host that is looked at and acted on has it; null for tasks of the controller. */
  readonly snapshot: Snapshot | null
  readonly ready: Ready
  /** Keys of the tasks ahead, to be asked along. */
  readonly ahead: (reach: number) => readonly Key[]
}

/** A module that still asks after this many rounds is broken. */
const MAX_ROUNDS = 12

/** Somebody else changing the same file this often in a row is a fight, not a race. */
const MAX_STALE = 3

export async function attempt(given: Attempt): Promise<Outcome> {
  // What holds a secret is asked by its own task, which tells of it or refuses.
  const isPlain = (key: Key) => !given.world.secrets.taints(lookedUp(key))
  const task: Attempt = { ...given, ahead: reach => given.ahead(reach).filter(isPlain) }
  for (let stale = 0; ; stale++) {
    try {
      return await attemptOnce(task)
    } catch (error) {
      if (!(error instanceof StaleError) || stale === MAX_STALE) throw error
      task.snapshot?.clear()
    }
  }
}

async function attemptOnce(task: Attempt): Promise<Outcome> {
  const { ready, world, actor } = task
  if (task.snapshot) guardArguments(world, actor, { text: actor.identity.user ?? '', where: 'become_user' })
  const seenKeys = [...ready.keys]
  const reason = pendingReason(task, seenKeys)
  if (reason) return late(task, seenKeys, reason)
  const verdict = await decided(task, seenKeys)
  const laterLate = pendingReason(task, seenKeys)
  if (laterLate) return late(task, seenKeys, laterLate)
  if ('warnings' in verdict) tellWarnings(task, verdict.warnings)
  switch (verdict.kind) {
    case 'ok':
      return okOutcome(verdict.result ?? {}, false)
    case 'skip':
      return skippedOutcome(verdict.reason, verdict.result)
    case 'fail':
      return failed(task, verdict, seenKeys)
    case 'change':
      return change(task, verdict)
    case 'opaque':
      return opaque(task, verdict)
    case 'ask':
      throw new VpaiError(
        'MODULE_UNDECIDED',
        `${ready.module.name} asked for ${MAX_ROUNDS} rounds without deciding`,
      )
  }
}

async function decided({ world, snapshot, actor, ready, ahead }: Attempt, keys: Key[]): Promise<Verdict> {
  const { module, args } = ready
  const local = (name: string) => hideDigestsOfFile(world.secrets, ready.context.local(name))
  const context = { ...ready.context, local }
  hideGiven(world, args)
  let extra = ahead
  for (let round = 0; round < MAX_ROUNDS; round++) {
    if (snapshot && keys.length > 0) {
      guardArguments(world, actor, { text: keys.map(lookedUp).join('\0'), where: 'what is looked up' })
      await snapshot.settled()
      const missing = snapshot.missing(actor.identity, keys)
      if (missing.length > 0)
        await snapshot.ask(actor.identity, [
          ...missing,
          ...snapshot.missing(actor.identity, extra(actor.host.nextReach())),
        ])
      hideDigestsOfSeen(world.secrets, keys, snapshot.seen(actor.identity))
      extra = () => []
    }
    const verdict = module.decide(args, snapshot ? snapshot.seen(actor.identity) : NOTHING_SEEN, context)
    if (verdict.kind !== 'ask') return verdict
    keys.push(...verdict.keys)
  }
  return { kind: 'ask', keys: [] }
}

/** `content` as it is written into a task. */
function hideGiven({ secrets }: World, args: unknown): void {
  const content = typeof args === 'object' && args !== null && 'content' in args ? args.content : null
  if (typeof content === 'string') hideDigests(secrets, Buffer.from(content))
}

/** What of a key programs on the host get as arguments; `env` of a script is not. */
function lookedUp(key: Key): string {
  return key.kind === 'read' ? key.script : keyId(key)
}

function tellWarnings({ world, actor }: Attempt, warnings: unknown): void {
  if (!Array.isArray(warnings) || actor.isSilent) return
  for (const text of warnings) warn(world, String(text), { host: actor.host.name, position: actor.position })
}

const NOTHING_SEEN = {
  has: () => false,
  get: () => {
    throw new VpaiError('PROBE_NOT_ASKED', 'a controller module looked at a host')
  },
}

/** Check mode: an unapplied change would alter what this task looks at. */
function pendingReason({ ready, actor }: Attempt, keys: readonly Key[]): string | null {
  if (!ready.context.check || actor.host.pending.size === 0) return null
  const hit = keys.find(key => actor.host.pending.has(pendingId(key)))
  return hit ? `an earlier task would change ${describe(hit)}` : null
}

/** Path and content of one file are one thing for what is pending. */
function pendingId(key: Key): string {
  return key.kind === 'content' || key.kind === 'path' ? `path ${key.path}` : keyId(key)
}

function describe(key: Key): string {
  return 'path' in key ? key.path : 'name' in key ? `${key.kind} ${key.name}` : key.kind
}

/** What a late task looks at, it may change: later tasks that look at the same are late too. */
function late({ actor }: Attempt, keys: readonly Key[], reason: string): Outcome {
  for (const key of keys) if (key.kind !== 'facts') actor.host.pending.add(pendingId(key))
  return lateOutcome(reason)
}

function failed(task: Attempt, verdict: Extract<Verdict, { kind: 'fail' }>, keys: readonly Key[]): Outcome {
  const { ready, actor } = task
  // In a dry run the thing it misses may be what an earlier task would have made: say so rather than guess.
  // What looks at nothing (fail, assert) misses nothing.
  if (ready.context.check && actor.host.pending.size > 0 && keys.length > 0)
    return late(task, keys, verdict.message)
  return failedOutcome(verdict.message, verdict.result)
}

async function change(task: Attempt, verdict: Extract<Verdict, { kind: 'change' }>): Promise<Outcome> {
  const { world, actor, ready, snapshot } = task
  if (typeof verdict.apply !== 'function') hideDigestsOfChange(world.secrets, verdict.changes, verdict.apply)
  const changes = reportChanges(verdict.changes, ready.context.diff, text => world.secrets.mask(text))
  const diff: Dict =
    ready.context.diff && changes.some(one => one.diff) ? { diff: diffValue(verdict.changes) } : {}
  if (ready.context.check) {
    for (const key of [...(verdict.touches ?? []), ...touchedBy(verdict.apply)])
      actor.host.pending.add(pendingId(key))
    return okOutcome({ ...verdict.result, ...diff }, true, changes)
  }
  const preconditions = preconditionsOf(task, verdict.apply)
  snapshot?.clear()
  try {
    const result =
      typeof verdict.apply === 'function'
        ? await follow(task, verdict.apply)
        : await performAll(task, verdict.apply, preconditions)
    const whole = { ...verdict.result, ...result, ...diff }
    if (result.failed === true) return { ...failedOutcome(String(result.msg ?? 'failed'), whole), changes }
    return okOutcome(whole, result.changed !== false, changes)
  } catch (error) {
    return { ...actionFailure(error, verdict.result), changes }
  } finally {
    if (typeof verdict.apply === 'function') snapshot?.clear()
  }
}

type Preconditions = ReadonlyMap<string, Precondition>

/** What was seen where each file goes, so that a change by somebody else in between is noticed, not overwritten. */
function preconditionsOf(
  { snapshot, actor }: Attempt,
  apply: Extract<Verdict, { kind: 'change' }>['apply'],
): Preconditions {
  const found = new Map<string, Precondition>()
  if (typeof apply === 'function' || !snapshot) return found
  const seen = snapshot.seen(actor.identity)
  for (const action of apply) {
    if (action.do !== 'put') continue
    const key = [
      { kind: 'path', path: action.path } as const,
      { kind: 'path', path: action.path, hash: true } as const,
    ].find(one => seen.has(one))
    const precondition = key ? preconditionOf(seen.get(key)) : null
    if (precondition) found.set(action.path, precondition)
  }
  return found
}

/** Actions known in advance go out one after the other; behind the last one rides the look at what comes next. */
async function performAll(
  task: Attempt,
  actions: readonly Action[],
  preconditions: Preconditions,
): Promise<Dict> {
  const { world, actor, snapshot, ahead } = task
  const touched = new Set<string>()
  let backup: Dict = {}
  for (const [index, action] of actions.entries()) {
    const sent =
      index === actions.length - 1
        ? () => snapshot?.prefetch(actor.identity, ahead(actor.host.nextReach()))
        : undefined
    const precondition =
      action.do === 'put' && !touched.has(action.path) ? preconditions.get(action.path) : undefined
    const output = await perform(world, actor, { action, precondition, sent })
    if ('path' in action) touched.add(action.path)
    if (action.do === 'put' && action.backup && output.stdout.trim())
      backup = { backup_file: output.stdout.trim() }
  }
  return backup
}

async function opaque(task: Attempt, verdict: Extract<Verdict, { kind: 'opaque' }>): Promise<Outcome> {
  const { ready, snapshot } = task
  if (ready.context.check) return unrunOutcome(verdict.summary, verdict.changes)
  snapshot?.clear()
  try {
    const result = await follow(task, verdict.apply, { mayStop: true })
    tellWarnings(task, result.warnings)
    return outcomeOfResult(result)
  } catch (error) {
    return actionFailure(error, undefined)
  } finally {
    snapshot?.clear()
  }
}

function outcomeOfResult(result: Dict): Outcome {
  // What it did before it failed is not known: it counts as changed where failed_when calls it fine.
  const ran = { changed: result.changed !== false, ...result }
  if (result.failed === true) return failedOutcome(String(result.msg ?? 'failed'), ran)
  if (result.skipped === true)
    return skippedOutcome(String(result.skip_reason ?? result.msg ?? 'skipped'), result)
  return okOutcome(result, result.changed !== false)
}

async function follow(
  { world, actor }: Attempt,
  steps: () => Generator<Action, Dict, Output>,
  how: { readonly mayStop?: boolean } = {},
): Promise<Dict> {
  const going = steps()
  let step = going.next()
  while (!step.done) {
    try {
      step = going.next(await perform(world, actor, { action: step.value, ...how }))
    } catch (error) {
      // The module may clean up or turn it into a result of its own; most let it pass.
      step = going.throw(error)
    }
  }
  return step.value
}

function actionFailure(error: unknown, known: Dict | undefined): Outcome {
  if (!(error instanceof ActionFailed)) throw error
  const { code, stdout, stderr } = error.output
  return failedOutcome(error.message, { ...known, rc: code, stdout, stderr })
}

function touchedBy(apply: readonly Action[] | (() => Generator<Action, Dict, Output>)): Key[] {
  if (typeof apply === 'function') return []
  return apply.flatMap(action => ('path' in action ? [{ kind: 'path' as const, path: action.path }] : []))
}

function diffValue(changes: readonly Change[]): Value {
  return changes
    .filter(change => change.diff)
    .map(change => ({
      before: change.diff?.before ?? '',
      after: change.diff?.after ?? '',
      before_header: change.diff?.label ?? '',
      after_header: change.diff?.label ?? '',
    }))
}
