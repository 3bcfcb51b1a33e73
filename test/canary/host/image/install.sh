# While the image is built, as root: the programs of the modules.
set -eu
# Nothing may be started while an image is built.
printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
chmod 755 /usr/sbin/policy-rc.d
sed -n 's/ trixie main/ bookworm main/p' /etc/apt/sources.list >/etc/apt/sources.list.d/older.list
apt-get update -q
# shellcheck disable=SC2046
DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $(cat /tmp/build/packages.txt)

# Debian 13 has no apt-key any more: this one, a script, is Debian 12's.
cd /tmp/build
apt-get download -q apt/bookworm
dpkg-deb --fsys-tarfile apt_*.deb | tar -x -C / ./usr/bin/apt-key

rm -rf /etc/apt/sources.list.d/older.list /var/lib/apt/lists/* /var/cache/apt/*.bin /usr/sbin/policy-rc.d
apt-get clean
# Each is started by the task that needs it, or by prepare.sh: firewalld and others would shut each other out.
systemctl disable atd firewalld mariadb postgresql
