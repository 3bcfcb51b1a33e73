/** Groups, by getent or /etc/group. */
import { quote } from '../base/quote.ts'
import { garbled, linesOf, textOf } from './answer.ts'
import type { GroupSeen, Key, Probe } from './contract.ts'

type GroupKey = Extract<Key, { kind: 'group' }>

export const groupProbe: Probe<GroupKey> = {
  kind: 'group',
  id: key => key.name,
  script(keys) {
    return `${ASK}\n${keys.map(key => `g ${quote(key.name)}`).join('\n')}`
  },
  parse(keys, stdout) {
    const lines = linesOf(textOf(stdout))
    if (lines.length !== keys.length)
      throw garbled('groups', `${lines.length} answers to ${keys.length} questions`)
    return keys.map((key, index) => answer(key.name, lines[index] ?? ''))
  },
}

const ASK = `g() {
  case $1 in -*|'') echo -; return;; esac
  if command -v getent >/dev/null 2>&1; then l=$(getent group "$1" 2>/dev/null) && [ -n "$l" ] && printf '%s\\n' "$l" && return
  else while IFS= read -r l; do case $l in "$1:"*) printf '%s\\n' "$l"; return;; esac; done </etc/group; fi
  echo -
}`

function answer(name: string, line: string): GroupSeen {
  const [found, , gid, members = ''] = line.split(':')
  if (found !== name || gid === undefined) return { exists: false }
  return { exists: true, name, gid: Number(gid), members: members.split(',').filter(member => member !== '') }
}
