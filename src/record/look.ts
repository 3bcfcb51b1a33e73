/** Reading the record: a script that writes nothing, and what its answer says. */
import { type Dict, isDict } from '../base/value.ts'
import { OWNED_HEADS, type OwnedHead, parseOwned } from './owned.ts'

export type Ending = 'ok' | 'failed' | 'interrupted' | 'cut'

export interface RunSeen {
  readonly number: number
  /** null: it goes on, or was cut off. */
  readonly ended: Ending | null
}

/** Of the newest run, when it has not ended. */
export interface OpenRun {
  readonly number: number
  readonly holder: Dict
  /** What its session on the host does: works on something, waits for more, or is gone. */
  readonly session: 'busy' | 'idle' | 'gone'
  /** Seconds since its last sign of life; null: it was before the host was started. */
  readonly silentS: number | null
  /** Uptime of the host, seconds. */
  readonly uptimeS: number
  /** Name of the task that was begun last; null: none. */
  readonly task: string | null
}

export interface Pending {
  readonly id: string
  /** The name that was notified. */
  readonly handler: string
  /** Name of the task that notified it. */
  readonly by: string
  /** Id of the run. */
  readonly run: string
}

export interface RecordSeen {
  /** Oldest first; the host keeps the last few. */
  readonly runs: readonly RunSeen[]
  readonly open: OpenRun | null
  readonly pending: readonly Pending[]
  /** The newest; null: there is none. */
  readonly release: ReleaseSeen | null
  /** Without the entries that are no orphans. */
  readonly owned: readonly OwnedHead[]
}

export interface ReleaseSeen {
  readonly number: number
  /** Fencing number of the run that made it. */
  readonly lease: number
}

export const NO_RECORD: RecordSeen = { runs: [], open: null, pending: [], release: null, owned: [] }

/** Only builtins of sh: it rides with every first look at a host. */
export function lookScript(folder: string): string {
  return `D=${folder}
[ -d "$D/runs" ] || [ -d "$D/pending" ] || { echo end; exit; }
U=0 B=- R=
{ read -r U z </proc/uptime; read -r B </proc/sys/kernel/random/boot_id; } 2>/dev/null
for r in "$D"/runs/*; do
[ -e "$r/holder" ] || continue
e=-; [ ! -e "$r/ended" ] || read -r e <"$r/ended"
echo "run \${r##*/} $e"; R=$r E=$e
done
if [ -n "$R" ] && [ "$E" = - ]; then
IFS= read -r h <"$R/holder"; printf 'holder %s\\n' "$h"
b= p= s= u=; read -r b p s u <"$R/beat"
g=gone
${SESSION_STATE}
[ "$b" = "$B" ] || u=-
echo "open $g $u $U"
t=; while IFS= read -r l; do case $l in 'task '*) t=$l;; esac; done <"$R/journal"
[ -z "$t" ] || printf '%s\\n' "$t"
fi 2>/dev/null
for f in "$D"/pending/*; do
[ ! -f "$f" ] || { IFS= read -r l <"$f"; printf 'pending %s %s\\n' "\${f##*/}" "$l"; }
done
q=; for f in "$D"/releases/0*; do [ ! -e "$f/manifest" ] || q=$f/manifest; done
[ -z "$q" ] || { IFS= read -r l <"$q"; printf 'release %s\\n' "$l"; }
${OWNED_HEADS}
echo end`
}

/** p and s: a process and when it was started, so that a later one of the same number is not taken for it. */
const SESSION_STATE = `if [ "$b" = "$B" ] && IFS= read -r l </proc/$p/stat; then
set -- \${l##*) }
if [ "\${20}" = "$s" ]; then g=idle; c=; read -r c </proc/$p/task/$p/children; [ -z "$c" ] || g=busy; fi
fi`

/** Throws nothing: what cannot be read is not there. */
export function parseLook(text: string): RecordSeen {
  const runs: RunSeen[] = []
  const pending: Pending[] = []
  let holder: Dict = {}
  let open: Omit<OpenRun, 'holder' | 'number' | 'task'> | null = null
  let task: string | null = null
  let release: ReleaseSeen | null = null
  for (const line of text.split('\n')) {
    const [word = '', rest = ''] = cut(line)
    if (word === 'run') runs.push(runOf(rest))
    else if (word === 'holder') holder = jsonOf(rest) ?? {}
    else if (word === 'open') open = openOf(rest)
    else if (word === 'task') task = rest
    else if (word === 'pending') pending.push(...pendingOf(rest))
    else if (word === 'release') release = releaseOf(rest)
  }
  const last = runs.at(-1)
  const owned = parseOwned(text)
  return {
    runs,
    pending,
    release,
    owned,
    open: open && last ? { ...open, holder, task, number: last.number } : null,
  }
}

function cut(text: string): [string, string] {
  const at = text.indexOf(' ')
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}

function runOf(rest: string): RunSeen {
  const [name, ended] = cut(rest)
  return { number: Number(name), ended: ENDINGS.find(one => one === ended) ?? null }
}

const ENDINGS: readonly Ending[] = ['ok', 'failed', 'interrupted', 'cut']
const SESSIONS: readonly OpenRun['session'][] = ['busy', 'idle', 'gone']

function openOf(rest: string): Omit<OpenRun, 'holder' | 'number' | 'task'> {
  const [session, beat, now] = rest.split(' ')
  const uptimeS = Number(now) || 0
  const silentS = beat === '-' || beat === undefined || beat === '' ? null : uptimeS - Number(beat)
  return { session: SESSIONS.find(one => one === session) ?? 'gone', silentS, uptimeS }
}

function pendingOf(rest: string): Pending[] {
  const [id, json] = cut(rest)
  const told = jsonOf(json)
  // Temporary names end in a process number; a line that cannot be read names no handler.
  if (told === null || id.includes('.')) return []
  const { handler, by, run } = told
  return typeof handler === 'string' ? [{ id, handler, by: String(by ?? ''), run: String(run ?? '') }] : []
}

function releaseOf(json: string): ReleaseSeen | null {
  const { number, lease } = jsonOf(json) ?? {}
  return typeof number === 'number' && typeof lease === 'number' ? { number, lease } : null
}

function jsonOf(text: string): Dict | null {
  try {
    const value: unknown = JSON.parse(text)
    return isDict(value as Dict) ? (value as Dict) : null
  } catch {
    return null
  }
}

/** A sign of life older than this is none, unless something is being worked on. */
const SILENT_S = 60

/** ending: nobody waits for it any more, but something that it began still runs. */
export type LeaseState = 'free' | 'held' | 'ending'

/** `isGone`: the process that holds it is known to be gone. */
export function leaseState({ session, silentS, uptimeS }: OpenRun, isGone: boolean): LeaseState {
  if (session === 'busy') return isGone ? 'ending' : 'held'
  return isGone || (silentS ?? uptimeS) > SILENT_S ? 'free' : 'held'
}

/** Numbers of the runs whose commands the next one may take the answers of: the newest that came to no known end. */
export function unfinished(
  seen: RecordSeen,
  { alsoFailed }: { readonly alsoFailed: boolean },
): readonly number[] {
  const numbers: number[] = []
  for (const { number, ended } of [...seen.runs].reverse()) {
    if (ended !== null && ended !== 'cut' && (!alsoFailed || ended === 'ok')) break
    numbers.push(number)
  }
  return numbers
}
