/** One try of one task (or item) on one host: look, decide, and outside check mode act. */

import { VpaiError } from '../base/error.ts'
import type { Dict } from '../base/value.ts'
import { withPreFlight } from '../guard/pre-flight.ts'
import type { Action, Output, Verdict } from '../modules/contract.ts'
import type { Key } from '../probes/contract.ts'
import type { Detach } from './async.ts'
import { Chain, deedsOf, pursuitOfAll, resultOf, sendDeeds } from './chain.ts'
import { actionFailure, type ChangeVerdict, changeOutcome, tellChange } from './change-outcome.ts'
import { decided, lookedUp, MAX_ROUNDS } from './decide.ts'
import { keepForLater, runDetached } from './detached.ts'
import { type Actor, type Deed, guardArguments, perform, StaleError } from './door.ts'
import { type Behind, type Foreseen, MAX_LINKS, NOTHING_FORESEEN } from './foresee.ts'
import { type Armed, type Guarding, guardFor, guardNote } from './guarding.ts'
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
import { foreseeFiles, leaveOpen, leaveUndecided, touchedBy } from './pending.ts'
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
  /** What comes after it and can be decided now. */
  readonly follow: (behind: Behind) => Foreseen
  /** Throws when somebody who watches the run does not let it do so. */
  readonly intends: (verdict: Verdict) => void
  /** How a lock-out guard would be armed. */
  readonly guarding: Guarding
  /** Set for tasks with `async`. */
  readonly detach?: Detach | null
}

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
  const keys = [...ready.keys]
  const verdict = await decided(task, keys)
  if (verdict.kind === 'late') return late(task, keys, verdict.reason)
  if ('warnings' in verdict) tellWarnings(world, actor, verdict.warnings)
  task.intends(verdict)
  if (await isKeptFirst(task, verdict)) throw new StaleError()
  switch (verdict.kind) {
    case 'ok':
      return okOutcome(verdict.result ?? {}, false)
    case 'skip':
      return skippedOutcome(verdict.reason, verdict.result)
    case 'fail':
      return failed(task, verdict, keys)
    case 'change':
      return change(task, verdict, keys)
    case 'opaque':
      return opaque(task, verdict)
    case 'ask':
      throw new VpaiError(
        'MODULE_UNDECIDED',
        `${ready.module.name} asked for ${MAX_ROUNDS} rounds without deciding`,
      )
  }
}

/** What a late task looks at, it may change: later tasks that look at the same are late too. */
function late({ actor }: Attempt, keys: readonly Key[], reason: string): Outcome {
  leaveUndecided(actor.host, keys)
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

async function change(task: Attempt, verdict: ChangeVerdict, keys: readonly Key[]): Promise<Outcome> {
  const { world, ready, snapshot } = task
  const { apply } = verdict
  const told = tellChange(world, verdict, ready.context.diff)
  const guard = await guardFor(task, verdict)
  if (ready.context.check) {
    foreseeChange(task, { verdict, keys, isRoot: await isRoot(task) })
    return okOutcome({ ...verdict.result, ...told.diff }, true, [...told.changes, ...guardNote(guard)])
  }
  if (typeof apply !== 'function')
    return changeOutcome(verdict, told, () => performAll(task, { apply, keys, guard }))
  forget(task)
  const outcome = await changeOutcome(verdict, told, () => follow(task, apply, { guard }))
  snapshot?.clear()
  return outcome
}

/** Check mode: what it would leave, for the tasks after it. */
function foreseeChange(
  { actor, snapshot }: Attempt,
  { verdict, keys, isRoot }: { verdict: ChangeVerdict; keys: readonly Key[]; isRoot: boolean },
): void {
  const { apply, touches = [] } = verdict
  const isTold = snapshot !== null && typeof apply !== 'function'
  const told = isTold
    ? foreseeFiles(actor.host, apply, { keys, seen: snapshot.seen(actor.identity), isRoot })
    : new Set<string>()
  const altered = [...touches, ...touchedBy(apply)]
  leaveOpen(
    actor.host,
    altered.filter(key => !('path' in key && told.has(key.path))),
  )
}

/** Actions known in advance go out together; behind them what follows from them, and a look at what comes next. */
async function performAll(
  task: Attempt,
  { apply, keys, guard }: { apply: readonly Action[]; keys: readonly Key[]; guard: Armed | null },
): Promise<Dict> {
  const { actor, snapshot } = task
  const actions = guard ? apply.map(withPreFlight) : apply
  const deeds = deedsOf(actions, snapshot?.seen(actor.identity) ?? null, actor.host)
  const foreseen = guard ? NOTHING_FORESEEN : task.follow({ actions, keys, isRoot: await isRoot(task) })
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
  const foreseen = guard
    ? NOTHING_FORESEEN
    : task.follow({ actions: null, keys: [], isRoot: await isRoot(task) })
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
