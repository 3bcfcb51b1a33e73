/**
 * The loop of wait_for as sh. Exit 0: it came true, the last line printed is the one that matched; 1: time is over; 3: the host cannot tell, with the reason.
 * Ports are tried by bash, nc, curl or, for the host's own addresses, /proc/net/tcp: whatever is there.
 */
import { quote } from '../../base/quote.ts'
import type { WaitArgs } from '../wait_for.ts'

export function waitScript(args: WaitArgs): string {
  const gone = args.state === 'stopped' || args.state === 'absent'
  const start = args.delay > 0 ? `sleep ${args.delay}\n` : ''
  if (args.port === undefined && args.path === undefined) return `${start}sleep ${args.timeout}`
  return `h=${quote(args.host)}; p=${args.port ?? 0}; f=${quote(args.path ?? '')}; re=${quote(args.search_regex ?? '')}; ct=${args.connect_timeout}
${FUNCTIONS}
${drainFunction(args)}
${start}end=$(( $(date +%s) + ${args.timeout} ))
while :; do
  ${testOf(args)}; r=$?
  [ "$r" != 3 ] || exit 3
  ${gone ? '[ "$r" = 0 ] || exit 0' : '[ "$r" != 0 ] || exit 0'}
  [ "$(date +%s)" -lt "$end" ] || exit 1
  sleep ${args.sleep}
done`
}

function testOf(args: WaitArgs): string {
  if (args.path !== undefined)
    return args.search_regex === undefined ? '[ -e "$f" ]' : 'matches <"$f" 2>/dev/null'
  if (args.state === 'drained') return 'drained'
  return args.search_regex === undefined ? 'open' : 'talks'
}

/** grep -P reads what Python reads; without it the usual classes are written out. */
const FUNCTIONS = `if printf 'a1' | grep -qP '\\d' 2>/dev/null; then g=-P
else g=-E; re=$(printf '%s' "$re" | sed -e 's/\\\\d/[0-9]/g' -e 's/\\\\s/[[:space:]]/g' -e 's/\\\\w/[[:alnum:]_]/g' -e 's/(?P<[A-Za-z_0-9]*>/(/g' -e 's/(?:/(/g'); fi
matches() { grep -m 1 "$g" -e "$re"; }
has() { command -v "$1" >/dev/null 2>&1; }
lim() { if has timeout; then timeout "$ct" "$@"; else "$@"; fi; }
tables() { cat /proc/net/tcp /proc/net/tcp6 2>/dev/null; }
listens() { tables | grep -qi "^ *[0-9]*: [0-9A-F]*:$(printf '%04X' "$p") [0-9A-F]*:[0-9A-F]* 0A "; }
if has bash; then by=bash
elif has nc && nc -h 2>&1 | grep -q -e '-z'; then by=nc
elif has curl; then by=curl
elif has nc; then by=plainnc
else by=proc; fi
open() { case $by in
bash) lim bash -c 'exec 3<>"/dev/tcp/$0/$1"' "$h" "$p" >/dev/null 2>&1 || return 1;;
nc) lim nc -z -w "$ct" "$h" "$p" >/dev/null 2>&1 </dev/null || return 1;;
curl) case $(curl -s --connect-timeout "$ct" --max-time "$ct" -o /dev/null -w '%{time_connect}' "telnet://$h:$p" </dev/null 2>/dev/null) in ''|0.000*|0,000*) return 1;; esac;;
plainnc) lim nc -w "$ct" "$h" "$p" </dev/null >/dev/null 2>&1 || return 1;;
proc) case $h in 127.*|localhost|::1|0.0.0.0) listens || return 1;;
*) echo "the host has neither bash, nc nor curl: a port of $h cannot be tried" >&2; return 3;; esac;;
esac; }
talks() { case $by in
bash) lim bash -c 'exec 3<>"/dev/tcp/$0/$1" && cat <&3' "$h" "$p" 2>/dev/null | matches || return 1;;
nc|plainnc) sleep "$ct" | lim nc "$h" "$p" 2>/dev/null | matches || return 1;;
curl) curl -s --max-time "$ct" "telnet://$h:$p" </dev/null 2>/dev/null | matches || return 1;;
*) echo "the host has neither bash, nc nor curl: what port $p says cannot be read" >&2; return 3;;
esac; }`

const STATES: Readonly<Record<string, string>> = {
  ESTABLISHED: '01',
  SYN_SENT: '02',
  SYN_RECV: '03',
  FIN_WAIT1: '04',
  FIN_WAIT2: '05',
  TIME_WAIT: '06',
  CLOSE: '07',
  CLOSE_WAIT: '08',
  LAST_ACK: '09',
  LISTEN: '0A',
  CLOSING: '0B',
}

/** No connection to the port is in one of the states, but for those of the excluded IPv4 addresses. */
function drainFunction(args: WaitArgs): string {
  const states = args.active_connection_states
    .map(name => STATES[name.toUpperCase()])
    .filter(code => code !== undefined)
  const excluded = args.exclude_hosts.map(hexAddress).filter(address => address !== null)
  const skip =
    excluded.length === 0 ? '' : ` | grep -viE ': [0-9A-F]*:[0-9A-F]* [0-9A-F]*(${excluded.join('|')}):'`
  return `drained() { [ -r /proc/net/tcp ] || { echo 'there is no /proc/net/tcp on the host' >&2; return 3; }
! tables${skip} | grep -qiE "^ *[0-9]+: [0-9A-F]*:$(printf '%04X' "$p") [0-9A-F]*:[0-9A-F]* (${states.join('|')}) "; }`
}

/** The kernel prints addresses as little-endian words. */
function hexAddress(address: string): string | null {
  const parts = address.split('.').map(Number)
  if (parts.length !== 4 || parts.some(part => !Number.isInteger(part) || part < 0 || part > 255)) return null
  return parts
    .reverse()
    .map(part => part.toString(16).toUpperCase().padStart(2, '0'))
    .join('')
}
