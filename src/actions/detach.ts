/**
 * A command that goes on without anybody waiting: a folder of its own on the host holds what it needs and
 * what it said. Needs sh, mkdir, cat, date and mv; setsid and timeout are used when they are there.
 *
 * Files of a job: run, in (unlinked when it begins) · about, started (seconds since the epoch) · pid · out,
 * err · rc (return code and end, written last and as a whole).
 */
import { quote } from '../base/quote.ts'
import type { DetachedJob } from '../modules/contract.ts'
import type { RunRequest } from './run.ts'

/** Starts `request` as a job and prints its folder. Exit 96: the folder could not be made or filled. */
export function detachRequest(request: RunRequest, job: DetachedJob): RunRequest {
  const script = `J=${job.folder}
( umask 077; mkdir -p -- "\${J%/*}" && mkdir -- "$J" && cat >"$J/in" && printf %s ${quote(request.script)} >"$J/run" &&
printf %s ${quote(job.about)} >"$J/about" && date +%s >"$J/started" && : >"$J/out" && : >"$J/err" ) || exit 96
W=; if timeout -k 5 5 true 2>/dev/null; then W='timeout -k 5 ${job.limitS}'
elif timeout 5 true 2>/dev/null; then W='timeout ${job.limitS}'; fi
if setsid true 2>/dev/null; then setsid sh -c ${quote(JOB)} "$J" $W </dev/null >/dev/null 2>&1 &
else ( trap '' 1; sh -c ${quote(JOB)} "$J" $W </dev/null >/dev/null 2>&1 & ); fi
printf '%s\\n' "$J"
`
  return { ...request, script }
}

/** $0 is the folder; the words are what limits the time. What it reads is unlinked first: it may hold secrets. */
const JOB = `echo $$ >"$0/pid"; exec 3<"$0/in"; rm -f "$0/in"
"$@" sh "$0/run" <&3 3<&- >"$0/out" 2>"$0/err"; r=$?
rm -f "$0/run"; { echo $r; date +%s; } >"$0/rc.new" && mv -f "$0/rc.new" "$0/rc"`
