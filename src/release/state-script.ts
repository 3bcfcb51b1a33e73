/**
 * The sh that tells how the system of a host is: units, packages, containers, listening ports. It is run when a release
 * is made, so that the release has it, and when somebody asks what differs since. Read only. Fields are parted by tabs.
 */

/** Of a manifest, a word of sh for its file: the second line in it says what was declared. */
export function stateScript(manifest: string): string {
  return `(M=${manifest}\n${[CLOCK, BLIND, NAMES, UNITS, PACKAGES, CONTAINERS, PORTS].join('\n')}\n)`
}

/** Only the containers. */
export function containersScript(): string {
  return `(${CLOCK}\n${BLIND}\n${CONTAINERS}\n)`
}

/** Names of units and packages are plain; any other is not asked for. What cannot be looked at is `blind`. */
const CLOCK = `U=0; { read -r U z </proc/uptime; } 2>/dev/null
printf 'state\\t%s\\t%s\\n' "$(date +%s)" "$U"`
const BLIND = `blind() { printf 'blind\\t%s\\t%s\\n' "$1" "$2"; }`
const NAMES = `L=$(sed -n 2p "$M")
names() { printf '%s\\n' "$L" | sed -n 's/.*"'"$1"'":\\[\\([^]]*\\)\\].*/\\1/p' | tr ',' '\\n' | sed 's/^"//; s/"$//; s/\\\\\\\\/\\\\/g' | grep -E '^[A-Za-z0-9_][A-Za-z0-9_@:.+\\-]*$'; }`

const PROPERTIES = [
  'LoadState',
  'ActiveState',
  'SubState',
  'UnitFileState',
  'ActiveEnterTimestampMonotonic',
  'InactiveEnterTimestampMonotonic',
]

/** Templates have no state of their own. */
const UNITS = `if [ -d /run/systemd/system ] && command -v systemctl >/dev/null 2>&1; then
names units | while read -r u; do case $u in *@.*) ;; *)
printf 'unit\\t%s\\t%s\\n' "$u" "$(systemctl show --no-pager ${PROPERTIES.map(name => `-p ${name}`).join(' ')} -- "$u" </dev/null 2>/dev/null | tr '\\n' ' ')";; esac; done
else blind units 'systemd does not run here'; fi`

const PACKAGES = `set -- $(names packages)
if [ $# = 0 ]; then :
elif command -v dpkg-query >/dev/null 2>&1; then
dpkg-query -W -f 'package\\t\${binary:Package}\\t\${Version}\\t\${db:Status-Abbrev}\\n' -- "$@" 2>/dev/null
elif { [ -d /var/lib/rpm ] || [ -d /usr/lib/sysimage/rpm ]; } && command -v rpm >/dev/null 2>&1; then
rpm -q --qf 'package\\t%{NAME}\\t%{EPOCHNUM}:%{VERSION}-%{RELEASE}\\tii\\n' -- "$@" 2>/dev/null | grep '^package'
elif [ -r /lib/apk/db/installed ]; then
P=" $* "; sed -n '/^[PV]:/p' /lib/apk/db/installed | while IFS=: read -r k v; do
[ "$k" = P ] && n=$v || case $P in *" $n "*) printf 'package\\t%s\\t%s\\tii\\n' "$n" "$v";; esac; done
else blind packages 'there is neither dpkg nor rpm nor apk'; fi`

/** Ports as they are configured: those of a container that does not run are known, too. */
const CONTAINER = [
  'container',
  '{{.ID}}',
  '{{.Name}}',
  '{{with index .Config.Labels "com.docker.compose.project"}}{{.}}{{end}}',
  '{{with index .Config.Labels "com.docker.compose.service"}}{{.}}{{end}}',
  '{{with index .Config.Labels "com.docker.compose.oneoff"}}{{.}}{{end}}',
  '{{with index .Config.Labels "com.docker.compose.config-hash"}}{{.}}{{end}}',
  '{{.State.Status}}',
  '{{if .State.Health}}{{.State.Health.Status}}{{end}}',
  '{{.State.ExitCode}}',
  '{{.RestartCount}}',
  '{{.HostConfig.RestartPolicy.Name}}',
  '{{.State.StartedAt}}',
  '{{.Config.Image}}',
  '{{.Image}}',
  '{{json .HostConfig.PortBindings}}',
].join('{{"\\t"}}')

/** `engine`: may docker be asked, without starting it by way of its socket? Else `$w` says why not. `ask WORDS` asks it. */
export const ENGINE = `engine() {
w='docker is not there'; command -v docker >/dev/null 2>&1 || return 1
w='docker does not run'; [ ! -d /run/systemd/system ] || case $(systemctl show -p LoadState -p ActiveState -- docker.service 2>/dev/null </dev/null | sort | tr '\\n' ' ') in
'ActiveState=inactive LoadState=loaded '|'ActiveState=failed LoadState=loaded ') return 1;; esac; }
ask() { if command -v timeout >/dev/null 2>&1; then timeout 30 docker "$@" 2>/dev/null </dev/null; else docker "$@" 2>/dev/null </dev/null; fi; }`

/** A container that goes between the two questions makes the second one fail: then both are asked once more. */
const CONTAINERS = `${ENGINE}
containers() { J=; w='docker does not answer'; J=$(ask ps -aq --no-trunc) || return 1
w='docker inspect ended with an error'; [ -z "$J" ] || K=$(ask inspect --type container --format '${CONTAINER}' -- $J); }
K= J=; if engine && { containers || { [ -n "$J" ] && containers; }; }; then printf '%s\\n' "$K"; else blind containers "$w"; fi`

/** With the cgroup of the first process, which says what unit or container it is of. */
const PORTS = `{ read -r a b </proc/sys/net/ipv4/ip_local_port_range && printf 'ephemeral\\t%s\\t%s\\n' "$a" "$b"; } 2>/dev/null
if ! command -v ss >/dev/null 2>&1; then blind ports 'the program ss is not there (package iproute2)'
elif ! S=$(ss -Htulnp 2>/dev/null); then blind ports 'ss ended with an error'
else printf '%s\\n' "$S" | while read -r n s q Q l r w; do
p= c= g=; case $w in *pid=*) p=\${w#*pid=}; p=\${p%%,*}; c=\${w#*\\"}; c=\${c%%\\"*};; esac
[ -z "$p" ] || while IFS= read -r k; do case $k in 0::*|*:name=systemd:*) g=\${k#*:*:};; esac; done 2>/dev/null <"/proc/$p/cgroup"
[ -z "$l" ] || printf 'port\\t%s\\t%s\\t%s\\t%s\\n' "$n" "$l" "$c" "$g"
done; fi`
