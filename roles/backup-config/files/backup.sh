#!/bin/sh
# Backups of what the services of a project declare. What there is to save stands in items.sh beside this file.
#
#   backup.sh run [--due] [ITEM…]         makes one of each item now; --due: of weekly ones only where the last is old
#   backup.sh list                        what there is
#   backup.sh prepare [--look] [--at TIME] [--any-key] WHAT…
#                                         proves the newest ones to be whole and lays them out; WHAT: ITEM or ITEM/DATABASE
#   backup.sh stop | put-back | start     the containers that use what was laid out, and items that no role restores
#   backup.sh drill [ITEM…]               restores the newest ones into containers without a network and counts
#
# Exit: 0 fine, 1 something failed, 2 wrong usage, 75 another one is at work.
set -u
umask 077
export LC_ALL=C PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
here=$(cd -- "$(dirname -- "$0")" && pwd) || exit 1
tab=$(printf '\t')
fail() { printf '%s\n' "$1" >&2; exit 1; }

. "$here/items.sh"
. "$here/save.sh"
. "$here/restore.sh"
. "$here/drill.sh"

# A line for people and for the log.
say() {
  printf '%s\n' "$1"
  [ -z "$log" ] || printf '%s %s\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$1" >>"$log"
}

# Names of the backups of an item, oldest first; half ones have no manifest.
names_of() {
  for found in "$root/$1"/[0-9]*; do
    [ ! -f "$found/manifest" ] || printf '%s\n' "${found##*/}"
  done
}

# KEY MANIFEST: the first value of a key.
value() { sed -n "s/^$1$tab//p" "$2" | head -n 1; }

only_one() {
  mkdir -p -- "$root" || exit 1
  exec 9>"$root/.lock" || exit 1
  flock "$1" -w "${BACKUP_WAIT:-0}" 9 || { say 'another backup, restore or drill is at work' >&2; exit 75; }
}

require_items() {
  for wanted; do about "$wanted" || { echo "there is no item $wanted; there are: $items" >&2; exit 2; }; done
}

command=${1-}
[ $# -eq 0 ] || shift
case $command in
  run) run_items "$@" ;;
  list) list_items ;;
  prepare) prepare_items "$@" ;;
  stop) stop_users ;;
  put-back) only_one -x && put_back files ;;
  start) start_users ;;
  drill) drill_items "$@" ;;
  *) sed -n '2,/^$/s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac
