/** Who carries out the actions of a task on a host. */
import { secondsFor } from './async.ts'
import type { Actor } from './door.ts'
import type { HostState } from './host-state.ts'
import type { Identity } from './ports.ts'
import { environmentOf, type Setting } from './prepare.ts'
import type { TaskRun } from './run-task.ts'
import { isSilent } from './task-report.ts'

export function actorOf(
  run: TaskRun,
  { setting, target, identity }: { setting: Setting; target: HostState; identity: Identity },
): Actor {
  const { connections, task } = run
  return {
    host: target,
    identity,
    session: async () => (await connections.reach(target, setting)).host.session(identity),
    reconnect: action => connections.redial(target, setting, action),
    taskId: task.id,
    taskName: String(task.name ?? task.module),
    position: task.position,
    isSilent: isSilent(run),
    environment: environmentOf(setting),
    timeoutS: secondsFor(setting),
    record: async () => (isController(run) ? null : (await connections.reach(target, setting)).record),
    notifies: () => notified(setting),
    isLook: task.changedWhen?.length === 1 && task.changedWhen[0] === false,
  }
}

function isController({ place, task }: TaskRun): boolean {
  return place.world.module(task.module)?.controller === true
}

/** A name that hangs on what the task returns is known too late to be noted before. */
export function notified({ task, templar }: Setting): readonly string[] {
  try {
    return task.notify.flatMap(one => templar.value(one)).map(String)
  } catch {
    return []
  }
}
