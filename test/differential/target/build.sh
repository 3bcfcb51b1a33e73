#!/bin/sh
# Run once while the image is built.
set -eu
export DEBIAN_FRONTEND=noninteractive

printf '#!/bin/sh\nexit 101\n' > /usr/sbin/policy-rc.d
chmod 755 /usr/sbin/policy-rc.d
apt-get update -q
apt-get install -q -y --no-install-recommends locales python3-debian python3-lxml python3-pexpect zip bzip2
apt-get clean
rm -rf /var/lib/apt/lists/* /usr/sbin/policy-rc.d

# A repository of own small packages: fast, always the same, with an older version to pin and a dependency to remove.
package() { # NAME VERSION DEPENDS
  root=$(mktemp -d)
  mkdir -p "$root/DEBIAN" "$root/usr/share/$1" "$root/etc/$1"
  printf 'Package: %s\nVersion: %s\nArchitecture: all\nMaintainer: nobody <nobody@example.org>\nDescription: %s for tests\n' \
    "$1" "$2" "$1" > "$root/DEBIAN/control"
  [ -z "$3" ] || printf 'Depends: %s\n' "$3" >> "$root/DEBIAN/control"
  printf '%s\n' "$2" > "$root/usr/share/$1/version"
  printf 'version = %s\n' "$2" > "$root/etc/$1/$1.conf"
  printf '/etc/%s/%s.conf\n' "$1" "$1" > "$root/DEBIAN/conffiles"
  chmod -R u=rwX,go=rX "$root"
  dpkg-deb --root-owner-group --build "$root" "/srv/packages/$1_$2_all.deb" > /dev/null
  rm -r "$root"
}
mkdir -p /srv/packages
package demo-lib 1.0 ''
package demo-tool 1.0 demo-lib
package demo-tool 1.1 demo-lib
package demo-other 2.0 ''
package demo-loose 0.5 ''
cd /srv/packages
mv demo-loose_0.5_all.deb /srv/demo-loose.deb
for file in *.deb; do
  dpkg-deb -f "$file"
  printf 'Filename: ./%s\nSize: %s\nSHA256: %s\n\n' "$file" "$(stat -c %s "$file")" "$(sha256sum "$file" | cut -d' ' -f1)"
done > Packages
printf 'Date: Wed, 01 Jan 2025 00:00:00 UTC\nSHA256:\n %s %s Packages\n' \
  "$(sha256sum Packages | cut -d' ' -f1)" "$(stat -c %s Packages)" > Release
rm -f /etc/apt/sources.list /etc/apt/sources.list.d/*
printf 'deb [trusted=yes] file:/srv/packages ./\n' > /etc/apt/sources.list.d/own.list
apt-get update -q

# A repository to clone, with two commits, a branch and a tag.
export GIT_AUTHOR_NAME=A GIT_AUTHOR_EMAIL=a@example.org GIT_COMMITTER_NAME=A GIT_COMMITTER_EMAIL=a@example.org
export GIT_AUTHOR_DATE='2025-01-01T00:00:00Z' GIT_COMMITTER_DATE='2025-01-01T00:00:00Z'
git init -q -b main /srv/work && cd /srv/work
echo one > file && git add file && git commit -qm one && git tag v1
git checkout -qb feature && echo feature > feature && git add feature && git commit -qm feature
git checkout -q main && echo two > file && git commit -qam two
git clone -q --bare /srv/work /srv/repo.git
cd / && rm -r /srv/work
git config --system --add safe.directory '*'

chmod 755 /usr/local/sbin/differential-init /usr/local/sbin/differential-web
