/** Keeps a run to a plan: what a task is about to do stands in it, or could not be known when it was made. */
import { VpaiError } from '../base/error.ts'
import { type Doer, type Intent, RESCUE, type Witness } from '../engine/world.ts'
import { intentDigests, taskIdOf } from './deeds.ts'
import { PLAN_ANEW } from './document.ts'
import type { PlanBody } from './format.ts'
import type { PlanKey } from './plan-key.ts'

/** Of one task on one host. */
interface Leave {
  readonly may: Set<string>
  /** Known after apply. */
  isFree: boolean
}

export class PlanBound implements Witness {
  readonly #key: PlanKey
  readonly #place: (file: string) => string
  readonly #hosts: ReadonlyMap<string, ReadonlyMap<string, Leave>>

  constructor({ hosts }: PlanBody, { key, place }: { key: PlanKey; place: (file: string) => string }) {
    this.#key = key
    this.#place = place
    this.#hosts = new Map(hosts.map(({ id, tasks }) => [id, leaves(tasks)]))
  }

  looked(): void {
    // Compared as a whole before the run; from then on tasks look for themselves.
  }

  answered(): void {
    // As above.
  }

  /** Throws PLAN_NOT_LISTED. */
  intends(doer: Doer, intent: Intent): void {
    const leaves = this.#hosts.get(this.#key.digest('host', doer.host))
    const leaveOf = (task: string) => leaves?.get(taskIdOf(this.#key, this.#place(task)))
    const own = leaveOf(doer.taskId)
    if (own?.isFree || doer.within.some(one => one === RESCUE || leaveOf(one)?.isFree)) return
    // It runs because a task that was free to do so notified it; listed tasks would have brought it into the plan.
    if (doer.isHandler && own === undefined) return
    const digests = intentDigests(this.#key, intent)
    if (own !== undefined && digests.every(digest => own.may.has(digest))) return
    throw new VpaiError('PLAN_NOT_LISTED', `the saved plan does not list this: ${textOf(intent)}`, {
      hint: `It was not done. A plan does not know of tasks with conditions on ansible_check_mode, nor of what earlier commands bring about. ${PLAN_ANEW}`,
    })
  }
}

/** A task that runs several times on a host may each time do what any of them was to do. */
function leaves(tasks: PlanBody['hosts'][number]['tasks']): ReadonlyMap<string, Leave> {
  const found = new Map<string, Leave>()
  for (const { id, may, status } of tasks) {
    const leave = found.get(id) ?? { may: new Set(), isFree: false }
    for (const one of may) leave.may.add(one)
    leave.isFree ||= status === 'late'
    found.set(id, leave)
  }
  return found
}

function textOf(intent: Intent): string {
  if (intent.kind === 'opaque') return intent.summary
  return intent.changes.map(({ subject, what }) => `${subject}: ${what}`).join('; ')
}
