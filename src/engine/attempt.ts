/** One try of one task (or item) on one host: look, decide, and outside check mode act. */

import { VpaiError } from '../base/error.ts'
import type { Dict } from '../base/value.ts'
import { withPreFlight } from '../guard/pre-flight.ts'
import type { Action, Output, Verdict } from '../modules/contract.ts'
import { keyId } from '../probes/batch.ts'
import type { Key } from '../probes/contract.ts'
import type { Detach } from './async.ts'
import { Chain, deedsOf, pursuitOfAll, resultOf, sendDeeds } from './chain.ts'
import { actionFailure, type ChangeVerdict, changeOutcome, tellChange } from './change-outcome.ts'
import { keepForLater, runDetached } from './detached.ts'
import { type Actor, type Deed, guardArguments, perform, StaleError } from './door.ts'
import { type Foreseen, MAX_LINKS, NOTHING_FORESEEN } from './foresee.ts'
import { type Armed, type Guarding, guardFor, guardNote } from './guarding.ts'
import { hideDigestsOfFile, hideDigestsOfSeen, hideGiven } from './hide-digests.ts'
import { leftoverKeys, settleLeftovers } from './leftover-guards.ts'
import { isKeptFirst } from './may-change.ts'
import { type Meter, pursuitOf } from './meter.ts'
import {
  failedOutcome,
  lateOutcome,
  type Outcome,
  okOutcome,
  skippedOutcome,
  unrunOutcome,
} from './outcome.ts'
import { pendingId, pendingReason, touchedBy } from './pending.ts'
import type { Ready } from './prepare.ts'
import { deedOf, outcomeOfResult, runOutcome, type SingleRun, singleRun, tellWarnings } from './single-run.ts'
import type { Snapshot } from './snapshot.ts'
import type { World } from './world.ts'

export interface Attempt {
  readonly world: World
  readonly meter: Meter
  readonly actor: Actor
  /** The host that is looked at and acted on has it; null for tasks of the controller. */
  readonly snapshot: Snapshot | null
  readonly ready: Ready
  /** Keys of the tasks ahead, to be asked along. */
  readonly ahead: (reach: number, past?: number) => readonly (readonly Key[])[]
  /** What comes after these actions and can be decided now; null actions: after a command. */
  readonly follow: (actions: readonly Action[] | null, isRoot: boolean) => Foreseen
  /** Throws when somebody who watches the run does not let it do so. */
  readonly intends: (verdict: Verdict) => void
  /** How a lock-out guard would be armed. */
  readonly guarding: Guarding
  /** Set for tasks with `async`. */
  readonly detach?: Detach | null
}

/** A module that still asks after this many rounds is broken. */
const MAX_ROUNDS = 12

/** Somebody else changing the same file this often in a row is a fight, not a race. */
const MAX_STALE = 3

export async function attempt(given: Attempt): Promise<Outcome> {
  // What holds a secret is asked by its own task, which tells of it or refuses.
  const isPlain = (key: Key) => !given.world.secrets.taints(lookedUp(key))
  const ahead: Attempt['ahead'] = (reach, past) => given.ahead(reach, past).map(keys => keys.filter(isPlain))
  const task: Attempt = { ...given, ahead }
  for (let stale = 0; ; stale++) {
    try {
      return await keepForLater(task, await attemptOnce(task))
    } catch (error) {
      if (!(error instanceof StaleError) || stale === MAX_STALE) throw error
      forget(task)
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
  if ('warnings' in verdict) tellWarnings(world, actor, verdict.warnings)
  task.intends(verdict)
  if (await isKeptFirst(task, verdict)) throw new StaleError()
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

async function decided(
  { world, meter, snapshot, actor, ready, ahead }: Attempt,
  keys: Key[],
): Promise<Verdict> {
  const { module, args } = ready
  const local = (name: string) => hideDigestsOfFile(world.secrets, ready.context.local(name))
  const context = { ...ready.context, local }
  hideGiven(world.secrets, args)
  let extra = ahead
  for (let round = 0; round < MAX_ROUNDS; round++) {
    if (snapshot && keys.length > 0) {
      guardArguments(world, actor, { text: keys.map(lookedUp).join('\0'), where: 'what is looked up' })
      await meter.spend('probe', snapshot.settled())
      const guards = await meter.spend('connect', leftoverKeys(actor))
      const missing = snapshot.missing(actor.identity, [...keys, ...guards])
      if (missing.length > 0) {
        const [first = [], ...groups] = extra(actor.host.nextReach())
        const more = snapshot.missing(actor.identity, first)
        const later = groups.map(group => snapshot.missing(actor.identity, group))
        await meter.spend('connect', actor.session())
        await meter.spend('probe', snapshot.ask(actor.identity, [[...missing, ...more], ...later]))
        // Another run is waited for; what was seen until then is old.
        await meter.spend('wait', actor.host.record?.admit() ?? Promise.resolve())
        const seen = snapshot.seen(actor.identity)
        if (await settleLeftovers(world, actor, { seen, check: context.check })) {
          snapshot.clear()
          continue
        }
      }
      hideDigestsOfSeen(world.secrets, keys, snapshot.seen(actor.identity))
      extra = () => []
    }
    const verdict = module.decide(args, snapshot ? snapshot.seen(actor.identity) : NOTHING_SEEN, context)
    if (verdict.kind !== 'ask') return verdict
    keys.push(...verdict.keys)
  }
  return { kind: 'ask', keys: [] }
}

/** What of a key programs on the host get as arguments; `env` of a script is not. */
function lookedUp(key: Key): string {
  return key.kind === 'read' ? key.script : keyId(key)
}

const NOTHING_SEEN = {
  has: () => false,
  get: () => {
    throw new VpaiError('PROBE_NOT_ASKED', 'a controller module looked at a host')
  },
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

async function change(task: Attempt, verdict: ChangeVerdict): Promise<Outcome> {
  const { world, actor, ready, snapshot } = task
  const { apply } = verdict
  const told = tellChange(world, verdict, ready.context.diff)
  const guard = await guardFor(task, verdict)
  if (ready.context.check) {
    for (const key of [...(verdict.touches ?? []), ...touchedBy(apply)])
      actor.host.pending.add(pendingId(key))
    return okOutcome({ ...verdict.result, ...told.diff }, true, [...told.changes, ...guardNote(guard)])
  }
  if (typeof apply !== 'function') return changeOutcome(verdict, told, () => performAll(task, apply, guard))
  forget(task)
  const outcome = await changeOutcome(verdict, told, () => follow(task, apply, { guard }))
  snapshot?.clear()
  return outcome
}

/** Actions known in advance go out together; behind them what follows from them, and a look at what comes next. */
async function performAll(task: Attempt, given: readonly Action[], guard: Armed | null): Promise<Dict> {
  const { actor, snapshot } = task
  const actions = guard ? given.map(withPreFlight) : given
  const deeds = deedsOf(actions, snapshot?.seen(actor.identity) ?? null, actor.host)
  const foreseen = guard ? NOTHING_FORESEEN : task.follow(actions, await isRoot(task))
  forget(task)
  return leadChain(task, { deeds, foreseen, guard }, outputs => resultOf(deeds, outputs))
}

function forget({ snapshot, actor }: Attempt): void {
  snapshot?.clear()
  actor.host.lookNear()
}

async function isRoot({ snapshot, actor }: Attempt): Promise<boolean> {
  return snapshot !== null && (await actor.session()).hello.uid === 0
}

/** `end` makes of the outputs what came of it; only then does the next task look at what was sent behind it. */
async function leadChain<T>(
  { world, meter, actor, snapshot, ahead }: Attempt,
  { deeds, foreseen, guard }: { deeds: readonly Deed[]; foreseen: Foreseen; guard: Armed | null },
  end: (outputs: readonly Promise<Output>[]) => Promise<T>,
): Promise<T> {
  const { links, tasks } = foreseen
  const chain = new Chain(world.token(16))
  const armed = await guard?.send(chain.id)
  const outputs = await sendDeeds(world, actor, chain.id, deeds)
  if (snapshot) {
    await chain.send(world, snapshot, links)
    const reach = links.length > 0 ? MAX_LINKS : actor.host.nextReach()
    snapshot.prefetch(actor.identity, ahead(reach, tasks))
  }
  const ended = await meter.spend(pursuitOfAll(deeds), unlessUnarmed(armed, end(outputs)))
  actor.host.chain = chain.isDone ? null : chain
  return ended
}

/** What the host skipped because no guard could be armed fails for that reason. */
async function unlessUnarmed<T>(
  armed: { readonly answer: Promise<void> } | undefined,
  work: Promise<T>,
): Promise<T> {
  try {
    return await work
  } catch (error) {
    await armed?.answer
    throw error
  }
}

async function opaque(task: Attempt, verdict: Extract<Verdict, { kind: 'opaque' }>): Promise<Outcome> {
  const { world, actor, ready, snapshot } = task
  const guard = await guardFor(task, verdict)
  if (ready.context.check) {
    const unrun = unrunOutcome(world.secrets.mask(verdict.summary), verdict.changes)
    return { ...unrun, changes: [...unrun.changes, ...guardNote(guard)] }
  }
  const run = task.detach || !snapshot ? null : singleRun(verdict)
  if (run) return runOne(task, run, guard)
  forget(task)
  try {
    const left = task.detach ? await runDetached(task, task.detach, verdict.apply) : null
    const result = left ?? (await follow(task, verdict.apply, { mayStop: true, guard }))
    tellWarnings(world, actor, result.warnings)
    return outcomeOfResult(verdict.changes === false ? { changed: false, ...result } : result)
  } catch (error) {
    return actionFailure(error, undefined)
  } finally {
    snapshot?.clear()
  }
}

async function runOne(task: Attempt, run: SingleRun, guard: Armed | null): Promise<Outcome> {
  const { world, actor, ready } = task
  const foreseen = guard ? NOTHING_FORESEEN : task.follow(null, await isRoot(task))
  task.snapshot?.clear()
  actor.host.lookLessFar()
  return leadChain(task, { deeds: [deedOf(run)], foreseen, guard }, ([output]) =>
    runOutcome(world, { run, ready, actor }, output as Promise<Output>),
  )
}

async function follow(
  { world, meter, actor }: Attempt,
  steps: () => Generator<Action, Dict, Output>,
  { mayStop, guard }: { readonly mayStop?: boolean; readonly guard: Armed | null },
): Promise<Dict> {
  const going = steps()
  let step = going.next()
  const chain = guard ? world.token(16) : undefined
  const armed = chain === undefined ? undefined : await guard?.send(chain)
  let how: Partial<Deed> = { ...(chain === undefined ? {} : { chain }), ...(mayStop ? { mayStop } : {}) }
  while (!step.done) {
    try {
      const doing = perform(world, actor, { action: step.value, ...how })
      const output = await meter.spend(pursuitOf(step.value), doing)
      await armed?.answer
      how = mayStop ? { mayStop } : {}
      step = going.next(output)
    } catch (error) {
      await armed?.answer
      // The module may clean up or turn it into a result of its own; most let it pass.
      step = going.throw(error)
    }
  }
  return step.value
}
