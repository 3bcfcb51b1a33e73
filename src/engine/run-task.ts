/** A task on one host from `when` to `register`: loop, retries, own conditions, result. */
import { VpaiError } from '../base/error.ts'
import type { Dict, Value } from '../base/value.ts'
import type { Task } from '../config/model.ts'
import type { Verdict } from '../modules/contract.ts'
import { UnknownValueError } from '../template/index.ts'
import { actorOf } from './actor.ts'
import { detachOf } from './async.ts'
import { attempt } from './attempt.ts'
import { followLink } from './chain.ts'
import { declaring, noteDeclared, noteEnded } from './declared.ts'
import { type Behind, foresee, NOTHING_FORESEEN, type RestItem } from './foresee.ts'
import { guarded, isUnreachable } from './guarded.ts'
import { guardingOf, proven } from './guarding.ts'
import type { HostState } from './host-state.ts'
import { intend } from './intend.ts'
import { keep, keepItem } from './keep.ts'
import type { Lookahead } from './lookahead.ts'
import { itemsOf, labelOf, localsOf } from './loop.ts'
import { Meter } from './meter.ts'
import { loopOutcome, type Outcome, skippedOutcome } from './outcome.ts'
import { leaveTaskOpen } from './pending.ts'
import { firstFalse, prepare, type Setting, settingOf } from './prepare.ts'
import { type Connections, identityOf } from './reach.ts'
import { reporter, taskName } from './task-report.ts'
import { judgedUnrun } from './unrun.ts'
import type { Place } from './variables.ts'

export interface TaskRun {
  /** Of the task on this host. */
  readonly meter: Meter
  readonly place: Place
  readonly task: Task
  readonly connections: Connections
  readonly lookahead: Lookahead
  readonly handler: boolean
  /** Which item of its loop it is about, and those that come after it. */
  readonly item?: number
  readonly rest?: readonly RestItem[]
  /** Hosts that it acts on, which may lock us out for it. */
  readonly atRisk: Set<HostState>
}

/** Runs it, records the result on the host and tells the listeners. Throws only what is a bug or an interrupt. */
export async function runTask(written: Omit<TaskRun, 'meter' | 'atRisk'>): Promise<Outcome> {
  const { clock } = written.place.world
  const run: TaskRun = { ...written, meter: new Meter(() => clock.now()), atRisk: new Set() }
  const report = reporter(run)
  const outcome = await guarded(run, () => proven(run, () => wholeTask(run)))
  keep(run, outcome)
  noteEnded(run, outcome)
  report(outcome, null)
  return outcome
}

async function wholeTask(run: TaskRun): Promise<Outcome> {
  const { place, task } = run
  const setting = settingOf(place, task, { locals: {}, ahead: false })
  const { loop } = task
  if (!loop) return keptItem(run, {})
  // Conditions without the item decide first, so that a skipped task may loop over what is not there.
  const items = loopItems(setting)
  if (!Array.isArray(items)) return items as Outcome
  const outcomes: Outcome[] = []
  const report = reporter(run)
  const all = items.map((_item, index) => ({ index, locals: localsOf(loop, items, index, setting.templar) }))
  for (const { index, locals } of all) {
    const one = { ...run, item: index, rest: all.slice(index + 1) }
    const started = place.world.clock.now()
    const outcome = withLocals(await guarded(one, () => keptItem(one, locals)), locals)
    const label = settingOf(place, task, { locals, ahead: false }).templar
    report(outcome, labelOf(loop, label, items[index] as Value), { startedAt: started, locals })
    outcomes.push(outcome)
    if (outcome.status === 'unreachable') break
    if (await leavesLoop(run, { locals, outcome, last: index === items.length - 1 })) break
  }
  return loopOutcome(outcomes)
}

function loopItems(setting: Setting): readonly Value[] | Outcome {
  try {
    return itemsOf(setting) ?? []
  } catch (error) {
    const skip = skipsAnyway(setting)
    if (skip) return skip
    throw error
  }
}

function skipsAnyway(setting: Setting): Outcome | null {
  try {
    const condition = firstFalse(setting)
    return condition === null ? null : skippedOutcome(condition)
  } catch {
    // A condition on the item cannot be told without items: the loop's own error is the one to show.
    return null
  }
}

async function leavesLoop(
  run: TaskRun,
  at: { locals: Dict; outcome: Outcome; last: boolean },
): Promise<boolean> {
  const { task, place } = run
  const control = task.loop?.control
  if (!control || at.last) return false
  const { templar } = settingOf(place, task, {
    locals: { ...at.locals, ...registered(task, at.outcome) },
    ahead: false,
  })
  if (control.breakWhen?.some(condition => templar.condition(condition))) return true
  if (control.pause !== undefined)
    await run.meter.spend(
      'wait',
      place.world.clock.sleep(Number(templar.value(control.pause)) * 1000, place.world.signal),
    )
  return false
}

/** The item, its index and place in the loop are registered with its result. */
function withLocals(outcome: Outcome, locals: Dict): Outcome {
  return { ...outcome, result: { ...outcome.result, ...locals } }
}

async function keptItem(run: TaskRun, locals: Dict): Promise<Outcome> {
  const outcome = keepItem(run, locals, await oneItem(run, locals))
  noteDeclared(run, locals, outcome)
  return outcome
}

async function oneItem(run: TaskRun, locals: Dict): Promise<Outcome> {
  const { place, task } = run
  const setting = settingOf(place, task, { locals, ahead: false })
  const condition = firstFalseOrOpen(run, setting)
  if (condition !== null) return skippedOutcome(condition, { false_condition: condition })
  const isTried = task.until !== undefined || task.retries !== undefined
  const retries = isTried ? retriesOf(setting) : 0
  const delayS = Number(setting.templar.value(task.delay ?? 5))
  for (let number = 1; ; number++) {
    const outcome = judged(run, locals, await oneAttempt(run, setting))
    if (!isTried || outcome.unrun !== undefined || ['late', 'skipped'].includes(outcome.status))
      return outcome
    const counted = { ...outcome, result: { ...outcome.result, attempts: number } }
    if (untilHolds(run, { locals, outcome: counted })) return counted
    if (number > retries) return task.until ? gaveUp(counted, number) : counted
    place.world.emit({
      type: 'task.retry',
      host: place.host.name,
      name: place.world.secrets.mask(taskName(run)),
      attempt: number,
      retries,
      delayS,
    })
    await run.meter.spend('wait', place.world.clock.sleep(delayS * 1000, place.world.signal))
    place.host.forget()
    place.host.lookNear()
  }
}

function firstFalseOrOpen(run: TaskRun, setting: Setting): string | null {
  try {
    return firstFalse(setting)
  } catch (error) {
    if (error instanceof UnknownValueError) {
      const target = targetOf(run, setting)
      leaveTaskOpen(target, () => prepare(setting, identityOf(setting, target), target))
    }
    throw error
  }
}

/** Further tries after the first; left out, it is three tries in all. */
function retriesOf({ task, templar }: Setting): number {
  const given = task.retries === undefined ? 2 : Number(templar.value(task.retries))
  if (Number.isNaN(given))
    throw new VpaiError('TASK_RETRIES', 'retries is not a number', { position: task.position })
  return Math.max(0, given)
}

function gaveUp(outcome: Outcome, attempts: number): Outcome {
  const reason = outcome.reason ?? `the condition of until did not come true in ${attempts} attempts`
  return {
    ...outcome,
    status: 'failed',
    reason,
    result: { ...outcome.result, failed: true, msg: outcome.result.msg ?? reason },
  }
}

function untilHolds({ task, place }: TaskRun, at: { locals: Dict; outcome: Outcome }): boolean {
  if (!task.until) return at.outcome.status !== 'failed'
  const { templar } = settingOf(place, task, {
    locals: { ...at.locals, ...registered(task, at.outcome) },
    ahead: false,
  })
  return task.until.every(condition => templar.condition(condition))
}

function registered(task: Task, outcome: Outcome): Dict {
  return task.register ? { [task.register]: outcome.result } : {}
}

async function oneAttempt(run: TaskRun, setting: Setting): Promise<Outcome> {
  const target = targetOf(run, setting)
  try {
    return await attemptOn(run, setting, target)
  } catch (error) {
    // What is left of a connection that broke off would fail every task after it as well.
    if (isUnreachable(error)) await run.connections.drop(target)
    throw error
  }
}

async function attemptOn(run: TaskRun, setting: Setting, target: HostState): Promise<Outcome> {
  const { place, connections, lookahead, meter, task } = run
  const { world } = place
  const controller = world.module(task.module)?.controller === true
  const detach = detachOf(setting)
  const reached = controller ? null : await meter.spend('connect', connections.reach(target, setting))
  const sent = controller ? null : await alreadySent(run, target)
  if (sent) return sent
  if (target.lockOut?.isProven) await target.lockOut.keepUp()
  const identity = identityOf(setting, target)
  const ready = prepare(setting, identity, target)
  const actor = actorOf(run, { setting, target, identity })
  const isOwn = target === place.host
  // Only the task's own host is looked at ahead: another host's snapshot serves that host's tasks.
  const ahead = (reach: number, past?: number) => (isOwn ? lookahead.keys(run, identity, reach, past) : [])
  const snapshot = reached?.snapshot ?? null
  const follow = (after: Behind) =>
    isOwn && snapshot ? foresee(run, { identity, snapshot, ...after }) : NOTHING_FORESEEN
  const intends = (verdict: Verdict) => intend(run, verdict)
  run.atRisk.add(target)
  const guarding = guardingOf(run, { setting, target, identity, actor })
  const outcome = await target.exclusive(() =>
    attempt({ world, meter, actor, snapshot, ready, ahead, follow, intends, guarding, detach }),
  )
  return declaring(target, ready, outcome)
}

/** The outcome of a task that went out behind an earlier one; null when it did not, or was not done. */
async function alreadySent(
  { place, task, item, meter }: TaskRun,
  target: HostState,
): Promise<Outcome | null> {
  const { chain } = target
  if (chain === null || target !== place.host) return null
  target.chain = null
  const sent = chain.take(task, item ?? null)
  const outcome = sent && (await meter.spend(sent.pursuit, followLink(sent)))
  if (sent === null || outcome === null) {
    target.chainBroke()
    // What was on its way has come to its end: nothing new begins after an interrupt.
    place.world.signal.throwIfAborted()
    return null
  }
  if (outcome.status === 'failed') return outcome
  if (chain.isDone) target.chainHeld()
  else target.chain = chain
  return declaring(target, sent.ready, outcome)
}

function targetOf({ place }: TaskRun, setting: Setting): HostState {
  const raw = place.frame.nearest.delegateTo
  if (raw === undefined) return place.host
  const name = String(setting.templar.value(raw))
  return place.play.hostState(name)
}

/** changed_when and failed_when, with the result under its registered name. */
function judged(run: TaskRun, locals: Dict, outcome: Outcome): Outcome {
  const { task, place } = run
  if (outcome.unrun !== undefined) return judgedUnrun(run, { locals, outcome, summary: outcome.unrun })
  if (outcome.status === 'skipped' || outcome.status === 'late' || (!task.changedWhen && !task.failedWhen))
    return outcome
  const { templar } = settingOf(place, task, {
    locals: { ...locals, ...registered(task, outcome) },
    ahead: false,
  })
  let { status, result, reason } = outcome
  if (task.changedWhen) {
    const changed = task.changedWhen.every(condition => templar.condition(condition))
    result = { ...result, changed }
    if (status === 'ok' || status === 'changed') status = changed ? 'changed' : 'ok'
  }
  if (task.failedWhen) {
    const failed = task.failedWhen.every(condition => templar.condition(condition))
    result = { ...result, failed, failed_when_result: failed }
    if (failed) {
      status = 'failed'
      reason ??= `failed_when: ${task.failedWhen.map(String).join(' and ')}`
    } else if (status === 'failed') {
      status = result.changed === true ? 'changed' : 'ok'
      reason = null
    }
  }
  return { ...outcome, status, result, reason }
}
