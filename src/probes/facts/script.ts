/**
 * Gathers everything `setup` tells, by sh, coreutils and files under /proc and /sys. `s NAME COMMAND…` prints a heading
 * and the command's output, each line behind a bar, so that no output can look like a heading. A command that is
 * missing leaves its section empty. Nothing asks the network but `hostname -f`, which has two seconds; programs of
 * local facts, in $D, have $T seconds each.
 */
export const FACTS_SCRIPT = `s() { printf '\\n==%s\\n' "$1"; shift; "$@" 2>/dev/null </dev/null | sed 's/^/|/'; }
has() { command -v "$1" >/dev/null 2>&1; }
first() { for f do [ ! -r "$f" ] || { cat "$f"; return; }; done; }
each() { for f do [ ! -r "$f" ] || printf '%s\\t%s\\n' "\${f##*/}" "$(head -n 1 "$f")"; done; }
limited() { if has timeout; then timeout "$@"; else shift; "$@"; fi; }
uname_() { for o in s n r v m; do uname -$o; done; }
date_() {
  date '+%Y%n%m%n%d%n%H%n%M%n%S%n%s%n%z%n%Z%n%A%n%w%n%j%n%W'
  date -u '+%Y-%m-%dT%H:%M:%S'
  date +%N
}
net_() { for d in /sys/class/net/*; do
  [ -d "$d" ] || continue
  printf '%s' "\${d##*/}"
  for f in address mtu operstate type speed; do v=; read -r v <"$d/$f"; printf '\\t%s' "$v"; done
  k=ether; [ ! -d "$d/bridge" ] || k=bridge; [ ! -d "$d/bonding" ] || k=bonding
  if [ "$k" = bridge ]; then set -- "$d"/brif/*; elif [ "$k" = bonding ]; then read -r v <"$d/bonding/slaves"; set -- $v; else set --; fi
  m=; for v do [ "$v" = "$d/brif/*" ] || m="$m \${v##*/}"; done
  p=; [ ! -e "$d/device/driver/module" ] || p=$(readlink -f "$d/device/driver/module"); printf '\\t%s\\t%s\\t%s\\n' "$k" "$m" "\${p##*/}"
done; }
mounts_() { while read -r d p t o r; do
  case $d in /*|*:/*) ;; *) case $t in zfs|btrfs|fuse.*|9p|virtiofs) ;; *) continue;; esac;; esac
  # A dead file server would make stat hang.
  q=; case $t in nfs*|cifs|smb*|fuse.*|ceph|glusterfs|autofs) ;; *) p_=$(printf '%b' "$p"); q=$(stat -f -c '%S %b %f %a %c %d' "$p_");; esac
  printf '%s\\t%s\\t%s\\t%s\\t%s\\n' "$d" "$p" "$t" "$o" "$q"
done </proc/mounts; }
uuids_() { for f in /dev/disk/by-uuid/*; do [ ! -L "$f" ] || printf '%s\\t%s\\n' "$(readlink -f "$f")" "\${f##*/}"; done; }
holders_() { for h in "$1"/holders/dm-*; do [ -d "$h" ] || continue; v=\${h##*/}; [ ! -r "$h/dm/name" ] || read -r v <"$h/dm/name"; printf '%s ' "$v"; done; }
block_() { for d in /sys/block/*; do
  [ -d "$d" ] || continue
  case \${d##*/} in loop*|ram*) continue;; esac
  printf '%s' "\${d##*/}"
  for f in size removable queue/rotational device/vendor device/model queue/logical_block_size queue/scheduler queue/discard_granularity queue/discard_max_hw_bytes; do v=; [ ! -r "$d/$f" ] || read -r v <"$d/$f"; printf '\\t%s' "$v"; done; printf '\\t'; holders_ "$d"; echo
  for p in "$d/\${d##*/}"*; do [ ! -r "$p/partition" ] || { read -r v <"$p/size"; read -r w <"$p/start"; printf '/%s\\t%s\\t%s\\t' "\${p##*/}" "$v" "$w"; holders_ "$p"; echo; }; done
done; }
links_() {
  for k in ids:by-id uuids:by-uuid labels:by-label; do for f in /dev/disk/\${k#*:}/*; do
    [ ! -L "$f" ] || printf '%s\\t%s\\t%s\\n' "\${k%%:*}" "$(readlink "$f")" "\${f##*/}"
  done; done
  for f in /sys/block/*/slaves/*; do [ ! -e "$f" ] || { v=\${f#/sys/block/}; printf 'masters\\t%s\\t%s\\n' "\${f##*/}" "\${v%%/*}"; }; done
}
lvm_() { [ "$(id -u)" = 0 ] && has vgs || return 0
  for f in /sys/block/dm-*/dm/name; do [ ! -r "$f" ] || { read -r v <"$f"; d=\${f#/sys/block/}; printf 'dm,/dev/%s,%s\\n' "\${d%%/*}" "$v"; }; done
  for c in vgs lvs pvs; do has $c && $c --noheadings --nosuffix --units g --separator , | sed "s/^ */$c,/"; done
}
wwn_() { for f in /sys/class/fc_host/*/port_name; do [ ! -r "$f" ] || cat "$f"; done; }
user_() { id -un; id -u; id -g; id -ru; id -rg; if has getent; then getent passwd "$(id -u)"; else grep "^[^:]*:[^:]*:$(id -u):" /etc/passwd; fi; }
yes_() { for t do eval "$t" >/dev/null 2>&1 && echo "$t"; done; }
tools_() { for t do has "$t" && echo "$t"; done; }
root_() { [ ! -e /proc/1/root/. ] || { stat -c %d:%i /; stat -L -c %d:%i /proc/1/root/.; }; }
keys_() { for f in /etc/ssh/ssh_host_*_key.pub; do [ ! -r "$f" ] || cat "$f"; done; }
local_() { for f in "$D"/*.fact; do
  [ -f "$f" ] || continue
  n=\${f##*/}; printf 'fact %s\\n' "\${n%.fact}"
  if [ -x "$f" ]; then limited "$T" "$f" | sed 's/^/>/'; else sed 's/^/>/' "$f"; fi; echo
done; }
s uname uname_
s os first /etc/os-release /usr/lib/os-release
s release each /etc/debian_version /etc/redhat-release /etc/alpine-release /etc/arch-release /etc/SuSE-release /etc/machine-id /var/lib/dbus/machine-id
s lsb first /etc/lsb-release
s fqdn limited 2 hostname -f
s date date_
s net net_
s addr ip -o addr show
s route4 ip -4 route get 8.8.8.8
s route6 ip -6 route get 2404:6800:400a:800::1012
s default4 ip -4 route show default
s meminfo cat /proc/meminfo
s cpuinfo grep -E '^(processor|vendor_id|model name|physical id|core id|cpu cores|siblings|flags|Hardware|CPU part|cpu model|machine)[[:space:]]*:' /proc/cpuinfo
s nproc nproc
s mounts mounts_
s uuids uuids_
s block block_
s links links_
s lvm lvm_
s caps capsh --print
s wwn wwn_
s iscsi cat /etc/iscsi/initiatorname.iscsi
s hostnqn cat /etc/nvme/hostnqn
s uptime cat /proc/uptime
s loadavg cat /proc/loadavg
s user user_
s env env
s cmdline cat /proc/cmdline
s dns cat /etc/resolv.conf
s init cat /proc/1/comm
s dmi each /sys/class/dmi/id/product_name /sys/class/dmi/id/product_version /sys/class/dmi/id/product_serial /sys/class/dmi/id/product_uuid /sys/class/dmi/id/sys_vendor /sys/class/dmi/id/bios_vendor /sys/class/dmi/id/bios_version /sys/class/dmi/id/bios_date /sys/class/dmi/id/board_name /sys/class/dmi/id/board_vendor /sys/class/dmi/id/board_version /sys/class/dmi/id/board_serial /sys/class/dmi/id/board_asset_tag /sys/class/dmi/id/chassis_vendor /sys/class/dmi/id/chassis_version /sys/class/dmi/id/chassis_serial /sys/class/dmi/id/chassis_asset_tag /sys/class/dmi/id/chassis_type
s virt systemd-detect-virt
s container yes_ '[ -e /.dockerenv ]' '[ -e /run/.containerenv ]' '[ -e /dev/lxd/sock ]' '[ -d /proc/vz ] && [ ! -d /proc/bc ]' '[ -d /proc/xen ]' 'grep -q container=lxc /proc/1/environ' 'grep -qE "docker|containerd|kubepods" /proc/1/cgroup' '[ -e /dev/kvm ]'
s cgroup cat /proc/1/cgroup
s tools tools_ apt-get dnf5 dnf yum apk pacman zypper emerge pkg brew opkg xbps-install systemctl rc-service initctl sv runit-init dinit
s booted yes_ '[ -d /run/systemd/system ]' '[ -e /sbin/openrc ]' '[ -d /etc/init.d ]' '[ -d /sys/kernel/security/apparmor ]' '[ -d /sys/fs/selinux ]'
s selinux getenforce
s selinuxconf cat /etc/selinux/config
s fips cat /proc/sys/crypto/fips_enabled
s root root_
s hostkeys keys_
s local local_
echo
echo ==end`
