/**
 * Shell that ends with 93 unless things on the host still are what a decision took them for. Times, inodes and link
 * counts are not compared: they move whenever something is written nearby. It is one line, so that what the shell says
 * of the lines after it keeps its numbers.
 */
import { createHash } from 'node:crypto'
import { quote, quoteAll } from '../base/quote.ts'
import type { ContentSeen, GroupSeen, Key, PathSeen, Seen, UserSeen } from '../probes/contract.ts'

type Condition =
  /** A command that succeeds. */
  | { readonly is: 'test'; readonly line: string }
  /** What stat tells, links followed; without a size any size will do. */
  | { readonly is: 'stat'; readonly path: string; readonly told: string; readonly size: number | null }
  | { readonly is: 'digest'; readonly path: string; readonly sha256: string }

/** null when one of the keys cannot be checked this way. */
export function stillSo(keys: readonly Key[], seen: Seen): string | null {
  const conditions: Condition[] = []
  for (const key of keys) {
    const more = conditionsOf(key, seen)
    if (more === null) return null
    conditions.push(...more)
  }
  const of = <Is extends Condition['is']>(is: Is) =>
    unique(conditions.filter((one): one is Extract<Condition, { is: Is }> => one.is === is))
  const lines = [
    ...of('test').map(({ line }) => holds(line)),
    ...statLine(of('stat')),
    ...of('digest').map(({ path, sha256 }) =>
      holds(`[ "$(sha256sum <${quote(path)} 2>/dev/null)" = '${sha256}  -' ]`),
    ),
  ]
  return lines.length === 0 ? ':' : lines.join('; ')
}

function unique<One>(list: readonly One[]): One[] {
  return [...new Map(list.map(one => [JSON.stringify(one), one])).values()]
}

/** One process for all of them: their lines become words, and the sizes nobody asks for any words. */
function statLine(stats: readonly Extract<Condition, { is: 'stat' }>[]): string[] {
  if (stats.length === 0) return []
  const wanted = stats.map(({ told, size }) => `${told} ${size ?? '*'}`).join(' ')
  const pattern = wanted
    .split('*')
    .map(part => (part === '' ? '' : quote(part)))
    .join('*')
  const paths = quoteAll(stats.map(({ path }) => path))
  return [
    `set -- $(stat -L -c '%f %u %g %s' -- ${paths} 2>/dev/null)`,
    `case "$#.$*" in ${stats.length * 4}.${pattern}) set --;; *) exit 93;; esac`,
  ]
}

function conditionsOf(key: Key, seen: Seen): readonly Condition[] | null {
  switch (key.kind) {
    case 'path':
      return pathConditions(key, seen.get(key))
    case 'content':
      return contentConditions(key.path, seen.get(key))
    case 'user':
      return [userCondition(key.name, seen.get(key))]
    case 'group':
      return [groupCondition(key.name, seen.get(key))]
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

function pathConditions(
  { path, follow }: Extract<Key, { kind: 'path' }>,
  seen: PathSeen,
): readonly Condition[] | null {
  const at = quote(path)
  if (seen.type === 'unknown') return null
  if (seen.type === 'absent') return [test(follow ? `[ ! -e ${at} ]` : `[ ! -e ${at} ] && [ ! -L ${at} ]`)]
  const told = `${(TYPE_BITS[seen.type] | seen.mode).toString(16)} ${seen.uid} ${seen.gid}`
  if (seen.type === 'link') return linkConditions(at, told, seen)
  return [
    ...(follow ? [] : [test(`[ ! -L ${at} ]`)]),
    { is: 'stat', path, told, size: seen.type === 'file' ? seen.size : null },
    ...(seen.sha256 === undefined ? [] : [{ is: 'digest', path, sha256: seen.sha256 } as const]),
  ]
}

function linkConditions(
  at: string,
  told: string,
  { target, resolved }: Extract<PathSeen, { inode: string }>,
): readonly Condition[] {
  const lines = [`[ "$(stat -c '%f %u %g' -- ${at} 2>/dev/null)" = ${quote(told)} ]`]
  if (target !== undefined) lines.push(`[ "$(readlink -- ${at})" = ${quote(target)} ]`, leadsTo(at, resolved))
  return [test(lines.join(' && '))]
}

/** readlink follows some circles without end, of which the kernel says that nothing is there. */
function leadsTo(at: string, resolved = ''): string {
  if (resolved === '') return `[ ! -e ${at} ]`
  return `[ -e ${at} ] && [ "$(readlink -f -- ${at})" = ${quote(resolved)} ]`
}

function contentConditions(path: string, seen: ContentSeen): readonly Condition[] | null {
  if (seen.state === 'absent') return [test(`[ ! -e ${quote(path)} ]`)]
  if (seen.state !== 'present') return null
  return [{ is: 'digest', path, sha256: createHash('sha256').update(seen.bytes).digest('hex') }]
}

function userCondition(name: string, seen: UserSeen): Condition {
  return test(`[ "$(id -u -- ${quote(name)} 2>/dev/null)" = '${seen.exists ? seen.uid : ''}' ]`)
}

function groupCondition(name: string, seen: GroupSeen): Condition {
  const entry = quote(name)
  return test(
    `[ "$( (getent group ${entry} || grep -F ${quote(`${name}:`)} /etc/group | grep ^${entry}:) 2>/dev/null | cut -d: -f3)" = '${seen.exists ? seen.gid : ''}' ]`,
  )
}

const test = (line: string): Condition => ({ is: 'test', line })

function holds(line: string): string {
  return `{ ${line}; } || exit 93`
}
