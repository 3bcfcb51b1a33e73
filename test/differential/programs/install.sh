# While the image is built, as root.
set -eu
# Nothing may be started while an image is built.
printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
chmod 755 /usr/sbin/policy-rc.d
apt-get update -q
# shellcheck disable=SC2046
DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $(cat /tmp/build/packages.txt)
rm -rf /var/lib/apt/lists/* /usr/sbin/policy-rc.d
apt-get clean
