/** The sh that looks at all that the newest release of a host has, in one request. Writes nothing. */
import { lookScript } from '../record/look.ts'
import { fileFunction } from '../release/facts.ts'
import { stateScript } from '../release/state-script.ts'

/** `folder` is the record's, a word of sh. The answer is read by `seen.ts`. */
export function driftScript(folder: string): string {
  return `D=${folder}
(${lookScript('"$D"')})
M=; for r in "$D"/releases/[0-9]*; do [ ! -r "$r/manifest" ] || M=$r/manifest; done
[ -n "$M" ] || { echo '${MARKS.end}'; exit 0; }
echo '${MARKS.release}'; cat -- "$M"
echo '${MARKS.now}'
${fileFunction()}
${PATHS} | { i=0; while IFS= read -r p; do f $i "$p"; ${TIMES}; i=$((i + 1)); done; }
${stateScript('$M')}
${EVIDENCE}
echo '${MARKS.end}'`
}

export const MARKS = { release: '==release', now: '==now', end: '==end' } as const

/**
 * The paths of the second line, in their order. In JSON a quotation mark inside of a text has a backslash before it, so
 * that what follows a bare one is what it looks like. Paths with control characters come out wrong: nobody asks for them.
 */
const PATHS = `sed -n 2p "$M" | LC_ALL=C sed 's/{"path":"/\\
{"path":"/g' | LC_ALL=C sed -n 's/^{"path":"\\(.*\\)/\\1/p' | LC_ALL=C sed 's/","notifies":.*//; s/\\\\\\(["\\\\]\\)/\\1/g'`

/** Of the file, or of the folder that it is gone from. */
const TIMES = `q=$p; [ -e "$p" ] || [ -L "$p" ] || { q=\${p%/*}; q=\${q:-/}; }; printf 'times\\t%s\\t%s\\n' $i "$(stat -c '%Y\t%Z\t%U' -- "$q" 2>/dev/null)"`

/** Who may have been at work, and what keeps what Docker publishes from the outside. */
const EVIDENCE = `n=1; if command -v last >/dev/null 2>&1 && l=$(LC_ALL=C TZ=UTC0 last -F -w -n 200 2>/dev/null); then
n=; printf '%s\\n' "$l" | while IFS= read -r l; do printf 'login\\t%s\\n' "$l"; done; fi
if command -v journalctl >/dev/null 2>&1 && l=$(LC_ALL=C journalctl -q --no-pager -o short-unix -t sshd -t sshd-session -g '^Accepted |session closed for user' -n 400 2>/dev/null) && [ -n "$l" ]; then
n=; printf '%s\\n' "$l" | while IFS= read -r l; do printf 'sshd\\t%s\\n' "$l"; done; fi
[ -z "$n" ] || printf 'nologins\\n'
set -- $(sed -n 2p "$M" | sed -n 's/.*"packages":\\[\\([^]]*\\)\\].*/\\1/p' | tr -d '"' | tr ',' ' ')
for p; do
[ ! -r /var/log/dpkg.log ] || cat /var/log/dpkg.log.1 /var/log/dpkg.log 2>/dev/null | grep -F -e " install $p:" -e " upgrade $p:" -e " remove $p:" -e " purge $p:" | tail -n 1 | while IFS= read -r l; do printf 'dpkg\\t%s\\t%s\\n' "$p" "$l"; done
done
if command -v iptables >/dev/null 2>&1 && l=$(iptables -S DOCKER-USER 2>/dev/null); then
printf 'dockeruser\\t%s\\n' "$(printf '%s\\n' "$l" | grep -c -E -e '-j (DROP|REJECT)')"; fi`
