/** What is thrown while a task is worked out or done, as an outcome. */
import { ProblemsError, VpaiError } from '../base/error.ts'
import { TemplateError, UnknownValueError } from '../template/index.ts'
import { failedOutcome, lateOutcome, type Outcome } from './outcome.ts'
import { flag, settingOf } from './prepare.ts'
import type { TaskRun } from './run-task.ts'
import { REFUSED } from './world.ts'

type Written = Pick<TaskRun, 'place' | 'task'>

/** Turns what was thrown into an outcome: late, unreachable or failed; then ignore_errors has its say. */
export async function guarded(run: Written, work: () => Promise<Outcome>): Promise<Outcome> {
  const { place } = run
  let outcome: Outcome
  try {
    outcome = await work()
  } catch (error) {
    if (place.world.signal.aborted) throw error
    if (error instanceof VpaiError && error.code === REFUSED) place.host.isRefused = true
    outcome = outcomeOfError(run, error)
  }
  if (place.host.isRefused) return outcome
  if (outcome.status === 'failed' && ignores(run, 'ignoreErrors')) return { ...outcome, status: 'ignored' }
  if (outcome.status === 'unreachable' && ignores(run, 'ignoreUnreachable'))
    return { ...outcome, status: 'ignored' }
  return outcome
}

/** As in Ansible, a user that one may not become is a failed task: the host itself can be reached. */
const UNREACHABLE = /^(SSH_|SESSION_|CONNECTION_|RECONNECT_)/

export function isUnreachable(error: unknown): boolean {
  return error instanceof VpaiError && UNREACHABLE.test(error.code)
}

function outcomeOfError({ place, task }: Written, error: unknown): Outcome {
  if (error instanceof UnknownValueError) return lateOutcome(error.reason)
  if (!(error instanceof VpaiError)) throw error
  const message = place.world.secrets.mask(textOf(error))
  if (isUnreachable(error)) {
    return {
      status: 'unreachable',
      result: { changed: false, unreachable: true, msg: message },
      changes: [],
      reason: message,
    }
  }
  const at = error instanceof TemplateError ? (error.position ?? task.position) : task.position
  return failedOutcome(message, { code: error.code, file: at.file, line: at.line })
}

function ignores({ place, task }: Written, keyword: 'ignoreErrors' | 'ignoreUnreachable'): boolean {
  const value = place.frame.nearest[keyword]
  return value !== undefined && flag(settingOf(place, task, { locals: {}, ahead: true }), value, false)
}

function textOf(error: VpaiError): string {
  if (!(error instanceof ProblemsError)) return error.hint ? `${error.message}\n${error.hint}` : error.message
  return error.problems
    .map(({ message, position: at }) => (at ? `${message} (${at.file}:${at.line})` : message))
    .join('\n')
}
