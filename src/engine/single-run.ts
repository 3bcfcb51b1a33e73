/** Tasks that are one command on the host (command, shell, script, raw): what is sent, and what came of it. */
import type { Dict } from '../base/value.ts'
import type { Output, RunAction, Steps, Verdict } from '../modules/contract.ts'
import { actionFailure } from './change-outcome.ts'
import { ActionFailed, type Actor, type Deed } from './door.ts'
import { failedOutcome, type Outcome, okOutcome, skippedOutcome } from './outcome.ts'
import type { Ready } from './prepare.ts'
import { type World, warn } from './world.ts'

export interface SingleRun {
  readonly action: RunAction
  /** Stands at its action. */
  readonly steps: ReturnType<Steps>
}

/** null: it is not known ahead to be one command and nothing else. */
export function singleRun(verdict: Verdict): SingleRun | null {
  if (verdict.kind !== 'opaque') return null
  const steps = verdict.apply()
  const first = steps.next()
  if (first.done || first.value.do !== 'run' || first.value.about === undefined) return null
  return { action: first.value, steps }
}

export function deedOf({ action }: SingleRun): Deed {
  return { action, mayStop: true }
}

export async function runOutcome(
  world: World,
  { run, ready, actor }: { run: SingleRun; ready: Ready; actor: Actor },
  output: Promise<Output>,
): Promise<Outcome> {
  try {
    const last = run.steps.next(await output)
    if (!last.done) throw new Error(`${ready.module.name} has more to do than its one command`)
    tellWarnings(world, actor, last.value.warnings)
    return outcomeOfResult(last.value)
  } catch (error) {
    if (!(error instanceof ActionFailed)) throw error
    return actionFailure(error, undefined)
  }
}

export function tellWarnings(world: World, actor: Actor, warnings: unknown): void {
  if (!Array.isArray(warnings) || actor.isSilent) return
  for (const text of warnings) warn(world, String(text), { host: actor.host.name, position: actor.position })
}

export function outcomeOfResult(result: Dict): Outcome {
  // What it did before it failed is not known: it counts as changed where failed_when calls it fine.
  const ran = { changed: result.changed !== false, ...result }
  if (result.failed === true) return failedOutcome(String(result.msg ?? 'failed'), ran)
  if (result.skipped === true)
    return skippedOutcome(String(result.skip_reason ?? result.msg ?? 'skipped'), result)
  return okOutcome(result, result.changed !== false)
}
