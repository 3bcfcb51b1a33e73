/**
 * lstat (or stat) of any number of paths by one stat process, link targets, sha256 of regular files,
 * and the names behind the ids.
 *
 * stat's errors are merged into its output: both GNU and busybox keep them in argument order. A link's target
 * may hold any byte but NUL, so links are answered as NUL-terminated triples: path, target, where it leads.
 * A path that holds a newline is asked in a process of its own. Times of access come last: reading for the checksums may
 * set them, and asked again right after they should be the same.
 */
import { quote, quoteAll } from '../base/quote.ts'
import { garbled, linesOf, textOf } from './answer.ts'
import type { Key, PathSeen, Probe } from './contract.ts'

type PathKey = Extract<Key, { kind: 'path' }>

/** One block of the script: paths that are asked the same way. */
interface Block {
  readonly follow: boolean
  readonly odd: boolean
  readonly paths: readonly string[]
  readonly hashed: readonly string[]
}

export const pathProbe: Probe<PathKey> = {
  kind: 'path',
  id: key => `${key.follow ? 'L' : '-'}${key.hash ? 'h' : '-'}${key.path}`,
  script(keys) {
    const blocks = blocksOf(keys).map(blockScript)
    return `f='${FORMAT}'\na=\n${blocks.join('\n')}\n${NAMES}`
  },
  parse(keys, stdout) {
    const cursor: Cursor = { text: textOf(stdout), at: 0 }
    const seen = new Map<string, RawPath>()
    for (const block of blocksOf(keys)) readBlock(block, cursor, seen)
    const names = readNames(cursor)
    return keys.map(key => answer(key, seen.get(seenId(key.follow === true, key.path)), names))
  },
}

/** %n comes last because a name may hold tabs. */
const FORMAT = ['%f', '%u', '%g', '%s', '%.9Y', '%.9Z', '%h', '%i', '%d'].join('\t')

/** Names of only those ids that occurred: LDAP cannot enumerate, and the answer stays small. */
const NAMES = `echo ==U
if command -v getent >/dev/null 2>&1; then
  printf '%s' "$a" | cut -s -f2 | sort -un | xargs -r getent passwd | cut -d: -f1,3
  echo ==G
  printf '%s' "$a" | cut -s -f3 | sort -un | xargs -r getent group | cut -d: -f1,3
else
  cut -d: -f1,3 /etc/passwd; echo ==G; cut -d: -f1,3 /etc/group
fi
echo ==E`

function blocksOf(keys: readonly PathKey[]): readonly Block[] {
  const blocks: Block[] = []
  for (const follow of [false, true]) {
    const group = keys.filter(key => (key.follow === true) === follow)
    const hashed = new Set(group.filter(key => key.hash === true).map(key => key.path))
    const paths = [...new Set(group.map(key => key.path))]
    const plain = paths.filter(path => !isOdd(path))
    if (plain.length > 0)
      blocks.push({ follow, odd: false, paths: plain, hashed: plain.filter(path => hashed.has(path)) })
    for (const path of paths.filter(isOdd))
      blocks.push({ follow, odd: true, paths: [path], hashed: hashed.has(path) ? [path] : [] })
  }
  return blocks
}

const isOdd = (path: string): boolean => path.includes('\n') || path === ''

function blockScript(block: Block): string {
  const dereference = block.follow ? '-L ' : ''
  const stat = `stat ${dereference}-c "$f${block.odd ? '' : '\t%n'}" -- "$@" 2>&1`
  return [
    `set -- ${quoteAll(block.paths)}`,
    `s=$(${told(stat, block)})`,
    `printf '%s\\n' "$s"`,
    `a="$a$s\n"`,
    block.follow ? '' : LINKS,
    block.hashed.length > 0 ? hashScript(block) : '',
    'echo ==A',
    `s=$(${told(`stat ${dereference}-c %.9X -- "$@" 2>&1`, block)})`,
    `printf '%s\\n' "$s"`,
    'echo ==B',
  ]
    .filter(line => line !== '')
    .join('\n')
}

/** One line for each path, whatever its name. */
function told(stat: string, { odd }: Block): string {
  return odd ? `${stat} | tr '\\n' ' '` : stat
}

const LINKS = `for p do if [ -L "$p" ]; then
printf '%s\\0' "$p"; readlink -n -- "$p"; printf '\\0'; [ ! -e "$p" ] || readlink -n -f -- "$p"; printf '\\0'
fi; done; printf '==L\\0'`

function hashScript(block: Block): string {
  const test = block.follow ? '[ -f "$p" ]' : '[ -f "$p" ] && [ ! -L "$p" ]'
  if (block.odd) return `p=${quote(block.paths[0] ?? '')}; ${test} && sha256sum <"$p" 2>/dev/null`
  const set = block.hashed.length === block.paths.length ? '' : `set -- ${quoteAll(block.hashed)}\n`
  // The -f test is what keeps sha256sum from waiting on a FIFO for ever.
  const all = set === '' ? '' : `\nset -- ${quoteAll(block.paths)}`
  return `${set}for p do ${test} && printf '%s\\0' "$p"; done | xargs -r -0 sha256sum -- 2>/dev/null${all}`
}

interface Cursor {
  readonly text: string
  at: number
}

interface RawPath {
  readonly line: string
  accessed?: string
  target?: string
  resolved?: string
  sha256?: string
}

function readBlock(block: Block, cursor: Cursor, seen: Map<string, RawPath>): void {
  const inBlock = new Map<string, RawPath>()
  for (const path of block.paths) {
    const line = take(cursor, '\n')
    const suffix = `\t${path}`
    if (!block.odd && /^[0-9a-f]+\t/.test(line) && !line.endsWith(suffix))
      throw garbled(`the path ${path}`, 'stat told about another file')
    const raw: RawPath = { line: !block.odd && line.endsWith(suffix) ? line.slice(0, -suffix.length) : line }
    inBlock.set(path, raw)
    seen.set(seenId(block.follow, path), raw)
  }
  if (!block.follow) readLinks(cursor, inBlock)
  for (let line = take(cursor, '\n'); line !== '==A'; line = take(cursor, '\n')) {
    const [sha256, name] = hashOf(line)
    const raw = inBlock.get(block.odd ? (block.paths[0] ?? '') : name)
    if (raw !== undefined) raw.sha256 = sha256
  }
  for (const path of block.paths) {
    const accessed = take(cursor, '\n')
    const raw = inBlock.get(path)
    if (raw !== undefined) raw.accessed = accessed
  }
  if (take(cursor, '\n') !== '==B') throw garbled('files', 'there are more than were asked')
}

function readLinks(cursor: Cursor, inBlock: ReadonlyMap<string, RawPath>): void {
  for (let path = take(cursor, '\0'); path !== '==L'; path = take(cursor, '\0')) {
    const target = take(cursor, '\0')
    const resolved = take(cursor, '\0')
    const raw = inBlock.get(path)
    if (raw === undefined) throw garbled(`the link ${path}`, 'it was not asked')
    raw.target = target
    raw.resolved = resolved
  }
}

function take(cursor: Cursor, end: string): string {
  const at = cursor.text.indexOf(end, cursor.at)
  if (at < 0) throw garbled('files', 'it ends too early')
  const part = cursor.text.slice(cursor.at, at)
  cursor.at = at + 1
  return part
}

/** GNU sha256sum starts the line of a name with backslash or newline with a backslash, and escapes those. */
function hashOf(line: string): readonly [string, string] {
  const match = /^(\\?)([0-9a-f]{64}) [ *](.*)$/.exec(line)
  if (match === null) throw garbled('checksums', `sha256sum said "${line}"`)
  const [, escaped, sha256 = '', name = ''] = match
  const plain = name.replace(/\\(.)/g, (_, letter: string) => ({ n: '\n', r: '\r' })[letter] ?? letter)
  return [sha256, escaped === '' ? name : plain]
}

interface Names {
  readonly users: ReadonlyMap<number, string>
  readonly groups: ReadonlyMap<number, string>
}

function readNames(cursor: Cursor): Names {
  const users = new Map<number, string>()
  const groups = new Map<number, string>()
  const lines = linesOf(cursor.text.slice(cursor.at))
  if (lines[0] !== '==U' || lines.at(-1) !== '==E') throw garbled('files', 'it ends too early')
  let current = users
  for (const line of lines.slice(1, -1)) {
    if (line === '==G') current = groups
    const [name, id] = line.split(':')
    // The first entry of an id is its name, as getpwuid has it.
    if (name !== undefined && id !== undefined && !current.has(Number(id))) current.set(Number(id), name)
  }
  return { users, groups }
}

/** By the first hex digit of st_mode. */
const TYPES: ReadonlyMap<number, Exclude<PathSeen['type'], 'absent' | 'unknown'>> = new Map([
  [0x1, 'fifo'],
  [0x2, 'char'],
  [0x4, 'directory'],
  [0x6, 'block'],
  [0x8, 'file'],
  [0xa, 'link'],
  [0xc, 'socket'],
])

function answer(key: PathKey, raw: RawPath | undefined, names: Names): PathSeen {
  if (raw === undefined) throw garbled(`the path ${key.path}`, 'there is none')
  const fields = raw.line.trimEnd().split('\t')
  if (fields.length < 9 || !/^[0-9a-f]+$/.test(fields[0] ?? '')) return notThere(raw.line.trimEnd())
  const bits = Number.parseInt(fields[0] ?? '', 16)
  const type = TYPES.get(bits >> 12)
  if (type === undefined) return { type: 'unknown', reason: `file type ${fields[0]}` }
  const [, uid, gid, size, mtime, ctime, nlink] = fields.map(Number)
  return {
    type,
    mode: bits & 0o7777,
    uid: uid ?? 0,
    gid: gid ?? 0,
    owner: names.users.get(uid ?? 0) ?? null,
    group: names.groups.get(gid ?? 0) ?? null,
    size: size ?? 0,
    mtime: mtime ?? 0,
    atime: Number(raw.accessed) || 0,
    ctime: ctime ?? 0,
    nlink: nlink ?? 1,
    inode: fields[7] ?? '',
    device: fields[8] ?? '',
    ...(type === 'link' ? { target: raw.target ?? '', resolved: raw.resolved ?? '' } : {}),
    ...(type === 'file' && key.hash && raw.sha256 !== undefined ? { sha256: raw.sha256 } : {}),
  }
}

/** Only these three messages mean that nothing is there; everything else is unknown. */
export function notThere(message: string): PathSeen {
  return /: (No such file or directory|Not a directory|Too many levels of symbolic links)$/.test(message)
    ? { type: 'absent' }
    : { type: 'unknown', reason: message.replace(/^stat: /, '') }
}

const seenId = (follow: boolean, path: string): string => `${follow ? 'L' : '-'}${path}`
