/** A task and the lock-out guard of the host it acts on: armed before it, proven after it. */
import { VpaiError } from '../base/error.ts'
import type { ChangeReport } from '../base/event.ts'
import type { GuardKeyword } from '../config/guard-keyword.ts'
import type { Verdict } from '../modules/contract.ts'
import type { Attempt } from './attempt.ts'
import type { Actor } from './door.ts'
import { guardKeyword, guardPlan } from './guard-plan.ts'
import type { HostState } from './host-state.ts'
import { type GuardPlan, LockOut, type WayIn } from './lock-out.ts'
import type { Outcome } from './outcome.ts'
import type { Identity } from './ports.ts'
import type { Setting } from './prepare.ts'
import { prove } from './prove.ts'
import type { TaskRun } from './run-task.ts'
import { warn } from './world.ts'

export interface Guarding {
  readonly keyword: GuardKeyword | false
  readonly way: WayIn
}

/** A guard that is going to be armed. */
export interface Armed {
  readonly plan: GuardPlan
  /** Resolves when the request is on its way; `answer` when it is armed. */
  send(chain: string): Promise<{ readonly answer: Promise<void> }>
}

export function guardingOf(
  { connections }: TaskRun,
  at: { setting: Setting; target: HostState; identity: Identity; actor: Actor },
): Guarding {
  const { setting, target, identity, actor } = at
  return {
    keyword: guardKeyword(setting),
    way: {
      hostName: target.name,
      login: target.loginUser ?? '',
      session: actor.session,
      loginAnew: via => connections.loginAnew(target, setting, { identity, via }),
      drop: () => connections.drop(target),
    },
  }
}

/** null: it needs none, or cannot have one, which is told. */
export async function guardFor(
  { world, ready, actor, guarding, snapshot, detach }: Attempt,
  verdict: Verdict,
): Promise<Armed | null> {
  const { keyword, way } = guarding
  const { host, position, taskName } = actor
  const plan = snapshot ? guardPlan(ready, verdict, { keyword, host }) : null
  if (plan === null) return null
  if (detach)
    throw new VpaiError('GUARD_ASYNC', `${taskName}: guard cannot be joined with async`, { position })
  const session = await actor.session()
  if (session.hello.uid !== 0) {
    const message = `${taskName}: may lock us out of ${host.name} and is not guarded, because it does not run as root`
    if (keyword !== false && keyword.always)
      throw new VpaiError('GUARD_NEEDS_ROOT', message, { hint: 'It needs `become: true`.', position })
    if (!host.lockOut) warn(world, message, { host: host.name, position })
    return null
  }
  return {
    plan,
    async send(chain) {
      host.lockOut ??= new LockOut(world, way)
      return { answer: host.lockOut.arm(await actor.session(), plan, chain) }
    },
  }
}

/** For check mode. */
export function guardNote(guard: Armed | null): readonly ChangeReport[] {
  if (guard === null) return []
  const { areas, keyword } = guard.plan
  const to = `undone by the host unless one can log in within ${keyword.withinS} s`
  return [{ what: 'lock-out guard', subject: areas.join(', ') || 'guard', from: null, to }]
}

/** Does the work, and then logs in anew to every host on which it armed a guard. */
export async function proven(run: TaskRun, work: () => Promise<Outcome>): Promise<Outcome> {
  const { world } = run.place
  let outcome: Outcome | null = null
  let failure: unknown = null
  try {
    outcome = await work()
  } catch (error) {
    failure = error
  }
  for (const host of run.atRisk) {
    const holds = host === run.place.host && waitsForHandlers(run, outcome)
    await host.exclusive(() => prove(world, host, { holds, failure }))
  }
  if (outcome === null) throw failure
  return outcome
}

function waitsForHandlers({ task, place: { host } }: TaskRun, outcome: Outcome | null): boolean {
  if (host.notifications.size > 0 || host.notified.size > 0) return true
  const isFine = outcome?.status === 'ok' || outcome?.status === 'changed'
  return isFine && task.notify.length > 0 && outcome.result.changed === true
}
