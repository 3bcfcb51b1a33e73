/**
 * Part of the guard's program: the dead-man switch, and how it survives us and a reboot.
 *
 * `deadline` holds: seconds of /proc/uptime, armed or hold, the owner's process and its start, the same of its
 * connection, the length of the window.
 */
export const SWITCH = `
now() { read -r seconds x </proc/uptime; echo "\${seconds%%.*}"; }

started() {
  { read -r line <"/proc/$1/stat"; } 2>/dev/null || return 1
  set -- \${line##*) }
  echo "\${20}"
}

# The process of sshd that our session hangs on: it ends with the connection, what runs in the session may live on.
link_of() {
  set -- "$1" "$1"
  while [ "\${2:-0}" -gt 1 ]; do
    { read -r line <"/proc/$2/stat"; } 2>/dev/null || break
    case $line in *' ('sshd*|*' ('dropbear*) echo "$2"; return;; esac
    set -- "$1" \${line##*) }
    set -- "$1" "$3"
  done
  echo "$1"
}

# OWNER START LINK START
is_alive() { [ "$(started "$1")" = "$2" ] && [ "$(started "$3")" = "$4" ]; }

# It is in the middle of something: it has a child.
is_busy() {
  for stat in /proc/[0-9]*/stat; do
    { read -r line <"$stat"; } 2>/dev/null || continue
    set -- "$1" \${line##*) }
    [ "$3" != "$1" ] || return 0
  done
  return 1
}

set_deadline() { # MODE OWNER WINDOW
  link=$(link_of "$2")
  echo "$(($(now) + $3 + 1)) $1 $2 $(started "$2") $link $(started "$link") $3" >"$g/deadline.new" && mv -f -- "$g/deadline.new" "$g/deadline"
}

# Longest that a change may keep the switch waiting.
patience=3600

watch() {
  trap '' 1 2 13 15
  began=$(now)
  while [ ! -L "$g/claim" ]; do
    read -r at mode owner start link up window <"$g/deadline" || exit 0
    if [ "$(now)" -ge "$at" ] && ! { is_alive "$owner" "$start" "$link" "$up" && may_wait; }; then
      fire 'nobody logged in in time'
      return
    fi
    sleep 1
  done
}

may_wait() {
  [ "$mode" != hold ] || return 0
  [ $(($(now) - began)) -lt $patience ] && is_busy "$owner" || return 1
  set_deadline "$mode" "$owner" "$window"
}

start_switch() { # WINDOW
  [ ! -e "$g/switch" ] || return 0
  if with_systemd && {
    systemd-run --quiet --collect --unit="vpai-guard-$id" --on-active="$1s" --timer-property=AccuracySec=200ms /bin/sh "$g/guard" watch ||
    systemd-run --quiet --unit="vpai-guard-$id" --on-active="$1s" --timer-property=AccuracySec=200ms /bin/sh "$g/guard" watch
  } >/dev/null 2>&1; then
    echo systemd >"$g/switch"
  else
    set -- setsid; has setsid || set --
    "$@" /bin/sh "$g/guard" watch </dev/null >/dev/null 2>&1 &
    echo process >"$g/switch"
  fi
}

boot_unit=/etc/systemd/system/vpai-guard.service
wanted=/etc/systemd/system/multi-user.target.wants/vpai-guard.service

# Prints what it is that starts it after a reboot.
start_at_boot() { # WINDOW
  if with_systemd; then
    mkdir -p "\${wanted%/*}"
    { cat >"$boot_unit.new" <<'UNIT'
[Unit]
Description=Lock-out guard of vpai: puts back what was never proven
DefaultDependencies=no
RequiresMountsFor=/var/lib/vpai/guard
After=local-fs.target
Before=network-pre.target ssh.service sshd.service ssh.socket sshd.socket shutdown.target
Wants=network-pre.target
Conflicts=shutdown.target

[Service]
Type=oneshot
KillMode=process
ExecStart=/bin/sh -c 'for g in /var/lib/vpai/guard/*/guard; do [ ! -e "$$g" ] || /bin/sh "$$g" boot; done'
UNIT
    } && mv -f "$boot_unit.new" "$boot_unit" && ln -sf "$boot_unit" "$wanted" && echo systemd
  elif [ -d /etc/cron.d ] && { has cron || has crond; }; then
    echo "@reboot root /bin/sh $g/guard boot" >"/etc/cron.d/vpai-guard" && echo cron
  elif has at && job=$(echo "/bin/sh $g/guard boot" | at now + $(($1 / 60 + 1)) minutes 2>&1); then
    # Only this job is taken back.
    set -- \${job##*job }; echo "$1" >"$g/at"
    echo at
  else
    echo nothing
  fi
}

stop_switch() {
  rm -f "$wanted" "$boot_unit" /etc/cron.d/vpai-guard
  [ ! -e "$g/at" ] || atrm "$(cat "$g/at")" 2>/dev/null
  [ "$(cat "$g/switch" 2>/dev/null)" != systemd ] || systemctl stop --no-block "vpai-guard-$id.timer" 2>/dev/null
  [ "$(readlink "$base/.current")" != "$id" ] || rm -f "$base/.current"
}
`
