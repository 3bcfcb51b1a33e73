/**
 * Tasks that follow a change and are decided and sent with it, without waiting: each behind a guard with which the
 * host makes sure that what the decision was based on holds. The first that fails, or whose guard does, ends the
 * chain: what comes after it is not done, and is decided anew when its turn comes.
 */
import { bundlesOf, type Precondition, preconditionOf } from '../actions/index.ts'
import { VpaiError } from '../base/error.ts'
import type { Dict } from '../base/value.ts'
import type { Task } from '../config/model.ts'
import type { Action, Output, Verdict } from '../modules/contract.ts'
import type { Key, Seen } from '../probes/contract.ts'
import { type ChangeVerdict, changeOutcome, tellChange } from './change-outcome.ts'
import { type Actor, type Deed, perform, SkippedError, StaleError } from './door.ts'
import type { HostState } from './host-state.ts'
import { type Pursuit, pursuitOf } from './meter.ts'
import { type Outcome, okOutcome } from './outcome.ts'
import type { Ready } from './prepare.ts'
import { deedOf, runOutcome, type SingleRun } from './single-run.ts'
import type { Snapshot } from './snapshot.ts'
import type { World } from './world.ts'

interface Sendable {
  readonly task: Task
  /** Which item of its loop; null without one. */
  readonly item: number | null
  readonly ready: Ready
  readonly actor: Actor
}

export type Link =
  /** It looks, and changes nothing; all it was decided by is looked at in its place in the chain. */
  | (Sendable & { readonly kind: 'look'; readonly keys: readonly Key[]; readonly guard: string })
  | (Sendable & {
      readonly kind: 'change'
      readonly guard: string
      readonly verdict: ChangeVerdict
      readonly deeds: readonly Deed[]
    })
  /** Nobody knows what it brings: what comes after it stands behind guards that find out. */
  | (Sendable & { readonly kind: 'run'; readonly run: SingleRun })
  /** Tasks that have nothing to do as long as what was seen is there. */
  | {
      readonly kind: 'calm'
      readonly actor: Actor
      readonly guard: string
      readonly tasks: readonly CalmTask[]
    }

export interface CalmTask {
  readonly task: Task
  readonly item: number | null
  readonly ready: Ready
  readonly outcome: Outcome
}

interface Sent {
  readonly task: Task
  readonly item: number | null
  readonly ready: Ready
  readonly actor: Actor
  /** What waiting for it is. */
  readonly pursuit: Pursuit
  readonly outcome: () => Promise<Outcome>
}

export class Chain {
  readonly id: string
  readonly #sent: Sent[] = []

  constructor(id: string) {
    this.id = id
  }

  async send(world: World, snapshot: Snapshot, links: readonly Link[]): Promise<void> {
    for (const link of links) this.#sent.push(...(await this.#sendOne(world, snapshot, link)))
  }

  async #sendOne(world: World, snapshot: Snapshot, link: Link): Promise<readonly Sent[]> {
    const { actor } = link
    switch (link.kind) {
      case 'calm': {
        const held = snapshot.holds(await actor.session(), { guard: link.guard, chain: this.id })
        held.catch(() => undefined)
        return link.tasks.map(({ outcome, ...one }) => ({
          ...one,
          actor,
          pursuit: 'probe',
          outcome: async () => {
            await held
            return outcome
          },
        }))
      }
      case 'look': {
        const { keys, guard, ready } = link
        const seen = snapshot.look(await actor.session(), keys, { guard, chain: this.id })
        seen.catch(() => undefined)
        return [{ ...link, pursuit: 'probe', outcome: async () => looked(ready, await seen) }]
      }
      case 'change': {
        const { verdict, ready, guard } = link
        const deeds = link.deeds.map((deed, index) => (index === 0 ? { ...deed, guard } : deed))
        const outputs = await sendDeeds(world, actor, this.id, deeds)
        const outcome = () =>
          changeOutcome(verdict, tellChange(world, verdict, ready.context.diff), () =>
            resultOf(deeds, outputs),
          )
        return [{ ...link, pursuit: pursuitOfAll(deeds), outcome }]
      }
      case 'run': {
        const [output] = await sendDeeds(world, actor, this.id, [deedOf(link.run)])
        return [
          { ...link, pursuit: 'act', outcome: () => runOutcome(world, link, output as Promise<Output>) },
        ]
      }
    }
  }

  get isDone(): boolean {
    return this.#sent.length === 0
  }

  /** What was sent for this task; null when the chain holds nothing more. Throws when it was sent out of turn. */
  take(task: Task, item: number | null): Sent | null {
    const sent = this.#sent.shift()
    if (sent === undefined) return null
    if (sent.task === task && sent.item === item) return sent
    throw new VpaiError('CHAIN_OUT_OF_TURN', `${sent.actor.taskName} was sent before its turn`, {
      position: sent.actor.position,
    })
  }
}

/** In their order; resolves when the last is on its way. */
export async function sendDeeds(
  world: World,
  actor: Actor,
  chain: string,
  deeds: readonly Deed[],
): Promise<Promise<Output>[]> {
  const outputs: Promise<Output>[] = []
  for (const deed of deeds) {
    let isSent = false
    let onItsWay = () => undefined
    const waiting = new Promise<undefined>(resolve => {
      onItsWay = () => {
        resolve(undefined)
        return undefined
      }
    })
    const sent = () => {
      isSent = true
      onItsWay()
    }
    const output = perform(world, actor, { ...deed, chain, sent })
    output.then(onItsWay, onItsWay)
    await waiting
    outputs.push(output)
    if (isSent) continue
    // Refused before it was sent: what comes after it must not be done either.
    const skipped = deeds.slice(outputs.length).map(() => Promise.reject(new SkippedError()))
    for (const one of skipped) one.catch(() => undefined)
    return [...outputs, ...skipped]
  }
  return outputs
}

/** What came of it; null when the chain had ended before it, so that it has to be done in the usual way. */
export async function followLink(sent: Sent): Promise<Outcome | null> {
  try {
    return await sent.outcome()
  } catch (error) {
    if (error instanceof StaleError || error instanceof SkippedError) return null
    throw error
  }
}

function looked({ module, args, context }: Ready, seen: Seen): Outcome {
  const verdict: Verdict = module.decide(args, seen, context)
  if (verdict.kind === 'ok') return okOutcome(verdict.result ?? {}, false)
  throw new VpaiError('CHAIN_UNFORESEEN', `${module.name} decided otherwise than it was foreseen`)
}

/** Outputs of deeds in their order; the first that failed is thrown. */
export async function resultOf(deeds: readonly Deed[], outputs: readonly Promise<Output>[]): Promise<Dict> {
  let result: Dict = {}
  for (const [index, { action }] of deeds.entries()) {
    const { stdout, stderr } = (await outputs[index]) as Output
    if (action.do === 'put' && action.backup && stdout.trim())
      result = { ...result, backup_file: stdout.trim() }
    if (action.do === 'run' && action.returnsOutput) result = { ...result, stdout, stderr }
  }
  return result
}

/** Waiting for several is waiting for the heaviest: a file among them is what takes time. */
export function pursuitOfAll(deeds: readonly Deed[]): Pursuit {
  return deeds.some(({ action }) => pursuitOf(action) === 'upload') ? 'upload' : 'act'
}

/** Actions as deeds, together where that can be; where a file goes, what was seen there must still be there. */
export function deedsOf(actions: readonly Action[], seen: Seen | null, host: HostState): Deed[] {
  const bundles = seen && host.takesBundles ? bundlesOf(actions, seen) : null
  if (bundles) return bundles.map(action => ({ action }))
  const touched = new Set<string>()
  return actions.map(action => {
    const isFirst = 'path' in action && !touched.has(action.path)
    if ('path' in action) touched.add(action.path)
    const precondition = action.do === 'put' && isFirst && seen ? preconditionAt(action.path, seen) : null
    return { action, ...(precondition ? { precondition } : {}) }
  })
}

function preconditionAt(path: string, seen: Seen): Precondition | null {
  for (const key of [{ kind: 'path', path } as const, { kind: 'path', path, hash: true } as const]) {
    if (!seen.has(key)) continue
    const found = seen.get(key)
    // What was only foreseen has no inode yet; its guard looks at it.
    return 'inode' in found && found.inode === '' ? null : preconditionOf(found)
  }
  return null
}
