/**
 * Accounts, by getent (so LDAP counts) or /etc/passwd. `expires` is in seconds since the epoch, as Ansible's
 * user module has it; the shadow file holds days. The hash is a secret.
 */
import { quote } from '../base/quote.ts'
import { garbled, sectionsOf, textOf } from './answer.ts'
import type { Key, Probe, UserSeen } from './contract.ts'

type UserKey = Extract<Key, { kind: 'user' }>

export const userProbe: Probe<UserKey> = {
  kind: 'user',
  id: key => key.name,
  script(keys) {
    return `${ASK}\n${keys.map(key => `u ${quote(key.name)}`).join('\n')}\necho ==E`
  },
  parse(keys, stdout) {
    const text = textOf(stdout)
    if (!text.endsWith('==E\n')) throw garbled('users', 'it ends too early')
    const blocks = text.slice(0, -4).split('==USER\n').slice(1)
    if (blocks.length !== keys.length)
      throw garbled('users', `${blocks.length} answers to ${keys.length} questions`)
    return keys.map((key, index) => answer(key.name, blocks[index] ?? ''))
  },
}

/** A name that starts with a dash is no user's, and getent would take it for an option. */
const ASK = `if command -v getent >/dev/null 2>&1; then g() { getent "$1" "$2" 2>/dev/null; }
else g() { while IFS= read -r l; do case $l in "$2:"*) printf '%s\\n' "$l"; break;; esac; done <"/etc/$1" 2>/dev/null; }; fi
u() {
  echo ==USER
  case $1 in -*|'') return;; esac
  p=$(g passwd "$1") && [ -n "$p" ] || return
  printf '%s\\n' ==passwd "$p" ==primary; id -gn -- "$1" 2>/dev/null || id -gn "$1" 2>/dev/null
  echo ==groups; id -Gn -- "$1" 2>/dev/null || id -Gn "$1" 2>/dev/null
  echo ==shadow; [ ! -r /etc/shadow ] || g shadow "$1"
}`

function answer(name: string, block: string): UserSeen {
  const sections = sectionsOf(block)
  const fields = (sections.get('passwd')?.[0] ?? '').split(':')
  // getent also finds by number; only the name counts here.
  if (fields[0] !== name || fields.length < 7) return { exists: false }
  const primaryGroup = sections.get('primary')?.[0] ?? ''
  const shadow = (sections.get('shadow')?.[0] ?? '').split(':')
  const expiryDays = shadow[7] ?? ''
  return {
    exists: true,
    name,
    uid: Number(fields[2]),
    gid: Number(fields[3]),
    comment: fields[4] ?? '',
    home: fields[5] ?? '',
    shell: fields[6] ?? '',
    groups: (sections.get('groups')?.[0] ?? '')
      .split(' ')
      .filter(group => group !== '' && group !== primaryGroup),
    primaryGroup,
    passwordHash: shadow[0] === name ? (shadow[1] ?? '') : null,
    expires: expiryDays === '' ? null : Number(expiryDays) * 86_400,
  }
}
