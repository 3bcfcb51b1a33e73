/** A change as it is told: what it alters, its diff, and what came of making it. */
import type { Dict, Value } from '../base/value.ts'
import type { Change, Verdict } from '../modules/contract.ts'
import { reportChanges } from './diff.ts'
import { ActionFailed } from './door.ts'
import { hideDigestsOfChange } from './hide-digests.ts'
import { failedOutcome, type Outcome, okOutcome } from './outcome.ts'
import type { World } from './world.ts'

export type ChangeVerdict = Extract<Verdict, { kind: 'change' }>

export interface Told {
  readonly changes: Outcome['changes']
  /** Part of the result with --diff. */
  readonly diff: Dict
}

export function tellChange(world: World, verdict: ChangeVerdict, wantsDiff: boolean): Told {
  if (typeof verdict.apply !== 'function') hideDigestsOfChange(world.secrets, verdict.changes, verdict.apply)
  const changes = reportChanges(verdict.changes, wantsDiff, text => world.secrets.mask(text))
  const diff: Dict = wantsDiff && changes.some(one => one.diff) ? { diff: diffValue(verdict.changes) } : {}
  return { changes, diff }
}

/** `make` carries it out and gives what belongs into the result. */
export async function changeOutcome(
  verdict: ChangeVerdict,
  { changes, diff }: Told,
  make: () => Promise<Dict>,
): Promise<Outcome> {
  try {
    const result = await make()
    const whole = { ...verdict.result, ...result, ...diff }
    if (result.failed === true) return { ...failedOutcome(String(result.msg ?? 'failed'), whole), changes }
    return okOutcome(whole, result.changed !== false, changes)
  } catch (error) {
    return { ...actionFailure(error, verdict.result), changes }
  }
}

/** An action that failed, as the failure of its task; other errors go on. */
export function actionFailure(error: unknown, known: Dict | undefined): Outcome {
  if (!(error instanceof ActionFailed)) throw error
  const { code, stdout, stderr } = error.output
  return failedOutcome(error.message, { ...known, rc: code, stdout, stderr })
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
