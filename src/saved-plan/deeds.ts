/** What a task is about to do, as digests: the same in the plan and in the deploy that keeps to it. */
import type { Intent } from '../engine/world.ts'
import type { PlanKey } from './plan-key.ts'
import { stableText } from './stable-text.ts'

export function taskIdOf({ digest }: PlanKey, task: string): string {
  return digest('task', task)
}

/** What was there before is no part of it: the looks tell whether that moved. */
export function intentDigests({ digest }: PlanKey, intent: Intent): string[] {
  if (intent.kind === 'opaque') return [digest('run', intent.summary)]
  return intent.changes.map(({ what, subject, to }) => digest('change', what, subject, stableText(to)))
}
