/**
 * Whole bytes of regular files. Sizes from stat are not trusted (files in /proc have none): each file is read
 * up to one byte more than its limit, and ends at the batch's random marker.
 */
import { quote } from '../base/quote.ts'
import { MarkedReader } from './answer.ts'
import type { ContentSeen, Key, Probe } from './contract.ts'
import { notThere } from './path.ts'

type ContentKey = Extract<Key, { kind: 'content' }>

const DEFAULT_LIMIT = 8 * 1024 * 1024

export const contentProbe: Probe<ContentKey> = {
  kind: 'content',
  id: key => `${limitOf(key)} ${key.path}`,
  script(keys) {
    return `M=\${M:-==vpai}\nprintf '%s\\n' "$M"\n${READ}\n${keys.map(call).join('\n')}`
  },
  parse(keys, stdout) {
    const reader = new MarkedReader(stdout, 'file contents')
    return keys.map(key => read(key, reader))
  },
}

const limitOf = (key: ContentKey): number => key.limit ?? DEFAULT_LIMIT
const call = (key: ContentKey): string => `c ${quote(key.path)} ${limitOf(key)}`

/** c PATH LIMIT prints: size or the message of stat, then the bytes, then the marker and head's exit code. */
const READ = `c() {
  if s=$(stat -L -c %s -- "$1" 2>&1); then
    if [ ! -f "$1" ]; then printf 'irregular\\n\\n%s 0\\n' "$M"; return; fi
    printf 'size %s\\n' "$s"
    if [ "$s" -gt "$2" ]; then printf '\\n%s 0\\n' "$M"; return; fi
    head -c $(($2 + 1)) -- "$1" 2>&1; printf '\\n%s %s\\n' "$M" "$?"
  else
    printf 'error\\n%s\\n%s 0\\n' "$s" "$M"
  fi
}`

function read(key: ContentKey, reader: MarkedReader): ContentSeen {
  const [state, size] = reader.line().split(' ')
  const { body, trailer } = reader.bytes()
  if (state === 'irregular') return { state: 'unknown', reason: `${key.path} is not a regular file` }
  if (state === 'error') {
    const seen = notThere(body.toString('utf8'))
    return seen.type === 'unknown' ? { state: 'unknown', reason: seen.reason } : { state: 'absent' }
  }
  if (Number(size) > limitOf(key)) return { state: 'too-large', size: Number(size) }
  if (trailer !== '0') return { state: 'unknown', reason: body.toString('utf8').trim() }
  if (body.length > limitOf(key)) return { state: 'too-large', size: body.length }
  return { state: 'present', bytes: body }
}
