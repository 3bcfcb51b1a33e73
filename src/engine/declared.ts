/** What each host has by the tasks of a run, and which of them it has it by. Nothing is asked for it. */
import { type Resource, resourceId, resourceText } from '../base/resource.ts'
import type { Dict, Value } from '../base/value.ts'
import { notified } from './actor.ts'
import { currentUse } from './frame.ts'
import type { HostState } from './host-state.ts'
import type { Outcome } from './outcome.ts'
import { type Ready, settingOf } from './prepare.ts'
import type { TaskRun } from './run-task.ts'
import { taskName } from './task-report.ts'

export interface Declared {
  readonly resource: Resource
  /** null: of a play, outside roles. */
  readonly role: string | null
  /** The file that the run was begun with. */
  readonly playbook: string
  readonly taskId: string
  /** Its name, or that of its module; without secrets. */
  readonly task: string
  readonly module: string
  /** Names of the handlers that it notifies when it changes something. */
  readonly notifies: readonly string[]
  /** The host whose task it is: another one where it was delegated. */
  readonly from: string
}

export class Declarations {
  /** By id; the last task that declares it counts. */
  readonly #found = new Map<string, Declared>()

  add(declared: Declared): void {
    const id = resourceId(declared.resource)
    this.#found.delete(id)
    this.#found.set(id, declared)
  }

  /** In the order of the tasks. */
  get all(): readonly Declared[] {
    return [...this.#found.values()]
  }
}

/** With what the task would declare; whether it ends well is judged later. */
export function declaring(host: HostState, { module, args, context }: Ready, outcome: Outcome): Outcome {
  if (module.declares === undefined || !isFine(outcome)) return outcome
  return { ...outcome, declares: { host, resources: module.declares(args, outcome.result, context) } }
}

/** One item, or a task without a loop, has ended. What handlers do follows from tasks, which declare it themselves. */
export function noteDeclared(run: TaskRun, locals: Dict, outcome: Outcome): void {
  const { place, task } = run
  const { secrets } = place.world
  if (outcome.declares === undefined || !isFine(outcome) || run.handler) return
  const { host, resources } = outcome.declares
  if (resources.length === 0) return
  const about = {
    role: currentUse(place.frame)?.role.name ?? null,
    playbook: place.play.playbook,
    taskId: task.id,
    task: secrets.mask(taskName(run)),
    module: task.module,
    notifies: task.notify.length === 0 ? [] : notified(settingOf(place, task, { locals, ahead: true })),
    from: place.host.name,
  }
  for (const resource of resources) {
    // A name that is a secret must not be written down, and cannot be found again without it.
    if (!secrets.taints(`${resourceId(resource)}\0${resourceText(resource)}`))
      host.declarations.add({ ...about, resource })
    if (resource.kind === 'file' && isMade(outcome, resource.path)) host.made.add(resource.path)
  }
}

/** It was not there before. */
function isMade({ changes }: Outcome, path: string): boolean {
  const isStart = (from: Value) => from === null || from === 'absent'
  return changes.some(({ what, subject, from }) => MAKING.has(what) && subject === path && isStart(from))
}

/** What changes of files are called that may make one. */
const MAKING = new Set(['content', 'state', 'link'])

function isFine({ status }: Outcome): boolean {
  return status === 'ok' || status === 'changed'
}
