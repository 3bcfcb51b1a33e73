/** async and poll: how long a task may take. Nothing runs on a host that nobody waits for. */
import { VpaiError } from '../base/error.ts'
import type { Value } from '../base/value.ts'
import type { Setting } from './prepare.ts'

/** `poll: 0` starts something and looks away; run in step instead it could hang the play for ever. */
export function refuseDetached(setting: Setting): void {
  const { task } = setting
  if (asyncOf(setting) === 0 || task.poll === undefined || numberOf(setting, task.poll) !== 0) return
  throw new VpaiError(
    'ASYNC_DETACHED',
    'poll: 0 leaves the task running, and vpai waits for what it starts',
    {
      hint: 'Leave out `poll: 0` to wait up to `async` seconds, or make it a service of systemd.',
      position: task.position,
    },
  )
}

/** The shorter of timeout and async, which waits for its task as poll above 0 does; 0 for no end. */
export function secondsFor(setting: Setting): number {
  const limits = [asyncOf(setting), numberOf(setting, setting.place.frame.nearest.timeout)]
  const given = limits.filter(seconds => seconds > 0)
  return given.length === 0 ? 0 : Math.min(...given)
}

function asyncOf(setting: Setting): number {
  return numberOf(setting, setting.task.async)
}

function numberOf({ templar }: Setting, value: Value | undefined): number {
  return value === undefined ? 0 : Number(templar.value(value))
}
