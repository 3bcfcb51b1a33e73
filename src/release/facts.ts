/** What a host says of files and images: the sh that asks, and its answer read. Fields are parted by tabs. */
import { quote } from '../base/quote.ts'

export interface FileOwner {
  /** Names; where an id has none, the id. */
  readonly owner: string
  readonly group: string
}

export type FoundFile =
  | { readonly type: 'absent' }
  /** Neither file, folder nor link, or not to be read. */
  | { readonly type: 'other' }
  | ({ readonly type: 'directory'; readonly mode: string } & FileOwner)
  | ({ readonly type: 'link'; readonly target: string } & FileOwner)
  | ({
      readonly type: 'file'
      /** Octal digits. */
      readonly mode: string
      /** Bytes. */
      readonly size: number
      readonly sha256: string
      /** False: it is too large to be kept. */
      readonly isKept: boolean
    } & FileOwner)

export interface FoundImage {
  readonly project: string
  readonly service: string
  readonly container: string
  readonly state: string
  readonly reference: string
  readonly id: string
}

export interface Facts {
  /** By the place in the list that was asked. */
  readonly files: ReadonlyMap<number, FoundFile>
  readonly images: readonly FoundImage[]
  /** By id of an image. */
  readonly digests: ReadonlyMap<string, readonly string[]>
  /** Which image has a name now, by the name. */
  readonly named: ReadonlyMap<string, string>
  /** Digests whose copies are gone or damaged. */
  readonly damaged: ReadonlySet<string>
  /** Where the record is; null: nobody asked. */
  readonly record: string | null
}

/** A file larger than this is not kept: releases are for what is rendered. */
export const KEPT_BYTES = 16 * 1024 * 1024

/** The function `f INDEX PATH` of sh, which prints what is there. */
export function fileFunction(kept = ':'): string {
  return FILES.replace('KEPT', () => kept)
}

/** Prints what is at each path. `kept`: sh that is run for a file that may be kept; `$2` is its path, `$h` its sha256. */
export function filesScript(paths: readonly string[], kept = ':'): string {
  if (paths.length === 0) return ':'
  return `${fileFunction(kept)}
${paths.map((path, index) => (path.includes('\n') ? ':' : `f ${index} ${quote(path)}`)).join('\n')}`
}

const OWNER = '%U\t%G\t%u\t%g'
const FILES = `f() {
if [ -L "$2" ]; then l=$(readlink -- "$2"); case $l in *'
'*) printf 'file\\t%s\\tother\\n' "$1"; return;; esac
printf 'file\\t%s\\tlink\\t%s\\t%s\\n' "$1" "$(stat -c '${OWNER}' -- "$2")" "$l"
elif [ -d "$2" ]; then printf 'file\\t%s\\tdirectory\\t%s\\n' "$1" "$(stat -c '${OWNER}\t%a' -- "$2")"
elif [ -f "$2" ] && h=$(sha256sum <"$2"); then h=\${h%% *}; z=$(stat -c %s -- "$2"); k=kept
if [ "$z" -gt ${KEPT_BYTES} ]; then k=large; else KEPT
fi
printf 'file\\t%s\\tfile\\t%s\\t%s\\t%s\\t%s\\n' "$1" "$(stat -c '${OWNER}\t%a' -- "$2")" "$z" "$h" "$k"
elif [ -e "$2" ]; then printf 'file\\t%s\\tother\\n' "$1"
else printf 'file\\t%s\\tabsent\\n' "$1"; fi
}`

/** Prints which image each container of these compose projects runs, then what registries call those images. */
export function imagesScript(projects: readonly string[]): string {
  if (projects.length === 0) return ':'
  return `c() {
set -- "$1" $(docker ps -aq --no-trunc --filter "label=com.docker.compose.project=$1" --filter label=com.docker.compose.oneoff=False)
shift; [ $# -eq 0 ] || docker inspect --type container --format '${CONTAINER}' -- "$@"
}
if command -v docker >/dev/null 2>&1; then
I=$({ ${projects.map(name => `c ${quote(name)}`).join('; ')}; } 2>/dev/null)
[ -z "$I" ] || printf '%s\\n' "$I"
set -- $(printf '%s\\n' "$I" | cut -f7 | sort -u)
[ $# -eq 0 ] || docker image inspect --format 'digests{{"\\t"}}{{.Id}}{{"\\t"}}{{json .RepoDigests}}' -- "$@" 2>/dev/null
fi`
}

const CONTAINER = [
  'image',
  '{{index .Config.Labels "com.docker.compose.project"}}',
  '{{index .Config.Labels "com.docker.compose.service"}}',
  '{{.Name}}',
  '{{if .State.Health}}{{.State.Health.Status}}{{else}}{{.State.Status}}{{end}}',
  '{{.Config.Image}}',
  '{{.Image}}',
].join('{{"\\t"}}')

/** Prints which images these names mean now. */
export function namesScript(references: readonly string[]): string {
  const ask = (reference: string) =>
    `n=$(docker image inspect --format '{{.Id}}' -- ${quote(reference)} 2>/dev/null) && printf 'named\\t%s\\t%s\\n' ${quote(reference)} "$n"`
  return references.map(ask).join('\n') || ':'
}

/** Prints where the record is, and which of these copies in it cannot be used. `folder` is a word of sh. */
export function copiesScript(folder: string, digests: readonly string[]): string {
  return `printf 'record\\t%s\\n' ${folder}
b() { h=; [ ! -r ${folder}/blobs/"$1" ] || h=$(sha256sum <${folder}/blobs/"$1"); [ "\${h%% *}" = "$1" ] || printf 'damaged\\t%s\\n' "$1"; }
${digests.map(digest => `b ${quote(digest)}`).join('\n')}`
}

/** Throws nothing: lines that are not understood are not there. */
export function readFacts(text: string): Facts {
  const files = new Map<number, FoundFile>()
  const images: FoundImage[] = []
  const digests = new Map<string, readonly string[]>()
  const named = new Map<string, string>()
  const damaged = new Set<string>()
  let record: string | null = null
  for (const line of text.split('\n')) {
    const [word, ...fields] = line.split('\t')
    const [first = '', ...rest] = fields
    if (word === 'file') files.set(Number(first), fileOf(rest))
    else if (word === 'image') images.push(imageOf(fields))
    else if (word === 'digests') digests.set(first, textsOf(rest[0] ?? ''))
    else if (word === 'named') named.set(first, rest[0] ?? '')
    else if (word === 'damaged') damaged.add(first)
    else if (word === 'record') record = first
  }
  return { files, images, digests, named, damaged, record }
}

function fileOf([
  type = '',
  user = '',
  team = '',
  uid = '',
  gid = '',
  ...rest
]: readonly string[]): FoundFile {
  const named = (name: string, id: string) => (name === 'UNKNOWN' || name === '' ? id : name)
  const whose = { owner: named(user, uid), group: named(team, gid) }
  const [first = '', size = '', sha256 = '', kept = ''] = rest
  if (type === 'link') return { type, target: rest.join('\t'), ...whose }
  if (type === 'directory') return { type, mode: first, ...whose }
  if (type === 'file')
    return { type, mode: first, size: Number(size), sha256, isKept: kept === 'kept', ...whose }
  return { type: type === 'absent' ? 'absent' : 'other' }
}

function imageOf(fields: readonly string[]): FoundImage {
  const [project = '', service = '', container = '', state = '', reference = '', id = ''] = fields
  return { project, service, container: container.replace(/^\//, ''), state, reference, id }
}

function textsOf(json: string): readonly string[] {
  try {
    const data: unknown = JSON.parse(json)
    return Array.isArray(data) ? data.map(String) : []
  } catch {
    return []
  }
}
