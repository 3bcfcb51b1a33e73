#!/bin/sh
# Run twice while the image is built: `install` puts the packages in, `configure` makes a host of them.
set -eu

install() {
  # Nothing may be started while an image is built.
  printf '#!/bin/sh\nexit 101\n' > /usr/sbin/policy-rc.d
  chmod 755 /usr/sbin/policy-rc.d
  apt-get update -q
  # shellcheck disable=SC2046
  apt-get install -q -y --no-install-recommends $(cat /tmp/build/packages.txt)
  apt-get clean
  rm -rf /var/lib/apt/lists/* /usr/sbin/policy-rc.d
}

configure() {
  chmod 755 /usr/local/sbin/sandbox-init /usr/local/sbin/sandbox-own-sysctl
  mkdir -p /var/log/journal
  # Units for hardware, consoles and kernel modules, none of which a container has.
  systemctl mask systemd-udevd.service systemd-udevd-control.socket systemd-udevd-kernel.socket \
    systemd-udev-trigger.service systemd-binfmt.service systemd-modules-load.service systemd-remount-fs.service \
    systemd-firstboot.service proc-sys-fs-binfmt_misc.automount sys-kernel-debug.mount sys-kernel-tracing.mount \
    sys-kernel-config.mount getty.target console-getty.service e2scrub_reap.service apt-daily.timer \
    apt-daily-upgrade.timer
  systemctl enable ssh.service docker.service cron.service
  # Installed for roles to switch on.
  systemctl disable ufw.service fail2ban.service nftables.service
  # Every host makes or is given its own.
  rm -f /etc/ssh/ssh_host_*
  : > /etc/machine-id
}

"$1"
