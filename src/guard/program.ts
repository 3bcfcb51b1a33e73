/**
 * The program that guards a host: written to /var/lib/vpai/guard/<id>/guard when it is armed, run by us, by its
 * dead-man switch and at boot. POSIX sh with coreutils or busybox; everything else is used where it is there.
 *
 *   arm WINDOW OWNER LOGIN THING…   keep what is named and start the switch; prints what covers a reboot
 *   hold OWNER | disarm             the pre-flight; then wait for more, or end
 *   fire WHY | watch | boot         put all back
 *   status | told                   for the next run; told ends a guard that has fired
 *
 * A THING is path:P, account, ruleset, unit:U, check:C (must still hold at the end), must:C (must hold now).
 * Ends with 74: a check does not hold; 75: it has fired; 76: something could not be kept.
 */
import { KEEP_ACCOUNT } from './keep-account.ts'
import { KEEP_FILES } from './keep-files.ts'
import { KEEP_RULESET } from './keep-ruleset.ts'
import { KEEP_UNITS } from './keep-units.ts'
import { SWITCH } from './switch.ts'

export const BASE = '/var/lib/vpai/guard'

const HEAD = `# Lock-out guard of vpai: puts back what a run changed, should nobody be able to log in any more.
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin; LC_ALL=C; export PATH LC_ALL; umask 077
base=${BASE}
g=$(cd -P -- "\${0%/*}" && pwd -P) || exit 70
id=\${g##*/}
changed=
has() { command -v "$1" >/dev/null 2>&1; }
say() { printf '%s\\n' "$1" >>"$g/report"; }
`

const COMMANDS = `
fine() {
  case $1 in
    sshd) ! has sshd || { [ -d /run/sshd ] || mkdir -p -m 755 /run/sshd; sshd -t; };;
    sudo) ! has visudo || visudo -c >/dev/null;;
    nft) [ ! -e /etc/nftables.conf ] || ! has nft || nft -c -f /etc/nftables.conf;;
  esac
}

arm() {
  window=$1 owner=$2 login=$3; shift 3
  [ ! -L "$g/claim" ] || exit 75
  mkdir -p "$g/pre" && touch "$g/paths" "$g/things" || exit 76
  units=
  for thing; do
    case $thing in must:*) fine "\${thing#*:}" >&2 || give_up 74; continue;; esac
    ! grep -qxF -e "$thing" "$g/things" || continue
    keep_thing "$thing" || { echo "$thing could not be kept" >&2; give_up 76; }
    printf '%s\\n' "$thing" >>"$g/things"
  done
  [ -z "$units" ] || keep_units $units
  set_deadline armed "$owner" "$window" || give_up 76
  start_at_boot "$window"
  start_switch "$window"
  sync -f "$g" 2>/dev/null || sync
}

# A guard that was armed before stays.
give_up() {
  [ -e "$g/deadline" ] || { stop_switch; rm -rf -- "$g"; }
  exit "$1"
}

keep_thing() {
  case $1 in
    'path:~/'*)
      home=$(home_of "$login")
      [ -z "$home" ] || keep "$home/\${1#'path:~/'}";;
    path:*) keep "\${1#*:}";;
    account) keep_account "$login";;
    ruleset) keep_ruleset;;
    unit:*) units="$units \${1#*:}";;
    check:*) ! fine "\${1#*:}" >/dev/null 2>&1 || : >"$g/check.\${1#*:}";;
  esac
}

check() {
  for file in "$g"/check.*; do
    [ -e "$file" ] || continue
    fine "\${file##*.}" >&2 || exit 74
  done
}

hold() {
  [ ! -L "$g/claim" ] || exit 75
  check
  read -r x x x x x x window <"$g/deadline"
  set_deadline hold "$1" "$window"
}

disarm() {
  [ ! -L "$g/claim" ] || exit 75
  check
  ln -sn disarm "$g/claim" 2>/dev/null || exit 75
  stop_switch
  rm -rf -- "$g"
}

# Whoever makes the link has the word. At boot it goes on with what was cut off.
fire() {
  if ! ln -sn undo "$g/claim" 2>/dev/null; then
    case $(readlink "$g/claim") in
      undo) [ "$why" = boot ] && [ ! -e "$g/done" ] || exit 75;;
      *) [ "$why" != boot ] || { stop_switch; rm -rf -- "$g"; }; exit 75;;
    esac
  fi
  printf '%s\\n' "$1" >"$g/report"
  put_back_files
  put_back_account
  put_back_units "$why"
  [ "$why" = boot ] || put_back_ruleset
  if [ -s "$g/undo" ]; then
    if sh "$g/undo" </dev/null >/dev/null 2>&1; then say 'the command of undo was run'; else say 'the command of undo failed'; fi
  fi
  sync -f "$g" 2>/dev/null || sync
  : >"$g/done"
  stop_switch
  rm -rf -- "$g/pre" "$g"/account* "$g"/rules* "$g/undo"
}

boot() {
  why=boot
  read -r x mode owner x x x window <"$g/deadline" || exit 0
  # Proven before: the run may come back after a reboot of its own.
  if [ "$mode" != hold ] || [ -L "$g/claim" ]; then fire 'the host was rebooted before anybody had logged in'; return; fi
  rm -f "$g/switch"
  set_deadline hold "$owner" "$window"
  start_switch "$window"
}

status() {
  if [ -e "$g/done" ]; then echo "fired $id"; sed 's/^/ /' "$g/report"; return; fi
  if [ -L "$g/claim" ]; then echo "busy $id"; return; fi
  read -r at mode owner start link up x <"$g/deadline" 2>/dev/null || return 0
  if is_alive "$owner" "$start" "$link" "$up"; then alive=$owner; else alive=gone; fi
  echo "$mode $id $alive $((at - $(now)))"
}

told() {
  [ -e "$g/done" ] || exit 0
  cat "$g/report"
  rm -rf -- "$g"
}

why=
command=$1; shift
case $command in arm|hold|disarm|fire|watch|boot|status|told) "$command" "$@";; *) exit 64;; esac
`

export const PROGRAM = [HEAD, KEEP_FILES, KEEP_ACCOUNT, KEEP_RULESET, KEEP_UNITS, SWITCH, COMMANDS].join('')
