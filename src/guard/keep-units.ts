/** Part of the guard's program: services that decide whether one can log in, as they were: running, enabled, masked. */
export const KEEP_UNITS = `
with_systemd() { [ -d /run/systemd/system ] && has systemctl; }

# One line for each: name, active, enabled. Names may be patterns; those that are not there are left out.
units_now() {
  { systemctl show -p Id -p LoadState -p ActiveState -p UnitFileState -- "$@" 2>/dev/null; echo; } | {
    unit= load= active= file=
    while IFS= read -r line; do
      case $line in
        Id=*) unit=\${line#*=};;
        LoadState=*) load=\${line#*=};;
        ActiveState=*) active=\${line#*=};;
        UnitFileState=*) file=\${line#*=};;
        '') case $load in ''|not-found) ;; *) echo "$unit $active \${file:-static}";; esac; unit= load= active= file=;;
      esac
    done
  }
}

keep_units() {
  if with_systemd; then set -f; units_now "$@" >>"$g/units"; set +f; return 0; fi
  for unit in "$@"; do
    case $unit in ssh.service) [ -e /run/sshd.pid ] && kill -0 "$(cat /run/sshd.pid)" 2>/dev/null && echo ssh.service active static;; esac
  done >>"$g/units"
  return 0
}

# Files that a service reads only when it starts.
reads_changed() {
  case $1 in
    ssh.*|sshd.*) has_changed /etc/ssh/;;
    systemd-networkd.*) has_changed /etc/systemd/network;;
    networking.*) has_changed /etc/network;;
    wg-quick@*) has_changed /etc/wireguard;;
    tailscaled.*) has_changed /etc/tailscale || has_changed /etc/default/tailscaled;;
    firewalld.*) has_changed /etc/firewalld;;
    *) return 1;;
  esac
}

# At boot nothing is waited for: it goes on only when this is done.
put_back_units() {
  [ -s "$g/units" ] || return 0
  if ! with_systemd; then restart_sshd; return; fi
  wait=; [ "$1" != boot ] || wait=--no-block
  systemctl daemon-reload 2>/dev/null
  ! has_changed /etc/netplan || ! has netplan || [ "$1" = boot ] || ! netplan apply 2>/dev/null || say 'netplan applied'
  sort -u "$g/units" | while read -r unit active file; do
    read -r x is_active is_file <<ROW
$(units_now "$unit")
ROW
    case $file/$is_file in
      masked*/masked*) continue;;
      */masked*) systemctl unmask "$unit" >/dev/null 2>&1; say "$unit unmasked"; is_file=disabled;;
    esac
    case $file/$is_file in
      enabled/enabled|disabled/disabled) ;;
      enabled/*) systemctl enable "$unit" >/dev/null 2>&1; say "$unit enabled";;
      disabled/enabled) systemctl disable "$unit" >/dev/null 2>&1; say "$unit disabled";;
    esac
    case $active/$is_active in
      active/active)
        if [ "$1" != boot ] && reads_changed "$unit"; then insist restart; fi;;
      active/*) insist start;;
      inactive/active)
        case $unit in ufw.*|firewalld.*|nftables.*) [ "$1" = boot ] || { systemctl stop "$unit" 2>/dev/null; say "$unit stopped"; };; esac;;
    esac
  done
}

# systemd refuses what was started too often of late, and nobody else will try again.
insist() { # VERB
  for attempt in 1 2 3 4 5; do
    systemctl reset-failed "$unit" 2>/dev/null
    ! systemctl "$1" $wait "$unit" 2>/dev/null || { say "$unit \${1}ed"; return; }
    sleep 1
  done
  say "$unit could not be \${1}ed"
}

restart_sshd() {
  grep -q '^ssh.service active' "$g/units" || return 0
  pid=$(cat /run/sshd.pid 2>/dev/null)
  if [ -n "$pid" ] && kill -0 "$pid" 2>/dev/null; then
    has_changed /etc/ssh/ || return 0
    kill -HUP "$pid"; sleep 1
    ! kill -0 "$(cat /run/sshd.pid 2>/dev/null)" 2>/dev/null || { say 'sshd reloaded'; return 0; }
  fi
  if [ -x /etc/init.d/ssh ]; then /etc/init.d/ssh start; elif has rc-service; then rc-service sshd start; else $(command -v sshd); fi >/dev/null 2>&1
  say 'sshd started'
}
`
