/**
 * What builds an embedded host from the inside, as POSIX sh (util-linux and coreutils words only).
 *
 * BUILD_SCRIPT is PID 1 of the host (after MAP_SCRIPT, which prints `map-me` and waits on stdin until its user
 * namespace has ids); it prints `up` when all is laid out. It makes a root on tmpfs, makes it /, and starts
 * START_SCRIPT in a second, nested user namespace: mounts that were inherited from a more privileged namespace
 * are locked by the kernel, so root of the host can neither lift a mask nor make a read-only mount writable.
 *
 * Environment: TIER (root | subuid | single-uid), NAME, STATE (folder of the machine), NESTED (1: user namespaces
 * work), HIDE (paths, one a line), SSH_END (sshd | ssh2), NODE and APP (machine paths, for ssh2), CLIENT_KEY,
 * HOST_KEY (texts), SSH_COMMAND (run by the host to serve ssh), RUN_DIR (where the host keeps its ssh files).
 */

/** Capabilities that would reach past namespaces; they leave the bounding set of everything in the host. */
const DROPPED = '-sys_time,-sys_module,-sys_boot,-sys_rawio,-mknod'

/** Where user namespaces are off, nothing locks a mount but the lack of sys_admin: only these stay. */
const KEPT_WITHOUT_USER_NAMESPACE = [
  '-all,+chown,+dac_override,+fowner,+fsetid,+kill,+setgid,+setuid,+setpcap',
  '+net_bind_service,+net_raw,+net_admin,+sys_chroot,+audit_write,+setfcap',
].join(',')

const LAYERS = `
real_dir() { [ -d "/$1" ] && [ ! -L "/$1" ]; }

# The machine below, everything written in tmpfs.
layer() {
  mkdir -p "$S/upper/$1" "$S/work/$1" "$R/$1"
  mount -t overlay overlay -o "lowerdir=/$1,upperdir=$S/upper/$1,workdir=$S/work/$1" "$R/$1"
}

read_only() {
  mkdir -p "$R/$1"
  mount --rbind "/$1" "$R/$1"
  mount -o remount,bind,ro "$R/$1"
}

links() {
  for d in bin sbin lib lib32 lib64 libx32; do
    if [ -L "/$d" ]; then cp -P "/$d" "$R/$d"; elif [ -d "/$d" ]; then $1 "$d"; fi
  done
}

empty() { mount -t tmpfs -o "mode=$2" tmpfs "$1"; }
`

const CLONE = `
clone_root() {
  links layer
  for d in usr etc var opt srv; do if real_dir "$d"; then layer "$d"; else mkdir -p "$R/$d"; fi; done
  printf '%s\\n' "$HIDE" | while IFS= read -r path; do
    case $path in
      /usr/?* | /etc/?* | /var/?* | /opt/?* | /srv/?*) [ ! -d "$R$path" ] || empty "$R$path" 755 ;;
    esac
  done
  [ ! -d "$R/var/tmp" ] || empty "$R/var/tmp" 1777
  rm -f "$R"/etc/ssh/ssh_host_* "$R/etc/hosts" "$R/etc/hostname" "$R/etc/resolv.conf"
  # sshd without PAM turns away an account whose password is locked with '!'.
  sed 's/^root:!*:/root:*:/' "$R/etc/shadow" > "$R/etc/shadow.new"
  chmod 600 "$R/etc/shadow.new"
  mv "$R/etc/shadow.new" "$R/etc/shadow"
}
`

const FRESH = `
# Public parts of the machine's /etc that programs in /usr cannot do without.
ETC_COPIES='alternatives ld.so.cache ld.so.conf ld.so.conf.d ld-musl-x86_64.path ssl ca-certificates.conf crypto-policies
  debian_version redhat-release alpine-release os-release login.defs profile profile.d bash.bashrc skel default pam.d
  security services protocols shells terminfo localtime timezone locale.gen apt dpkg perl python3 adduser.conf'

fresh_root() {
  links read_only
  read_only usr
  [ ! -d /usr/local ] || empty "$R/usr/local" 755
  mkdir -p "$R/usr/local/bin" "$R/usr/local/sbin" "$R/usr/local/lib" "$R/usr/local/etc" "$R/usr/local/share"
  mkdir -p "$R/etc/ssh" "$R/opt" "$R/srv" "$R/var/lib" "$R/var/log" "$R/var/cache" "$R/var/spool" "$R/var/empty"
  mkdir -m 1777 "$R/var/tmp"
  ln -s /run "$R/var/run"
  ln -s /run/lock "$R/var/lock"
  for f in $ETC_COPIES; do [ ! -e "/etc/$f" ] || cp -R -P "/etc/$f" "$R/etc/" 2>/dev/null || :; done
  if [ -d /var/lib/dpkg ]; then
    mkdir "$R/var/lib/dpkg"
    mount --rbind /var/lib/dpkg "$R/var/lib/dpkg"
    mount -o remount,bind,ro "$R/var/lib/dpkg"
  fi
  accounts
  printf 'passwd: files\\ngroup: files\\nshadow: files\\nhosts: files dns\\nservices: files\\nprotocols: files\\n' > "$R/etc/nsswitch.conf"
  : > "$R/etc/fstab"
  : > "$R/etc/machine-id"
}

accounts() {
  base=/usr/share/base-passwd
  if [ "$TIER" = subuid ] && [ -r "$base/passwd.master" ]; then
    sed 's/^\\([^:]*\\):[^:]*:/\\1:x:/' "$base/passwd.master" > "$R/etc/passwd"
    sed 's/^\\([^:]*\\):[^:]*:/\\1:x:/' "$base/group.master" > "$R/etc/group"
  else
    printf 'root:x:0:0:root:/root:/bin/sh\\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\\n' > "$R/etc/passwd"
    printf 'root:x:0:\\ntty:x:5:\\nnogroup:x:65534:\\n' > "$R/etc/group"
  fi
  printf 'sshd:x:99:65534::/run/sshd:/usr/sbin/nologin\\n' >> "$R/etc/passwd"
  sed 's/^\\([^:]*\\):.*/\\1:*:19700:0:99999:7:::/' "$R/etc/passwd" > "$R/etc/shadow"
  sed 's/^\\([^:]*\\):.*/\\1:*::/' "$R/etc/group" > "$R/etc/gshadow"
  chmod 600 "$R/etc/shadow" "$R/etc/gshadow"
}
`

const KERNEL_FACES = `
devices() {
  mkdir "$R/dev"
  empty "$R/dev" 755
  for d in null zero full random urandom tty; do : > "$R/dev/$d"; mount --bind "/dev/$d" "$R/dev/$d"; done
  mkdir "$R/dev/pts" "$R/dev/shm"
  mount -t devpts devpts "$R/dev/pts" -o newinstance,ptmxmode=0666,mode=620
  empty "$R/dev/shm" 1777
  ln -s pts/ptmx "$R/dev/ptmx"
  ln -s /proc/self/fd "$R/dev/fd"
  for d in 0:stdin 1:stdout 2:stderr; do ln -s "fd/\${d%%:*}" "$R/dev/\${d#*:}"; done
}

# vm and fs become private copies, so that sysctl works as on a host; net is per namespace; the rest is read-only.
proc_and_sys() {
  mkdir "$R/proc" "$R/sys" "$S/sysctl"
  mount -t proc proc "$R/proc"
  for t in vm fs; do
    cp -R "/proc/sys/$t" "$S/sysctl/" 2>/dev/null || :
    chmod -R u+w "$S/sysctl/$t" 2>/dev/null || :
  done
  mount --bind "$R/proc/sys" "$R/proc/sys"
  mount --bind "$R/proc/sys/net" "$R/proc/sys/net"
  mount -o remount,bind,ro "$R/proc/sys"
  for t in vm fs; do [ ! -d "$S/sysctl/$t" ] || mount --bind "$S/sysctl/$t" "$R/proc/sys/$t"; done
  for f in sysrq-trigger irq bus fs acpi scsi mtrr driver tty dynamic_debug asound slabinfo; do
    [ -e "$R/proc/$f" ] || continue
    mount --bind "$R/proc/$f" "$R/proc/$f"
    mount -o remount,bind,ro "$R/proc/$f"
  done
  for f in kcore keys timer_list sched_debug kallsyms kmsg; do
    [ ! -e "$R/proc/$f" ] || mount --bind /dev/null "$R/proc/$f"
  done
  mount -t sysfs -o ro,nosuid,nodev,noexec sysfs "$R/sys"
}
`

const SSH_FILES = `
ssh_files() {
  mkdir -m 700 "$R$RUN_DIR"
  printf '%s\\n' "$HOST_KEY" > "$R$RUN_DIR/host_key"
  chmod 600 "$R$RUN_DIR/host_key"
  printf '%s\\n' "$CLIENT_KEY" > "$R$RUN_DIR/authorized_keys"
  mkdir -m 700 "$R/root/.ssh"
  cp "$R$RUN_DIR/authorized_keys" "$R/root/.ssh/authorized_keys"
  printf '%s\\n' "$SSHD_CONFIG" > "$R$RUN_DIR/sshd_config"
  mkdir -m 755 "$R/run/sshd" "$R/run/lock"
  [ "$SSH_END" = ssh2 ] || return 0
  : > "$R$RUN_DIR/node"
  mount --bind "$NODE" "$R$RUN_DIR/node"
  mkdir "$R$RUN_DIR/app"
  mount --bind "$APP" "$R$RUN_DIR/app"
  mount -o remount,bind,ro "$R$RUN_DIR/app"
}
`

const NESTED_START = `
# Ids of the nested namespace are those of this one, one to one. The kernel wants a map in a single write.
same_ids() { while read -r inside outside count; do printf '%s %s %s\\n' "$inside" "$inside" "$count"; done < "$1"; }

start_nested() {
  mkfifo -m 600 "$RUN_DIR/ready" "$RUN_DIR/go"
  unshare -U -m -n -u -i sh -c 'echo ready > "$RUN_DIR/ready"; read -r go < "$RUN_DIR/go"; exec setpriv --bounding-set ${DROPPED} sh -c "eval \\"\\$START\\""' &
  pid=$!
  read -r ready < "$RUN_DIR/ready"
  map=$(same_ids /proc/self/gid_map)
  [ "$TIER" != single-uid ] || echo deny > "/proc/$pid/setgroups" 2>/dev/null || :
  printf '%s\\n' "$map" > "/proc/$pid/gid_map"
  map=$(same_ids /proc/self/uid_map)
  printf '%s\\n' "$map" > "/proc/$pid/uid_map"
  echo go > "$RUN_DIR/go"
}

start_flat() {
  unshare -u -i setpriv --bounding-set ${KEPT_WITHOUT_USER_NAMESPACE} sh -c 'eval "$START"' &
}
`

export const BUILD_SCRIPT = `set -eu
umask 022
export PATH=/usr/sbin:/usr/bin:/sbin:/bin
S=$STATE/mnt
R=$S/root
mount -t tmpfs -o mode=755 tmpfs "$S"
mkdir "$S/upper" "$S/work" "$R"
mount -t tmpfs -o mode=755 tmpfs "$R"
${LAYERS}${CLONE}${FRESH}${KERNEL_FACES}${SSH_FILES}
if [ "$TIER" = root ]; then clone_root; else fresh_root; fi
mkdir -p "$R/home" "$R/mnt" "$R/media" "$R/boot" "$R/tmp" "$R/run"
mkdir -m 700 "$R/root"
chmod 1777 "$R/tmp"
devices
proc_and_sys
ssh_files
ln -sf /proc/mounts "$R/etc/mtab"
printf '%s\\n' "$NAME" > "$R/etc/hostname"
printf '127.0.0.1\\tlocalhost\\n127.0.1.1\\t%s\\n::1\\tlocalhost\\n' "$NAME" > "$R/etc/hosts"
: > "$R/etc/resolv.conf"
mkdir "$R/.machine"
cd "$R"
pivot_root . .machine
cd /
umount -l /.machine
rmdir /.machine
${NESTED_START}
if [ "$NESTED" = 1 ]; then start_nested; else start_flat; fi
echo up
exec < /dev/null > /dev/null 2>&1
while kill -0 $! 2>/dev/null; do wait $! || :; done
`

/**
 * What a tier without root starts with: a program started while its user has no id in the namespace has no
 * capabilities, one started after that has them all.
 */
export const MAP_SCRIPT = `echo map-me; read -r go; exec sh -c 'eval "$BUILD"'`

/** The short command line that `ps` shows for PID 1. */
export const CLONE_SCRIPT = 'eval "$BUILD"'

/** Runs as root of the host, with the bounding set already small. */
export const START_SCRIPT = `set -eu
hostname "$NAME" 2>/dev/null || :
ip link set lo up 2>/dev/null || ifconfig lo 127.0.0.1 up 2>/dev/null || busybox ip link set lo up 2>/dev/null ||
  perl -e 'socket(my $s,2,2,0) or die; my $r=pack("a16s",q(lo),73).("\\0"x22); ioctl($s,0x8914,$r) or die' 2>/dev/null ||
  python3 -c 'import fcntl,socket,struct; fcntl.ioctl(socket.socket(2,2),0x8914,struct.pack("16sh22x",b"lo",73))' 2>/dev/null || {
    echo 'no program on this machine can bring up the loopback interface (ip, ifconfig, busybox, perl or python3)' >&2
    exit 1
  }
rm -f "$RUN_DIR/ready" "$RUN_DIR/go"
command=$SSH_COMMAND log=$RUN_DIR/ssh.log
exec env -i HOME=/root USER=root SHELL=/bin/sh LANG=C.UTF-8 PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \\
  sh -c "exec $command" < /dev/null > "$log" 2>&1
`
