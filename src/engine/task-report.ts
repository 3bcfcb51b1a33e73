/** Outcomes as events: secrets masked, no_log honoured, names rendered. */
import type { TaskReport } from '../base/event.ts'
import type { Dict, Value } from '../base/value.ts'
import { masked } from './diff.ts'
import { currentUse } from './frame.ts'
import type { Outcome } from './outcome.ts'
import { flag, settingOf } from './prepare.ts'
import type { TaskRun } from './run-task.ts'

type Told = Pick<TaskRun, 'place' | 'task' | 'handler'> & Partial<Pick<TaskRun, 'meter'>>

interface ItemOf {
  readonly startedAt?: number
  /** The variables of the item. */
  readonly locals?: Dict
}

export const CENSORED = 'hidden: the task has no_log'

/** A function that tells one outcome; `item` is a loop item's label, null for the task as a whole. */
export function reporter(run: Told): (outcome: Outcome, item: string | null, of?: ItemOf) => void {
  const { place, task, handler } = run
  const { world } = place
  const started = world.clock.now()
  const silent = isSilent(run)
  return (outcome, item, { startedAt = started, locals = {} } = {}) => {
    const mask = (text: string) => world.secrets.mask(text)
    const report: TaskReport = {
      taskId: task.id,
      name: mask(taskName(run)),
      module: task.module,
      role: currentUse(place.frame)?.role.name ?? null,
      host: place.host.name,
      delegatedTo: delegateOf(run, locals),
      status: outcome.status,
      changes: silent ? [] : outcome.changes,
      result: silent ? censored(outcome.result) : (masked(outcome.result, mask) as Dict),
      reason:
        outcome.reason === null
          ? null
          : silent && outcome.status !== 'skipped'
            ? CENSORED
            : mask(outcome.reason),
      position: task.position,
      elapsedMs: world.clock.now() - startedAt,
      item: item === null ? null : silent ? '(censored)' : mask(item),
      handler,
      ...(world.options.profile && item === null && run.meter ? { spent: run.meter.read() } : {}),
    }
    world.emit({ type: item === null ? 'task.result' : 'task.item', ...report })
  }
}

function censored(result: Dict): Dict {
  const kept: Record<string, Value> = { censored: CENSORED }
  for (const key of ['changed', 'failed', 'skipped', 'unreachable'] as const)
    if (result[key] !== undefined) kept[key] = result[key] as Value
  return kept
}

/** no_log, also where it cannot be told. */
export function isSilent({ place, task }: Omit<Told, 'handler'>): boolean {
  const { noLog } = place.frame.nearest
  if (noLog === undefined) return false
  try {
    return flag(settingOf(place, task, { locals: {}, ahead: true }), noLog, false)
  } catch {
    // What cannot be decided is kept secret.
    return true
  }
}

function delegateOf({ place, task }: Told, locals: Dict): string | null {
  const { delegateTo } = place.frame.nearest
  if (delegateTo === undefined) return null
  try {
    return String(settingOf(place, task, { locals, ahead: true }).templar.value(delegateTo))
  } catch {
    // It depends on the item of a loop: the items tell.
    return null
  }
}

/** Names are templates too, but a name that cannot be rendered must not fail a task. */
export function taskName({ place, task }: Pick<TaskRun, 'place' | 'task'>): string {
  if (task.name === undefined) return task.module
  try {
    return String(settingOf(place, task, { locals: {}, ahead: true }).templar.value(task.name))
  } catch {
    return typeof task.name === 'object' && task.name !== null && 'source' in task.name
      ? String(task.name.source)
      : String(task.name)
  }
}
