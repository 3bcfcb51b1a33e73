/** What a run is told that may not act on a host, or cannot keep its record there. */
import { VpaiError } from '../base/error.ts'
import type { OpenRun } from '../record/look.ts'

export function nameOf({ holder }: OpenRun): string {
  const { command = 'a run', user, machine, started } = holder
  const who = [user, machine].filter(one => typeof one === 'string').join(' on ')
  return `“vpai ${String(command)}”${who === '' ? '' : ` of ${who}`}${started === undefined ? '' : `, begun ${String(started)},`}`
}

export function heldBy(open: OpenRun, host: string): VpaiError {
  return new VpaiError('LEASE_HELD', `${nameOf(open)} is at work on ${host}`, {
    hint: '--lock-timeout SECONDS waits for it, `vpai lock` shows it. A run that died gives way by itself within a minute.',
  })
}

export function outOfReach(host: string, { user, folder }: { user: string; folder: string }): VpaiError {
  return new VpaiError('RECORD_OUT_OF_REACH', `${host}: ${user} cannot reach the record of this run`, {
    hint: `Whoever changes something there has to be let into the folders above ${folder} (chmod a+x).`,
  })
}

export function unwritable(host: string, stderr: string): VpaiError {
  return new VpaiError(
    'RECORD_UNWRITABLE',
    `${host}: the record of this run cannot be kept: ${stderr.trim() || 'it cannot be written'}`,
    {
      hint: 'Is the disk full, or mounted read-only? Without its record a run changes nothing.',
    },
  )
}

export function leaseLost(host: string): VpaiError {
  return new VpaiError('LEASE_LOST', `another run has taken over ${host} while this one was silent`, {
    hint: 'Nothing more was changed there. Look with `vpai lock`, then run it again.',
  })
}
