/** All entries below a directory with their stat, from one `find`. */
import { VpaiError } from '../../base/error.ts'
import { quote } from '../../base/quote.ts'
import type { Dict } from '../../base/value.ts'
import type { Key, ReadSeen } from '../../probes/contract.ts'
import { statResult } from './stat-result.ts'

type ReadKey = Extract<Key, { kind: 'read' }>

export interface Found {
  readonly path: string
  readonly stat: Dict
  readonly mode: number
}

export interface Listing {
  readonly problem: string | null
  /** The host's clock, in seconds. */
  readonly now: number
  readonly files: readonly Found[]
}

interface Depth {
  readonly recurse: boolean
  readonly depth?: number | undefined
  readonly follow: boolean
}

/** Names may hold anything but NUL, so each run of stat is preceded by the names it is given. */
export function findKey(path: string, { recurse, depth, follow }: Depth): ReadKey {
  const deepest = recurse ? (depth === undefined ? '' : `-maxdepth ${depth} `) : '-maxdepth 1 '
  // A ~ is left for the shell, so that its own rules hold.
  const home = /^~[\w.-]*(?=\/|$)/.exec(path)?.[0] ?? ''
  const word = `${home}${quote(path.slice(home.length))}`
  return {
    kind: 'read',
    name: `find ${follow} ${deepest}${path}`,
    files: [path.replace(/\/+$/, '')],
    script: `p=${home !== '' && home === path ? home : word}; date +%s
[ -d "$p" ] || { echo 'is not a directory' >&2; exit 1; }
find ${follow ? '-L ' : '-H '}"$p" -mindepth 1 ${deepest}-exec sh -c 'printf "%s\\0" "$@"; printf "//\\0"; stat -c "${FORMAT}" -- "$@" 2>&1; printf "\\0"' sh {} +`,
  }
}

const FORMAT = '%f %u %g %s %.9Y %.9X %.9Z %h %i %d %U %G'

export function readFound(seen: ReadSeen): Listing {
  const end = seen.stdout.indexOf('\n')
  const now = Number(seen.stdout.slice(0, end))
  const parts = seen.stdout.slice(end + 1).split('\0')
  const files: Found[] = []
  let names: string[] = []
  for (let at = 0; at < parts.length - 1; at++) {
    const part = parts[at] ?? ''
    // No path that find prints is two slashes alone.
    if (part !== '//') {
      names.push(part)
      continue
    }
    const lines = (parts[++at] ?? '').trimEnd().split('\n')
    if (lines.length !== names.length)
      throw new VpaiError(
        'PROBE_GARBLED',
        'The list of files does not add up; it may have changed while it was made.',
      )
    for (const [index, name] of names.entries()) files.push(...foundOf(name, lines[index] ?? ''))
    names = []
  }
  return {
    problem: files.length === 0 && seen.code !== 0 ? seen.stderr.trim() || 'cannot be read' : null,
    now,
    files,
  }
}

const TYPES = new Map([
  [0x1, 'fifo'],
  [0x2, 'char'],
  [0x4, 'directory'],
  [0x6, 'block'],
  [0x8, 'file'],
  [0xa, 'link'],
  [0xc, 'socket'],
] as const)

/** What vanished meanwhile has an error for a line and is left out. */
function foundOf(path: string, line: string): Found[] {
  const fields = line.split(' ')
  if (fields.length !== 12 || !/^[0-9a-f]+$/.test(fields[0] ?? '')) return []
  const bits = Number.parseInt(fields[0] ?? '', 16)
  const [, uid = 0, gid = 0, size = 0, mtime = 0, atime = 0, ctime = 0, nlink = 1] = fields.map(Number)
  const type = TYPES.get((bits >> 12) as 8) ?? 'file'
  const { exists, ...stat } = statResult(path, {
    type,
    mode: bits & 0o7777,
    uid,
    gid,
    size,
    mtime,
    atime,
    ctime,
    nlink,
    inode: fields[8] ?? '0',
    device: fields[9] ?? '0',
    owner: fields[10] ?? null,
    group: fields[11] ?? null,
  })
  return exists === true ? [{ path, stat, mode: bits & 0o7777 }] : []
}
