/**
 * Shell that ends with 93 unless things on the host still are what a decision took them for. Times, inodes and link
 * counts are not compared: they move whenever something is written nearby. It is one line, so that what the shell says
 * of the lines after it keeps its numbers.
 */
import { createHash } from 'node:crypto'
import { quote } from '../base/quote.ts'
import type { ContentSeen, GroupSeen, Key, PathSeen, Seen, UserSeen } from '../probes/contract.ts'

/** null when one of the keys cannot be checked this way. */
export function stillSo(keys: readonly Key[], seen: Seen): string | null {
  const lines = new Set<string>()
  for (const key of keys) {
    const line = lineOf(key, seen)
    if (line === null) return null
    lines.add(line)
  }
  return lines.size === 0 ? ':' : [...lines].join('; ')
}

function lineOf(key: Key, seen: Seen): string | null {
  switch (key.kind) {
    case 'path':
      return pathLine(key, seen.get(key))
    case 'content':
      return contentLine(key.path, seen.get(key))
    case 'user':
      return userLine(key.name, seen.get(key))
    case 'group':
      return groupLine(key.name, seen.get(key))
    default:
      return null
  }
}

const TYPE_BITS = {
  file: 0o100000,
  directory: 0o040000,
  link: 0o120000,
  fifo: 0o010000,
  socket: 0o140000,
  char: 0o020000,
  block: 0o060000,
} as const

function pathLine({ path, follow }: Extract<Key, { kind: 'path' }>, seen: PathSeen): string | null {
  const at = quote(path)
  if (seen.type === 'unknown') return null
  if (seen.type === 'absent') return holds(follow ? `[ ! -e ${at} ]` : `[ ! -e ${at} ] && [ ! -L ${at} ]`)
  const bits = (TYPE_BITS[seen.type] | seen.mode).toString(16)
  const isFile = seen.type === 'file'
  const format = isFile ? '%f %u %g %s' : '%f %u %g'
  const wanted = `${bits} ${seen.uid} ${seen.gid}${isFile ? ` ${seen.size}` : ''}`
  const tests = [`[ "$(stat ${follow ? '-L ' : ''}-c '${format}' -- ${at} 2>/dev/null)" = ${quote(wanted)} ]`]
  if (seen.sha256 !== undefined) tests.push(hasDigest(at, seen.sha256))
  if (seen.target !== undefined)
    tests.push(
      `[ "$(readlink -- ${at})" = ${quote(seen.target)} ]`,
      `[ "$(readlink -f -- ${at})" = ${quote(seen.resolved ?? '')} ]`,
    )
  return holds(tests.join(' && '))
}

function contentLine(path: string, seen: ContentSeen): string | null {
  const at = quote(path)
  if (seen.state === 'absent') return holds(`[ ! -e ${at} ]`)
  if (seen.state !== 'present') return null
  return holds(hasDigest(at, createHash('sha256').update(seen.bytes).digest('hex')))
}

function hasDigest(at: string, sha256: string): string {
  return `[ "$(sha256sum <${at} 2>/dev/null)" = '${sha256}  -' ]`
}

function userLine(name: string, seen: UserSeen): string {
  return holds(`[ "$(id -u -- ${quote(name)} 2>/dev/null)" = '${seen.exists ? seen.uid : ''}' ]`)
}

function groupLine(name: string, seen: GroupSeen): string {
  const entry = quote(name)
  return holds(
    `[ "$( (getent group ${entry} || grep -F ${quote(`${name}:`)} /etc/group | grep ^${entry}:) 2>/dev/null | cut -d: -f3)" = '${seen.exists ? seen.gid : ''}' ]`,
  )
}

function holds(test: string): string {
  return `{ ${test}; } || exit 93`
}
