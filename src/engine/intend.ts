/** Asks whoever watches the run whether a task may do what it decided to do. */
import type { Verdict } from '../modules/contract.ts'
import type { TaskRun } from './run-task.ts'

/** Throws what the witness throws. */
export function intend({ place, task, handler }: TaskRun, verdict: Verdict): void {
  const { world, host, frame } = place
  if (world.witness === undefined || (verdict.kind !== 'change' && verdict.kind !== 'opaque')) return
  const { within } = frame
  world.witness.intends({ host: host.name, taskId: task.id, isHandler: handler, within }, verdict)
}
