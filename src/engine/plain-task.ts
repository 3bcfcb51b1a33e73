/** Which tasks can be decided and sent before their turn, by what is written. */
import type { Task } from '../config/model.ts'
import type { Verdict } from '../modules/contract.ts'
import type { Frame } from './frame.ts'

/** No retries, no other host or user or connection. */
export function isPlain(task: Task, { nearest, vars }: Frame, head: Frame): boolean {
  const { until, retries, async, loop } = task
  const own = [until, retries, async, loop?.control.pause, loop?.control.breakWhen]
  const here = [nearest.delegateTo, nearest.runOnce, nearest.throttle, nearest.timeout]
  if ([...own, ...here].some(one => one !== undefined)) return false
  if (SAME.some(name => nearest[name] !== head.nearest[name])) return false
  return !vars.some(layer => Object.keys(layer).some(name => name.startsWith('ansible_')))
}

const SAME = ['checkMode', 'remoteUser', 'port', 'connection'] as const

/** What it does is not all that decides how it ends. */
export function judgesItself({ changedWhen, failedWhen }: Task): boolean {
  return changedWhen !== undefined || failedWhen !== undefined
}

export function warns(verdict: Verdict): boolean {
  return 'warnings' in verdict && verdict.warnings !== undefined && verdict.warnings.length > 0
}

/** Something may be sent behind this command: when it fails, the host itself notices. */
export function mayFollow({ failedWhen }: Task): boolean {
  return failedWhen === undefined || failedWhen.every(condition => condition === false)
}
