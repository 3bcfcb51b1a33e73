/** changed_when of what check mode does not run: a condition that does not look at the result is known before. */
import { type Dict, Unknown } from '../base/value.ts'
import { UnknownValueError } from '../template/index.ts'
import { type Outcome, unrunOutcome } from './outcome.ts'
import { settingOf } from './prepare.ts'
import type { TaskRun } from './run-task.ts'

export function judgedUnrun(
  { task, place }: TaskRun,
  { locals, outcome, summary }: { locals: Dict; outcome: Outcome; summary: string },
): Outcome {
  if (!task.changedWhen) return outcome
  const unknown = task.register ? { [task.register]: new Unknown(outcome.reason ?? summary) } : {}
  const { templar } = settingOf(place, task, { locals: { ...locals, ...unknown }, ahead: false })
  try {
    return unrunOutcome(
      summary,
      task.changedWhen.every(condition => templar.condition(condition)),
    )
  } catch (error) {
    if (error instanceof UnknownValueError) return unrunOutcome(summary, undefined)
    throw error
  }
}
