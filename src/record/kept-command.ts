/** A command that leaves what it gave back in the record, and takes it from there when an earlier run did it. */
import { createHash } from 'node:crypto'
import type { Pieces } from '../base/pieces.ts'
import { quote } from '../base/quote.ts'
import { runFolder, userFolder } from './layout.ts'

export interface Command {
  /** Of the inventory: several may be one machine. */
  readonly host: string
  readonly taskId: string
  readonly script: string
  readonly stdin?: Uint8Array | string | Pieces
}

/** The same text of the same task has the same id in every run; `time` tells how often it came before in this one. */
export function commandId({ host, taskId, script, stdin }: Command, time: number): string {
  const hash = createHash('sha256').update(JSON.stringify([host, taskId, script, time]))
  if (stdin !== undefined)
    for (const piece of typeof stdin === 'object' && 'pieces' in stdin ? stdin.pieces() : [stdin])
      hash.update(piece)
  return hash.digest('hex').slice(0, 32)
}

export interface CommandPlace {
  readonly folder: string
  readonly number: number
  /** As whom it runs: a user of the host. */
  readonly user: string
}

export interface Earlier {
  /** Numbers of runs whose answers count, newest first. */
  readonly runs: readonly number[]
  /** Take an answer also when its run heard of it. */
  readonly alsoHeard: boolean
}

/** `script` is any sh, several lines or one; its code, outputs and stdin stay what they are. */
export function keptCommand(
  script: string,
  place: CommandPlace & { readonly id: string },
  earlier: Earlier,
): string {
  const { folder, number, user, id } = place
  const own = `${userFolder(runFolder(folder, number), user)}/${id}`
  return `${adopt(place, earlier)}( ${script}
) >${own}.o 2>${own}.e; r=$?; { echo $r >${own}.r; } 2>/dev/null || { echo ${quote(UNKEPT)} >&2; r=96; }; [ ! -s ${own}.o ] || cat ${own}.o; [ ! -s ${own}.e ] || cat ${own}.e >&2; exit $r`
}

/** What it gave back may be cut short: nobody is to go on with that. */
const UNKEPT =
  'vpai: it ran, but what it gave back could not be kept in the record of this run. Is the disk full?'

/** Only what ended well is taken, and once: what failed is to be done again. */
function adopt({ folder, user, id }: CommandPlace & { readonly id: string }, earlier: Earlier): string {
  if (earlier.runs.length === 0) return ''
  const folders = earlier.runs.map(run => userFolder(runFolder(folder, run), user))
  const heard = earlier.alsoHeard ? '' : `[ ! -e "$a/${id}.heard" ] || continue; `
  return `for a in ${folders.join(' ')}; do [ -s "$a/${id}.r" ] || continue; ${heard}read -r r <"$a/${id}.r"; [ "$r" = 0 ] || continue; cat "$a/${id}.o"; cat "$a/${id}.e" >&2; exit 0; done; unset a r; `
}

/** Tells that these answers have come. */
export function heardLine({ folder, number, user }: CommandPlace, ids: readonly string[]): string {
  const own = userFolder(runFolder(folder, number), user)
  return ids.length === 0 ? ':' : `{ ${ids.map(id => `: >${own}/${id}.heard`).join('; ')}; } 2>/dev/null`
}

/** Makes the folder for a user's answers; for root to run. */
export function userFolderScript({ folder, number, user }: CommandPlace): string {
  const own = userFolder(runFolder(folder, number), user)
  return `[ -d ${own} ] || { mkdir -m 700 ${own} && chown ${quote(user)} ${own}; } || exit 96`
}
