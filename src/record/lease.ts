/** Taking, keeping and ending the lease of a host. Scripts for the helper itself, so that `$$` is its process. */
import { quote } from '../base/quote.ts'
import { type Held, LEASE_LOST, ownMark, runName, userFolder } from './layout.ts'
import type { Ending } from './look.ts'
import { writeOwnedLine } from './owned.ts'

/** How many runs a host remembers. */
const KEPT = 5

/**
 * Takes the lease under `number`, or ends with 87 when somebody else has. Runs that were cut off are closed, and what
 * they were writing when it happened is removed.
 */
export function takeScript(
  folder: string,
  { number, run, holder, user }: Held & { readonly holder: string; readonly user: string },
): string {
  return `D=${folder}; m=$D/runs/${runName(number)}; n=$D/runs/.$$
${FOLDERS}
[ ! -e "$m" ] || exit ${LEASE_LOST}
gone() { rm -rf -- "$n"; [ ! -e "$o" ] || exit ${LEASE_LOST}; exit 96; }
o=$m
rm -rf -- "$n"; mkdir -m 711 "$n" "$n/by" && mkdir -m 700 ${userFolder('"$n"', user)} || gone
printf '%s\\n' ${quote(holder)} >"$n/holder" && : >"$n/journal" && : >${ownMark('"$n"', run)} || gone
m=$n
${BEAT} || gone
m=$o
mv -T -- "$n" "$m" 2>/dev/null || { rm -rf -- "$n"; exit ${LEASE_LOST}; }
for r in "$D"/runs/*; do
[ "$r" = "$m" ] && continue
[ -e "$r/ended" ] || {
while IFS=' ' read -r w t p; do case $w in put) rm -f -- "$p/.vpai-$t.tmp";; esac; done <"$r/journal" 2>/dev/null
echo cut >"$r/ended"; }
done
set -- "$D"/runs/*; while [ $# -gt ${KEPT} ]; do rm -rf -- "$1"; shift; done
exit 0`
}

const BEAT = `b=- u=0 s=-
{ read -r u z </proc/uptime; read -r b </proc/sys/kernel/random/boot_id; IFS= read -r l </proc/$$/stat; } 2>/dev/null
set -- \${l##*) }; s=\${20:--}
printf '%s\\n' "$b $$ $s $u" >"$m/beat"`

/** A sign of life; ends with 87 when the lease is gone. */
export function beatScript(folder: string, number: number): string {
  return `D=${folder}; ${stillHeld(number)}
${BEAT} || exit 96`
}

export interface LastWord {
  readonly number: number
  readonly ending: Ending
  readonly struck: readonly string[]
  /** Id of a list of what is owned, which comes on standard input. */
  readonly owned?: string | undefined
}

/** Strikes out what is no longer pending, and ends the lease. What was left of leases that were never taken goes. */
export function endScript(folder: string, { number, ending, struck, owned }: LastWord): string {
  return `D=${folder}; ${stillHeld(number)}
${strikeLines(struck)}
${owned === undefined ? ':' : writeOwnedLine(owned)}
echo ${ending} >"$m/ended"${ending === 'ok' ? '; rm -rf -- "$m/by" "$D"/runs/.[0-9]*' : ''}`
}

/** Makes what is not there yet of the record, where D names its folder. */
const FOLDERS = `umask 077
p=\${D%/*}; [ -d "$p" ] || { (umask 022; mkdir -p -- "$p") && chmod 711 "$p"; } || exit 96
[ -d "$D/runs" ] && [ -d "$D/pending" ] || { mkdir -p -- "$D/runs" "$D/pending" && chmod 711 "$D" "$D/runs"; } || exit 96`

/** A list that the last word does not bring. Nothing, when another run has come since that of this number. */
export function ownedScript(folder: string, { number, id }: { number: number; id: string }): string {
  const isThere = number === 0 ? ':' : `[ -e "$D/runs/${runName(number)}" ]`
  return `D=${folder}
${isThere} && [ ! -e "$D/runs/${runName(number + 1)}" ] || exit ${LEASE_LOST}
${FOLDERS}
${writeOwnedLine(id)}`
}

/** The lease's folder is `m` then. */
function stillHeld(number: number): string {
  return `m=$D/runs/${runName(number)}
[ -e "$m" ] && [ ! -e "$D/runs/${runName(number + 1)}" ] || exit ${LEASE_LOST}`
}

function strikeLines(ids: readonly string[]): string {
  return ids.length === 0 ? ':' : `rm -f -- ${ids.map(id => `"$D/pending/${id}"`).join(' ')}`
}

/** Handlers that have run; ends with 87 when the lease is gone, as the next run may have noted them anew. null: none was taken. */
export function strikeScript(folder: string, number: number | null, ids: readonly string[]): string {
  const held = number === null ? '' : `${stillHeld(number)}\n`
  return `D=${folder}; ${held}${strikeLines(ids)}`
}
