/** The sh that reads releases, and its answer read. `folder` is the record's, a word of sh. */
import { quote } from '../base/quote.ts'
import { type Manifest, parseManifest } from './manifest.ts'
import { LIST_SNAPSHOTS, parseSnapshot, type SnapshotSeen } from './snapshot-scripts.ts'

/** Prints every manifest. Writes nothing. */
export function readScript(folder: string): string {
  return `D=${folder}
for r in "$D"/releases/[0-9]*; do
[ ! -r "$r/manifest" ] || { echo '${BEGIN}'; cat -- "$r/manifest"; }
done
for r in "$D"/releases/failed.*; do
[ ! -r "$r/manifest" ] || { echo '${FAILED}'; cat -- "$r/manifest"; }
done
l=0; for r in "$D"/runs/*; do [ ! -e "$r/holder" ] || l=\${r##*/}; done
echo "${LAST} $l"
${LIST_SNAPSHOTS}`
}

const BEGIN = 'release'
const FAILED = 'failed'
const LAST = 'last'

export interface HostReleases {
  /** Oldest first. */
  readonly releases: readonly Manifest[]
  /** What deploys declared that failed after the newest release. */
  readonly failed: readonly Manifest[]
  /** Fencing number of the newest run; 0: there was none. */
  readonly lastRun: number
  /** Of its data, oldest first. */
  readonly snapshots: readonly SnapshotSeen[]
}

export function parseReleases(text: string): HostReleases {
  const releases: Manifest[] = []
  const failed: Manifest[] = []
  const snapshots: SnapshotSeen[] = []
  let lastRun = 0
  let kind: string | null = null
  let lines: string[] = []
  const settle = () => {
    const manifest = kind === null ? null : parseManifest(lines.join('\n'))
    if (manifest !== null && kind === BEGIN) releases.push(manifest)
    if (manifest !== null && kind === FAILED) failed.push(manifest)
    lines = []
  }
  for (const line of [...text.split('\n'), '']) {
    const isLast = line.startsWith(`${LAST} `)
    if (line === BEGIN || line === FAILED || isLast) {
      settle()
      kind = isLast ? null : line
      if (isLast) lastRun = Number(line.slice(LAST.length + 1)) || 0
    } else if (kind === null) snapshots.push(...[parseSnapshot(line)].filter(one => one !== null))
    else lines.push(line)
  }
  return { releases, failed, lastRun, snapshots }
}

/** Prints one manifest, when it is there. */
export function readOneScript(folder: string, name: string): string {
  return `cat -- ${folder}/releases/${name}/manifest 2>/dev/null; exit 0`
}

/** A longer text is not compared line by line. */
const TEXT_BYTES = 128 * 1024

export interface TextsWanted {
  /** Of contents that were kept. */
  readonly digests: readonly string[]
  /** Of files as they are now. */
  readonly paths: readonly string[]
}

/** Prints texts, each below `mark` and its digest or its path; what is no text is not there. */
export function textsScript(folder: string, { digests, paths }: TextsWanted, mark: string): string {
  return `D=${folder}
t() { b=$2; [ -f "$b" ] && [ -r "$b" ] && ${IS_TEXT} && { echo '${mark}' "$1"; cat -- "$b"; echo; }; }
${digests.map(digest => `t ${quote(digest)} "$D/blobs/"${quote(digest)}`).join('\n')}
${paths.map(path => `t ${quote(path)} ${quote(path)}`).join('\n')}
echo '${mark}'`
}

const IS_TEXT = `[ "$(wc -c <"$b")" -le ${TEXT_BYTES} ] && [ "$(tr -d '\\000' <"$b" | wc -c)" = "$(wc -c <"$b")" ]`

/** By digest or path. */
export function parseTexts(output: string, mark: string): ReadonlyMap<string, string> {
  const texts = new Map<string, string>()
  for (const part of output.split(mark).slice(1, -1)) {
    const at = part.indexOf('\n')
    texts.set(part.slice(1, at), part.slice(at + 1).replace(/\n$/, ''))
  }
  return texts
}
