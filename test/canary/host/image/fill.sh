# While the image is built, as root: a package called canary-hello for dnf, npm and pip each, which server.py serves.
set -eu
served=/srv/canary
mkdir -p $served/rpms $served/npm $served/simple/canary-hello
cd "$(mktemp -d)"

printf 'Name: canary-hello\nVersion: 1\nRelease: 1\nSummary: nothing\nLicense: MIT\nBuildArch: noarch\n%%description\nnothing\n%%files\n' >hello.spec
rpmbuild -bb --define "_topdir $PWD/rpm" --define "_rpmdir $served/rpms" hello.spec >log 2>&1 || { cat log; exit 1; }
createrepo_c -q $served/rpms

mkdir package
printf '{ "name": "canary-hello", "version": "1.0.0" }\n' >package/package.json
tar -czf $served/npm/canary-hello-1.0.0.tgz package
sum=$(openssl dgst -sha512 -binary $served/npm/canary-hello-1.0.0.tgz | base64 -w0)
cat >$served/npm/canary-hello <<JSON
{ "name": "canary-hello", "dist-tags": { "latest": "1.0.0" }, "versions": { "1.0.0": { "name": "canary-hello", "version": "1.0.0",
  "dist": { "tarball": "http://127.0.0.1:8099/login/npm/canary-hello-1.0.0.tgz", "integrity": "sha512-$sum" } } } }
JSON

wheel=canary_hello-1-py3-none-any.whl
python3 - $served/simple/canary-hello/$wheel <<'WHEEL'
import sys, zipfile
about = "canary_hello-1.dist-info"
with zipfile.ZipFile(sys.argv[1], "w") as wheel:
    wheel.writestr(f"{about}/METADATA", "Metadata-Version: 2.1\nName: canary-hello\nVersion: 1\n")
    wheel.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nGenerator: canary\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
    wheel.writestr(f"{about}/RECORD", f"{about}/METADATA,,\n{about}/WHEEL,,\n{about}/RECORD,,\n")
WHEEL
printf '<a href="%s">%s</a>\n' $wheel $wheel >$served/simple/canary-hello/index.html
