/** async and poll: how long a task may take, and whether somebody waits for it. */
import { VpaiError } from '../base/error.ts'
import type { Value } from '../base/value.ts'
import type { Setting } from './prepare.ts'

/** A task that runs as a job of its own on the host. */
export interface Detach {
  readonly jid: string
  /** Seconds the job may take. */
  readonly limitS: number
  /** Seconds between two looks at it; 0: nobody looks. */
  readonly pollS: number
}

const POLL_S = 10

/** null: the task is an ordinary one. Throws ASYNC_HERE for what happens on this machine. */
export function detachOf(setting: Setting): Detach | null {
  const { task, place } = setting
  if (asyncOf(setting) <= 0) return null
  if (place.world.module(task.module)?.controller === true) {
    throw new VpaiError('ASYNC_HERE', `async is not supported for ${task.module}: it runs on this machine`, {
      hint: 'Leave out async and poll.',
      position: task.position,
    })
  }
  const pollS = task.poll === undefined ? POLL_S : Math.max(0, numberOf(setting, task.poll))
  return { jid: `j${place.world.token(16)}`, limitS: Math.ceil(secondsFor(setting)), pollS }
}

/** The shorter of timeout and async; 0 for no end. */
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
