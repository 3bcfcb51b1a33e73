/**
 * Snapshots of data on a host (decision 14): `snapshots/<release>.<lease>/` in the record, numbers of the newest release
 * and of the run, made under a temporary name, hashed and renamed. In all of these `$R` is the record's folder.
 */
import { quote } from '../base/quote.ts'

/** How a snapshot's folders for roles are called. */
export function roleFolder(role: string): string {
  return role.replace(/[^\w.-]+/g, '_')
}

/** Where texts of schemas lie in it. */
export const SCHEMAS = '.schema'

/** Makes the folder that is filled, with one for each role, and prints where it is. Half ones of earlier runs go. */
export function openSnapshot(run: string, roles: readonly string[]): string {
  const folders = [SCHEMAS, ...roles.map(roleFolder)].map(name => `"$n"/${quote(name)}`)
  return `umask 077
n=$R/snapshots/.new.${run}
mkdir -p -- "$R/snapshots" && chmod 700 "$R/snapshots" || exit 96
for s in "$R"/snapshots/.new.*; do [ "$s" = "$n" ] || rm -rf -- "$s"; done
mkdir -p -- ${folders.join(' ')} || exit 96
printf '%s\\n' "$n"`
}

export function dropSnapshot(run: string): string {
  return `rm -rf -- "$R/snapshots/.new.${run}"; rmdir -- "$R/snapshots" 2>/dev/null`
}

/** Keeps the text that comes on standard input as the schema of a role. */
export function keepSchema(run: string, role: string): string {
  return `umask 077; cat >"$R/snapshots/.new.${run}/${SCHEMAS}/"${quote(roleFolder(role))}`
}

export interface SnapshotAbout {
  readonly run: string
  /** As people read it, UTC. */
  readonly when: string
  readonly by: string
}

/** Ends with 97 when a file is empty. Prints its name; nothing when no role had anything to keep. */
export function closeSnapshot({ run, when, by }: SnapshotAbout): string {
  return `umask 077
n=$R/snapshots/.new.${run}
cd "$n" 2>/dev/null || exit 0
rmdir -- */ 2>/dev/null
k=; for r in */; do [ ! -d "$r" ] || k=$k,\${r%/}; done
[ -n "$k" ] || { cd /; ${dropSnapshot(run)}; exit 0; }
e=$(find . -type f -size 0 ! -path './${SCHEMAS}/*' | head -n 1)
[ -z "$e" ] || { cd /; ${dropSnapshot(run)}; echo "\${e#./} is empty: that is no snapshot" >&2; exit 97; }
l=; for r in "$R"/runs/0*; do l=\${r##*/}; done
b=0000000000; for r in "$R"/releases/0*; do [ ! -e "$r/manifest" ] || b=\${r##*/}; done
z=$(du -sk .)
printf '%s %s %s %s\\n' "\${z%%[!0-9]*}" "$(date +%s)" "\${k#,}" ${quote(JSON.stringify({ run, when, by }))} >manifest || exit 96
find . -type f ! -name checksums -exec sha256sum {} + >checksums || exit 96
{ sync -f . || sync; } 2>/dev/null
cd / && mv -T -- "$n" "$R/snapshots/$b.$l" || exit 96
set -- "$R/snapshots/$b".*
while [ $# -gt ${KEPT_OF_ONE} ]; do f=$1; rm -rf -- "$2"; shift 2; set -- "$f" "$@"; done
echo "$b.$l"`
}

/** Of one release the first and the last two. */
const KEPT_OF_ONE = 3

export interface SnapshotSeen {
  /** Its folder. */
  readonly name: string
  /** The newest release when it was made; 0: there was none. */
  readonly release: number
  readonly run: string
  readonly when: string
  readonly by: string
  readonly bytes: number
  /** Seconds. */
  readonly age: number
  readonly roles: readonly string[]
}

/** Prints a line for each, oldest first. `$D` is the record's folder. */
export const LIST_SNAPSHOTS = `for s in "$D"/snapshots/[0-9]*; do
[ ! -r "$s/manifest" ] || { IFS= read -r l <"$s/manifest"; printf 'snapshot %s %s %s\\n' "\${s##*/}" "$(date +%s)" "$l"; }
done`

/** null: the line is about none, or cannot be read. */
export function parseSnapshot(line: string): SnapshotSeen | null {
  const found = /^snapshot (\d{10})(\.\d{10}) (\d+) (\d+) (\d+) (\S+) (\{.*\})$/.exec(line)
  if (found === null) return null
  const [, release = '', lease = '', now, kilobytes, made, roles = '', json = ''] = found
  try {
    const { run, when, by } = JSON.parse(json) as Readonly<Record<string, unknown>>
    return {
      name: `${release}${lease}`,
      release: Number(release),
      run: String(run),
      when: String(when),
      by: String(by),
      bytes: Number(kilobytes) * 1024,
      age: Math.max(0, Number(now) - Number(made)),
      roles: roles.split(','),
    }
  } catch {
    return null
  }
}

/** Prints its folder, then the folders of the roles in it. Ends with 97 when it is not what was written. */
export function checkSnapshot(name: string): string {
  return `s=$R/snapshots/${quote(name)}
cd "$s" && sha256sum -c checksums >/dev/null 2>&1 || { echo ${quote(`the snapshot ${name} is damaged or gone`)} >&2; exit 97; }
printf '%s\\n' "$s"
for r in */; do printf '%s\\n' "\${r%/}"; done`
}

/** Compares the text on standard input with the schema that a snapshot holds of a role; null: there is no snapshot. */
export function compareSchema(name: string | null, role: string): string {
  const file =
    name === null ? '/dev/null/none' : `"$R/snapshots/${name}/${SCHEMAS}/"${quote(roleFolder(role))}`
  return `umask 077; f=${file}
t=$(cat); if [ ! -e "$f" ] || [ -z "$t" ]; then echo 'schema unknown'; else
[ "$t" != "$(cat "$f")" ] || { echo 'schema same'; exit 0; }
{ printf '%s\\n' "$t" | grep -vxF -f "$f"; grep -vxF -- "$t" "$f"; } | while read -r w x; do echo "schema moved $w"; done | sort -u
fi`
}
