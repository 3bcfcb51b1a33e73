/**
 * lstat (or stat) of any number of paths by one stat process, link targets and sha256 of regular files.
 *
 * stat's errors are merged into its output: both GNU and busybox keep them in argument order. Links are told by
 * `path-links.ts`. A path that holds a newline is asked in a process of its own. Times of access come last: reading for
 * the checksums may set them, and asked again right after they should be the same.
 */
import { quoteAll } from '../base/quote.ts'
import { garbled, textOf } from './answer.ts'
import type { Key, PathSeen, Probe } from './contract.ts'
import { Cursor } from './cursor.ts'
import { type LinkSeen, linksCall, linksProgram, readLinks } from './path-links.ts'

type PathKey = Extract<Key, { kind: 'path' }>

/** One block of the script: paths that are asked the same way. */
interface Block {
  readonly follow: boolean
  readonly odd: boolean
  readonly paths: readonly string[]
  readonly hashed: readonly string[]
  /** Whose time of access is asked. */
  readonly accessed: readonly string[]
}

export const pathProbe: Probe<PathKey> = {
  kind: 'path',
  id: key => `${key.follow ? 'L' : '-'}${key.hash ? 'h' : '-'}${key.accessed ? 'a' : '-'}${key.path}`,
  script(keys) {
    const blocks = blocksOf(keys)
    const links = linksProgram(blocks.filter(({ follow }) => !follow).map(({ paths }) => paths.length))
    const lines = [`M=\${M:-==vpai} f='${FORMAT}'`, links, ...blocks.map(blockScript), 'echo ==E']
    return lines.filter(line => line !== '').join('\n')
  },
  parse(keys, stdout) {
    const cursor = new Cursor(textOf(stdout))
    const seen = new Map<string, RawPath>()
    for (const block of blocksOf(keys)) readBlock(block, cursor, seen)
    if (cursor.rest() !== '==E\n') throw garbled('files', 'it ends too early')
    return keys.map(key => {
      const raw = seen.get(seenId(key.follow === true, key.path))
      const sha256 = raw?.sha256 ?? seen.get(seenId(false, key.path))?.sha256
      return answer(key, raw, sha256)
    })
  },
}

/** %n comes last because a name may hold tabs. */
const FORMAT = ['%f', '%u', '%g', '%s', '%.9Y', '%.9Z', '%h', '%i', '%d', '%U', '%G'].join('\t')

function blocksOf(keys: readonly PathKey[]): readonly Block[] {
  const blocks: Block[] = []
  const known = new Set<string>()
  for (const follow of [false, true]) {
    const group = keys.filter(key => (key.follow === true) === follow)
    const of = (wanted: 'hash' | 'accessed') =>
      new Set(group.filter(key => key[wanted] === true).map(key => key.path))
    const hashed = of('hash')
    const accessed = of('accessed')
    const block = (odd: boolean, paths: readonly string[]): Block => ({
      follow,
      odd,
      paths,
      hashed: paths.filter(path => hashed.has(path) && !known.has(path)),
      accessed: paths.filter(path => accessed.has(path)),
    })
    const paths = [...new Set(group.map(key => key.path))]
    const plain = paths.filter(path => !isOdd(path))
    if (plain.length > 0) blocks.push(block(false, plain))
    for (const path of paths.filter(isOdd)) blocks.push(block(true, [path]))
    for (const path of hashed) known.add(path)
  }
  return blocks
}

const isOdd = (path: string): boolean => path.includes('\n') || path === ''

function blockScript({ follow, odd, paths, hashed, accessed }: Block): string {
  const stat = `stat ${follow ? '-L ' : ''}-c`
  const timed = hashed.length === 0 ? paths : hashed
  return [
    `set -- ${quoteAll(paths)}`,
    told(`${stat} "$f${odd ? '' : '\t%n'}" -- "$@" 2>&1`, odd),
    follow ? '' : linksCall(paths.length),
    hashed.length === 0 ? '' : `${instead(paths, hashed)}${odd ? HASH_OF_ODD : HASHES}`,
    'echo ==A',
    accessed.length === 0 ? '' : `${instead(timed, accessed)}${told(`${stat} %.9X -- "$@" 2>&1`, odd)}`,
    'echo ==B',
  ]
    .filter(line => line !== '')
    .join('\n')
}

/** Puts `next` into "$@", where `before` is. */
function instead(before: readonly string[], next: readonly string[]): string {
  const isSame = before.length === next.length && before.every((path, index) => path === next[index])
  return isSame ? '' : `set -- ${quoteAll(next)}\n`
}

/** One line for each path, whatever its name. */
function told(stat: string, odd: boolean): string {
  return odd ? `${stat} | tr '\\n' ' '; echo` : stat
}

/**
 * sha256sum by itself where nothing could keep it waiting for ever, as a FIFO does; what it cannot read it leaves out.
 * Of a link it is the checksum of where it leads, also for the key that follows.
 */
const HASHES = `w=; for p do [ -f "$p" ] || [ -d "$p" ] || [ ! -e "$p" ] || w=1; done
if [ -z "$w" ]; then sha256sum -- "$@" 2>/dev/null
else for p do [ -f "$p" ] && printf '%s\\0' "$p"; done | xargs -r -0 sha256sum -- 2>/dev/null; fi`

const HASH_OF_ODD = '[ -f "$1" ] && sha256sum <"$1" 2>/dev/null'

interface RawPath {
  readonly line: string
  accessed?: string
  link?: LinkSeen
  sha256?: string
}

function readBlock(block: Block, cursor: Cursor, seen: Map<string, RawPath>): void {
  const inBlock = new Map<string, RawPath>()
  for (const path of block.paths) {
    const line = cursor.take('\n')
    const suffix = `\t${path}`
    if (!block.odd && /^[0-9a-f]+\t/.test(line) && !line.endsWith(suffix))
      throw garbled(`the path ${path}`, 'stat told about another file')
    const raw: RawPath = { line: !block.odd && line.endsWith(suffix) ? line.slice(0, -suffix.length) : line }
    inBlock.set(path, raw)
    seen.set(seenId(block.follow, path), raw)
  }
  if (!block.follow)
    for (const [path, link] of readLinks(block.paths, cursor)) {
      const raw = inBlock.get(path)
      if (raw !== undefined) raw.link = link
    }
  for (let line = cursor.take('\n'); line !== '==A'; line = cursor.take('\n')) {
    const [sha256, name] = hashOf(line)
    const raw = inBlock.get(block.odd ? (block.paths[0] ?? '') : name)
    if (raw !== undefined) raw.sha256 = sha256
  }
  for (const path of block.accessed) {
    const accessed = cursor.take('\n')
    const raw = inBlock.get(path)
    if (raw !== undefined) raw.accessed = accessed
  }
  if (cursor.take('\n') !== '==B') throw garbled('files', 'there are more than were asked')
}

/** GNU sha256sum starts the line of a name with backslash or newline with a backslash, and escapes those. */
function hashOf(line: string): readonly [string, string] {
  const match = /^(\\?)([0-9a-f]{64}) [ *](.*)$/s.exec(line)
  if (match === null) throw garbled('checksums', `sha256sum said "${line}"`)
  const [, escaped, sha256 = '', name = ''] = match
  const plain = name.replace(/\\(.)/g, (_, letter: string) => ({ n: '\n', r: '\r' })[letter] ?? letter)
  return [sha256, escaped === '' ? name : plain]
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

function answer(key: PathKey, raw: RawPath | undefined, sha256: string | undefined): PathSeen {
  if (raw === undefined) throw garbled(`the path ${key.path}`, 'there is none')
  const fields = raw.line.trimEnd().split('\t')
  if (fields.length < 11 || !/^[0-9a-f]+$/.test(fields[0] ?? '')) return notThere(raw.line.trimEnd())
  const bits = Number.parseInt(fields[0] ?? '', 16)
  const type = TYPES.get(bits >> 12)
  if (type === undefined) return { type: 'unknown', reason: `file type ${fields[0]}` }
  const [, uid, gid, size, mtime, ctime, nlink] = fields.map(Number)
  return {
    type,
    mode: bits & 0o7777,
    uid: uid ?? 0,
    gid: gid ?? 0,
    owner: nameOf(fields[9]),
    group: nameOf(fields[10]),
    size: size ?? 0,
    mtime: mtime ?? 0,
    atime: Number(raw.accessed) || 0,
    ctime: ctime ?? 0,
    nlink: nlink ?? 1,
    inode: fields[7] ?? '',
    device: fields[8] ?? '',
    ...(type === 'link' ? (raw.link ?? { target: '', resolved: '' }) : {}),
    ...(type === 'file' && key.hash && sha256 !== undefined ? { sha256 } : {}),
  }
}

/** stat has this word where the id has no name. */
const nameOf = (told: string | undefined): string | null => (told === 'UNKNOWN' ? null : (told ?? null))

/** Only these three messages mean that nothing is there; everything else is unknown. */
export function notThere(message: string): PathSeen {
  if (message.endsWith(': Not a directory')) return { type: 'absent', blocked: true }
  return /: (No such file or directory|Too many levels of symbolic links)$/.test(message)
    ? { type: 'absent' }
    : { type: 'unknown', reason: message.replace(/^stat: /, '') }
}

const seenId = (follow: boolean, path: string): string => `${follow ? 'L' : '-'}${path}`
