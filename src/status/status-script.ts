/** The sh that looks how a host is, in one request. Writes nothing. */
import { lookScript } from '../record/look.ts'
import { containersScript, ENGINE } from '../release/state-script.ts'

/** `folder` is the record's, a word of sh. The answer is read by `seen.ts`. */
export function statusScript(folder: string): string {
  return `D=${folder}
(${lookScript('"$D"')})
echo '${MARKS.more}'
for r in "$D"/runs/*; do
[ ! -r "$r/holder" ] || { e=-; [ ! -e "$r/ended" ] || read -r e <"$r/ended"; IFS= read -r h <"$r/holder"; printf 'ran\\t%s\\t%s\\n' "$e" "$h"; }
done
M=; for r in "$D"/releases/[0-9]*; do [ ! -r "$r/manifest" ] || M=$r/manifest; done
[ -z "$M" ] || { IFS= read -r h <"$M"; printf 'newest\\t%s\\n' "$h"; }
[ ! -r "$D/${PROVEN_RESTORE}" ] || { IFS= read -r h <"$D/${PROVEN_RESTORE}"; printf 'restore\\t%s\\n' "$h"; }
${containersScript()}
${HEALTH}
${CERTIFICATES}
echo '${MARKS.end}'`
}

export const MARKS = { more: '==more', end: '==end' } as const

/** Beside the runs of the record: one line of JSON, written by who has proven that a backup can be restored. */
export const PROVEN_RESTORE = 'proven-restore'

const HEALTH = `if [ -d /run/systemd/system ] && command -v systemctl >/dev/null 2>&1; then
printf 'units\\n'; systemctl list-units --state=failed --plain --no-legend --no-pager </dev/null 2>/dev/null | while read -r u z; do [ "$u" = '*' ] && u=\${z%% *}; printf 'failed\\t%s\\n' "$u"; done
fi
{ df -Pkl 2>/dev/null || df -Pk 2>/dev/null; } | while read -r d s u f p m; do printf 'disk\\t%s\\t%s\\t%s\\n' "$d" "$p" "$m"; done
{ df -Pil 2>/dev/null || df -Pi 2>/dev/null; } | while read -r d s u f p m; do printf 'inodes\\t%s\\t%s\\t%s\\n' "$d" "$p" "$m"; done
r=-; [ ! -e /etc/debian_version ] || r=no; [ ! -e /run/reboot-required ] || r=yes
printf 'reboot\\t%s\\t%s\\n' "$r" "$(cat /run/reboot-required.pkgs 2>/dev/null | sort -u | tr '\\n' ' ')"`

/** In a container Caddy keeps them below /data. */
const DATA_MOUNTS = '{{range .Mounts}}{{if eq .Destination "/data"}}{{.Source}}{{"\\n"}}{{end}}{{end}}'

/**
 * What Caddy and certbot keep, Caddy also in containers, and what tasks declared. Only the first certificate of a file leaves the host: there may
 * be a key beside it.
 */
const CERTIFICATES = `${ENGINE}
{ { printf '%s\\n' /var/lib/caddy/.local/share /root/.local/share
! engine || ! l=$(ask ps -aq --no-trunc) || [ -z "$l" ] || ask inspect --type container --format '${DATA_MOUNTS}' -- $l
} | while IFS= read -r b; do [ -z "$b" ] || [ ! -d "$b/caddy/certificates" ] || find "$b/caddy/certificates" -type f -name '*.crt' 2>/dev/null; done
for f in /etc/letsencrypt/live/*/cert.pem; do [ ! -e "$f" ] || printf '%s\\n' "$f"; done
[ -z "$M" ] || sed -n 2p "$M" | sed 's/{"path":"/\\
{"path":"/g' | sed -n 's/^{"path":"\\(\\/[^"\\\\]*\\.\\(pem\\|crt\\|cer\\)\\)".*/\\1/p'
} | sort -u | while IFS= read -r f; do [ ! -r "$f" ] || {
c=$(sed -n '/-BEGIN CERTIFICATE-/,/-END CERTIFICATE-/p;/-END CERTIFICATE-/q' "$f" 2>/dev/null | tr -d '\\r\\n')
[ -z "$c" ] || printf 'certificate\\t%s\\t%s\\n' "$f" "$c"; }; done`
