import { VpaiError } from '../base/error.ts'
import { quote } from '../base/quote.ts'
import type { Session } from '../engine/ports.ts'

/**
 * Ends the process group of a running command: TERM, five seconds later KILL. One that has not begun never begins.
 * Returns when it is gone, has ended by itself, or is known not to begin. Throws SESSION_CANNOT_CANCEL where the host
 * gives no way to name the group (no /proc, no setsid), or nothing can be written there.
 */
export async function killRunning(
  sibling: Session,
  command: { readonly hello: { readonly tmp: string; readonly pid: number }; readonly id: number },
): Promise<void> {
  const reply = await sibling.request({ script: killScript(command.hello, command.id) })
  if (reply.kind === 'done' && reply.code === 0) return
  throw new VpaiError(
    'SESSION_CANNOT_CANCEL',
    'The running command could not be stopped; it goes on on the host.',
    {
      hint: 'The host lacks setsid or /proc, its memory folder is full, or the command changed its process group.',
    },
  )
}

/**
 * Exit code 0: gone, done, or not to begin; 3: no usable group. Only `kill -TERM -N` is understood everywhere, and the
 * group must be a number, and neither the group of this helper nor of the one that runs the command.
 *
 * The mark is left before the group is looked for, and the command looks for the mark after it has told its group: where
 * no group is told yet, the command finds the mark.
 */
function killScript(hello: { readonly tmp: string; readonly pid: number }, id: number): string {
  return `d=${quote(hello.tmp)} i=${id} n=0 h=
read -r z z z z own z </proc/$$/stat || exit 3
{ echo >"$d/c$i"; } 2>/dev/null || { [ -d "$d" ] && exit 3; exit 0; }
[ ! -e "$d/r$i" ] || { rm -f "$d/c$i"; exit 0; }
{ read -r h <"$d/s$i.p"; } 2>/dev/null
case $h in '') exit 0;; *[!0-9]*|0|1|"$own") exit 3;; esac
{ read -r z z z z b z </proc/${hello.pid}/stat; } 2>/dev/null && [ "$b" = "$h" ] && exit 3
kill -TERM -$h 2>/dev/null
while kill -0 -$h 2>/dev/null && [ -d "$d" ] && [ ! -e "$d/r$i" ]; do
  n=$((n+1)); [ $n -lt 50 ] || { kill -KILL -$h 2>/dev/null; break; }
  sleep 0.1 2>/dev/null || sleep 1
done
exit 0`
}
