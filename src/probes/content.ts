/**
 * Whole bytes of regular files: one `stat` for all paths, one `head` for all files. Sizes from stat are not trusted
 * (files in /proc have none, others grow): each file is read up to one byte more than its limit.
 *
 * What tells one file from the next is what `head` calls them, in a way that nothing on the host can know ahead:
 * between the root and the path stand slashes and dots that come from the batch's random marker. When `head` fails,
 * because a file is gone by then or breaks off, each file is read once more by a process of its own, as are those that
 * may not be read (for the reason), those with names of several lines, and a few by themselves.
 */
import { quote, quoteAll } from '../base/quote.ts'
import { garbled, MarkedReader } from './answer.ts'
import type { ContentSeen, Key, Probe } from './contract.ts'
import { notThere } from './path.ts'

type ContentKey = Extract<Key, { kind: 'content' }>

const DEFAULT_LIMIT = 8 * 1024 * 1024

/** So many are quicker asked one by one than the program that asks them together is sent. */
const FEW = 2

export const contentProbe: Probe<ContentKey> = {
  kind: 'content',
  id: key => `${limitOf(key)} ${key.path}`,
  script(keys) {
    const { together, alone } = splitUp(keys)
    return [
      `M=\${M:-==vpai}\nprintf '%s\\n' "$M"\n${ONE}`,
      ...(together.length === 0 ? [] : [PREFIX, SEVERAL]),
      ...together.map(({ limit, keys: some }) => `g ${limit} ${quoteAll(some.map(({ path }) => path))}`),
      ...alone.map(key => `c ${quote(key.path)} ${limitOf(key)}`),
    ].join('\n')
  },
  parse(keys, stdout) {
    const reader = new MarkedReader(stdout, 'file contents')
    const { together, alone } = splitUp(keys)
    const seen = new Map<ContentKey, ContentSeen>()
    for (const group of together) readGroup(group, reader, seen)
    for (const key of alone) seen.set(key, readOne(key, reader))
    return keys.map(key => {
      const answer = seen.get(key)
      if (answer === undefined) throw garbled(`the file ${key.path}`, 'there is none')
      return answer
    })
  },
}

const limitOf = (key: ContentKey): number => key.limit ?? DEFAULT_LIMIT

/** Files that are read up to the same limit. */
interface Group {
  readonly limit: number
  readonly keys: readonly ContentKey[]
}

function splitUp(keys: readonly ContentKey[]): {
  readonly together: readonly Group[]
  readonly alone: readonly ContentKey[]
} {
  const plain = keys.filter(({ path }) => path.startsWith('/') && !path.includes('\n'))
  const together = [...new Set(plain.map(limitOf))]
    .map(limit => ({ limit, keys: plain.filter(key => limitOf(key) === limit) }))
    .filter(group => group.keys.length > FEW)
  const taken = new Set(together.flatMap(group => group.keys))
  return { together, alone: keys.filter(key => !taken.has(key)) }
}

/** c PATH LIMIT prints: size or the message of stat, then the bytes, then the marker and head's exit code. */
const ONE = `c() {
  if s=$(stat -L -c %s -- "$1" 2>&1); then
    if [ ! -f "$1" ]; then printf 'irregular\\n\\n%s 0\\n' "$M"; return; fi
    printf 'size %s\\n' "$s"
    if [ "$s" -gt "$2" ]; then printf '\\n%s 0\\n' "$M"; return; fi
    head -c $(($2 + 1)) -- "$1" 2>&1; printf '\\n%s %s\\n' "$M" "$?"
  else
    printf 'error\\n%s\\n%s 0\\n' "$s" "$M"
  fi
}`

/** Each character of the marker makes two pieces of what stands before the paths. */
const PIECES = [
  { of: '048cgkosw', piece: '//' },
  { of: '159dhlptx', piece: '//.' },
  { of: '26aeimquy', piece: '/./' },
  { of: '', piece: '/./.' },
] as const

/** $d: what `prefixOf` says. */
const PREFIX = `d= m=$M
while [ -n "$m" ]; do
  case $m in ${PIECES.map(({ of, piece }) => `${of === '' ? '*' : `[${of}]*`}) d=$d${piece}`).join(';; ')};; esac
  m=\${m#?}
done`

function prefixOf(marker: string): string {
  const pieceOf = (character: string) => PIECES.find(({ of }) => of.includes(character)) ?? PIECES[3]
  return [...marker].map(character => pieceOf(character).piece).join('')
}

/**
 * g LIMIT PATH... prints: for each path a line with type and size, or stat's message; a line with the numbers of those
 * that are read together, and, after a dash, of those that are read alone; all bytes with head's headings, the marker
 * and head's exit code; then what c prints, of those that are read alone, or of all when it failed.
 */
const SEVERAL = `set -f
g() {
  n=$1; shift
  s=$(stat -L -c '%f %s' -- "$@" 2>&1); printf '%s\\n' "$s"
  i=0 a= w= IFS='
'
  for l in $s; do
    i=$((i + 1)); eval "p=\\\${$i}"
    case $l in 8[0-9a-f][0-9a-f][0-9a-f]' '[0-9]*) ;; *) continue;; esac
    [ "\${l#* }" -le "$n" ] || continue
    if [ -f "$p" ] && [ -r "$p" ]; then a="$a \\"\\$d\\\${$i}\\"" w="$w $i"; else w="$w -$i"; fi
  done
  unset IFS; r=0; printf '%s\\n' "$w"
  [ -z "$a" ] || { eval "head -v -c $((n + 1)) --$a" 2>/dev/null; r=$?; }
  printf '\\n%s %s\\n' "$M" "$r"
  for x in $w; do
    case $x in -*) ;; *) [ "$r" != 0 ] || continue;; esac
    eval "c \\"\\\${\${x#-}}\\" $n"
  done
}`

function readGroup({ limit, keys }: Group, reader: MarkedReader, seen: Map<ContentKey, ContentSeen>): void {
  const lines = keys.map(key => ({ key, line: reader.line() }))
  const plan = reader.line()
  if (!/^( -?[1-9]\d*)*$/.test(plan)) throw garbled('file contents', `it has the line "${plan}"`)
  const read = plan
    .split(' ')
    .slice(1)
    .map(word => ({ isAlone: word.startsWith('-'), key: keys[Math.abs(Number(word)) - 1] }))
    .filter((one): one is { isAlone: boolean; key: ContentKey } => one.key !== undefined)
  const taken = new Set(read.map(({ key }) => key))
  for (const { key, line } of lines) if (!taken.has(key)) seen.set(key, unread(key, limit, line))
  const { body, trailer } = reader.bytes()
  const together = read.filter(({ isAlone }) => !isAlone).map(({ key }) => key)
  if (trailer === '0') {
    const parts = cutUp(
      body,
      prefixOf(reader.marker),
      together.map(({ path }) => path),
    )
    for (const [index, key] of together.entries()) seen.set(key, whole(key, parts[index] ?? body))
  }
  for (const { isAlone, key } of read) if (isAlone || trailer !== '0') seen.set(key, readOne(key, reader))
}

/** What stat says of one that is not read. */
function unread(key: ContentKey, limit: number, line: string): ContentSeen {
  const [, bits, size] = /^([0-9a-f]+) (\d+)$/.exec(line) ?? []
  if (bits === undefined) return missing(line)
  if (Number.parseInt(bits, 16) >> 12 !== REGULAR) return irregular(key)
  if (Number(size) > limit) return { state: 'too-large', size: Number(size) }
  throw garbled(`the file ${key.path}`, 'it was not read')
}

const REGULAR = 0x8

/**
 * By the headings of `head -v`: each but the first stands behind a line end of its own. What is among the arguments of a
 * program can be read on the host: one heading too many was written by somebody who did.
 */
function cutUp(body: Buffer, prefix: string, paths: readonly string[]): readonly Buffer[] {
  const headings = paths.map((path, index) => `${index === 0 ? '' : '\n'}==> ${prefix}${path} <==\n`)
  const starts: number[] = []
  const ends: number[] = []
  let from = 0
  for (const heading of headings) {
    const at = body.indexOf(heading, from)
    if (at < 0 || (starts.length === 0 && at > 0)) throw garbled('file contents', 'a heading is missing')
    ends.push(at)
    from = at + Buffer.byteLength(heading)
    starts.push(from)
  }
  const parts = starts.map((start, index) => body.subarray(start, ends[index + 1] ?? body.length))
  if (parts.some(part => part.includes(`==> ${prefix}`)))
    throw garbled('file contents', 'a heading is forged')
  return parts
}

function readOne(key: ContentKey, reader: MarkedReader): ContentSeen {
  const [state, size] = reader.line().split(' ')
  const { body, trailer } = reader.bytes()
  if (state === 'irregular') return irregular(key)
  if (state === 'error') return missing(body.toString('utf8'))
  if (Number(size) > limitOf(key)) return { state: 'too-large', size: Number(size) }
  if (trailer !== '0') return { state: 'unknown', reason: body.toString('utf8').trim() }
  return whole(key, body)
}

function whole(key: ContentKey, bytes: Buffer): ContentSeen {
  return bytes.length > limitOf(key)
    ? { state: 'too-large', size: bytes.length }
    : { state: 'present', bytes }
}

const irregular = (key: ContentKey): ContentSeen => ({
  state: 'unknown',
  reason: `${key.path} is not a regular file`,
})

function missing(message: string): ContentSeen {
  const seen = notThere(message)
  return seen.type === 'unknown' ? { state: 'unknown', reason: seen.reason } : { state: 'absent' }
}
