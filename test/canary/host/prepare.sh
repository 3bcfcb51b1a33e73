# On the target, as root: what the modules of modules.yml work on. No secret is known here.
set -eu
systemctl start --no-block mariadb postgresql@17-main
mkdir -p /root/canary/parts /root/canary/project
chmod 700 /root/canary
cd /root/canary
printf 'services: { app: { image: "redis:8.0-bookworm", entrypoint: [sleep, infinity], env_file: [secret.env] } }\n' >project/compose.yml
printf 'services: { app: { image: [] } }\n' >project/broken.yml

mkdir build repos
printf 'FROM canary-tiny:1\nARG TOKEN\nRUN --mount=type=secret,id=token cat /run/secrets/token; printf "%%s\\n" "$TOKEN"\n' >build/Dockerfile
printf 'FROM canary-tiny:1\nRUN --mount=type=secret,id=token cat /run/secrets/token; exit 3\n' >build/Fails
printf '[main]\nreposdir=/root/canary/repos\ncachedir=/root/canary/dnf-cache\nlogdir=/root/canary\npluginpath=/root/canary/none\n' >dnf.conf
{
  echo registry=http://127.0.0.1:8099/login/npm/
  echo '//127.0.0.1:8099/login/npm/:_authToken=${NPM_SECRET}'
  printf '%s=false\n' audit fund update-notifier
} >/root/.npmrc

mkdir -p /srv/canary/apt /srv/canary/package/DEBIAN
cd /srv/canary
printf 'Package: canary-package\nVersion: 1\nArchitecture: all\nMaintainer: Nobody <nobody@localhost>\nDescription: nothing\n' >package/DEBIAN/control
dpkg-deb --root-owner-group -b package canary-package.deb >/dev/null
cp canary-package.deb apt/
{
  dpkg-deb -f canary-package.deb
  printf 'Filename: ./canary-package.deb\nSize: %s\nSHA256: %s\n' "$(stat -c %s canary-package.deb)" "$(sha256sum canary-package.deb | cut -d' ' -f1)"
} >apt/Packages
# No other source: the host may have no way out.
rm -rf /etc/apt/sources.list.d/* /var/lib/apt/lists/*
echo 'deb [trusted=yes] file:/srv/canary/apt ./' >/etc/apt/sources.list

git init -q --bare -b main repository.git
tree=$(git -C repository.git mktree </dev/null)
commit=$(git -C repository.git -c user.name=x -c user.email=x@localhost commit-tree -m x "$tree")
git -C repository.git update-ref refs/heads/main "$commit"
git -C repository.git update-server-info

# A stand-in: the package locales is not in the image. It knows every locale but those called fails.
cat >/usr/local/sbin/locale-gen <<'GEN'
#!/bin/sh
grep -q '^fails' /etc/locale.gen || exit 0
sed -i '/^fails/d' /etc/locale.gen
exit 1
GEN
chmod 755 /usr/local/sbin/locale-gen

mkdir -p tiny/bin
cp /bin/busybox tiny/bin/
for name in cat printenv printf sh sleep; do ln -s busybox tiny/bin/$name; done
tar -C tiny -c . | docker import - canary-tiny:1 >/dev/null

cat >registry.yml <<'REGISTRY'
version: 0.1
log: { level: warn }
storage: { filesystem: { rootdirectory: /var/lib/canary-registry } }
auth: { htpasswd: { realm: canary, path: /root/canary/registry-users } }
http: { addr: "127.0.0.1:5050", secret: canary }
REGISTRY
systemd-run -q --unit canary-registry docker-registry serve /srv/canary/registry.yml

docker run -d -q --name canary --entrypoint sleep redis:8.0-bookworm infinity >/dev/null
systemd-run -q --unit canary-server python3 /srv/canary/server.py
timeout 20 sh -c 'until curl -fs http://127.0.0.1:8099/told >/dev/null; do sleep 0.1; done'
systemctl start mariadb postgresql@17-main
