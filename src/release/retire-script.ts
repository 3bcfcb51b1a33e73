/** The sh that takes away what is older than the newest releases: manifests, snapshots of their data, names of images, copies that no manifest names. */
import { keptImage } from './kept-image.ts'

/** Runs in the script that made a release: `$D` is the record's folder, `$R` the one of the releases. */
export function retireScript(project: string, keep: number): string {
  return `set -- "$R"/[0-9]*
[ $# -le ${keep} ] || {
while [ $# -gt ${keep} ]; do
o=\${1##*/}; while [ "$o" != "\${o#0}" ]; do o=\${o#0}; done
command -v docker >/dev/null 2>&1 && docker image ls --format '{{.Repository}}:{{.Tag}}' 2>/dev/null | grep -F -- ${keptImage(project, '"$o"')} | while read -r i; do docker rmi -- "$i" >/dev/null 2>&1; done
rm -rf -- "$1" "$D/snapshots/\${1##*/}".* "$D"/snapshots/0000000000.*; shift
done
cat "$R"/[0-9]*/manifest | tr '\\t' '\\n' | grep -E '^[0-9a-f]{64}$' | sort -u >"$R/.named"
ls "$D/blobs" | grep -vxF -f "$R/.named" | while read -r b; do rm -f -- "$D/blobs/$b"; done
rm -f -- "$R/.named"
}
exit 0`
}
