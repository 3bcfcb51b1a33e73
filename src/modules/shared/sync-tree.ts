/** A tree on the host: every name with type, mode, owner, size and time, by one find; and hashes when they count. */
import { quote, quoteAll } from '../../base/quote.ts'
import type { Key, ReadSeen } from '../../probes/contract.ts'

type ReadKey = Extract<Key, { kind: 'read' }>

export interface RemoteEntry {
  readonly type: 'file' | 'directory' | 'link' | 'other'
  readonly mode: number
  readonly uid: number
  readonly gid: number
  readonly user: string
  readonly group: string
  readonly size: number
  /** Seconds since the epoch. */
  readonly mtime: number
  readonly target?: string
  readonly sha256?: string
}

export interface RemoteTree {
  /** What is at the root itself. */
  readonly root: 'absent' | 'file' | 'directory'
  /** By path below the root; the root is ''. */
  readonly entries: ReadonlyMap<string, RemoteEntry>
  readonly userIds: ReadonlyMap<string, number>
  readonly groupIds: ReadonlyMap<string, number>
}

export interface TreeQuestion {
  readonly path: string
  readonly hash: boolean
  readonly users: readonly string[]
  readonly groups: readonly string[]
}

/** Names of files must not hold line ends: those are left out of sight. */
export function remoteTreeKey({ path, hash, users, groups }: TreeQuestion): ReadKey {
  const sums = hash ? '\necho ==sums; find . -type f -exec sha256sum -- {} +' : ''
  const ids = (kind: 'u' | 'g', file: string, names: readonly string[]) =>
    names.map(
      name =>
        `printf '==${kind} %s %s\\n' ${quote(name)} "$(awk -F: -v n=${quote(name)} '$1 == n {print $3; exit}' ${file})"`,
    )
  return {
    kind: 'read',
    name: `tree ${JSON.stringify([path, hash, users, groups])}`,
    files: [path],
    script: `${[...ids('u', '/etc/passwd', users), ...ids('g', '/etc/group', groups)].join('\n')}
d=${quoteAll([path])}
if [ -d "$d" ]; then echo ==directory; elif [ -e "$d" ] || [ -L "$d" ]; then echo ==file; exit 0; else echo ==absent; exit 0; fi
cd -- "$d" || exit 1
find . ! -type l -exec stat -c '%f %u %g %U %G %s %Y %n' -- {} +
find . -type l -exec sh -c 'for f do printf "==l %s\\n%s\\n" "$(stat -c "%u %g %U %G %Y %n" -- "$f")" "$(readlink -- "$f")"; done' sh {} +${sums}`,
  }
}

export function readRemoteTree({ stdout }: ReadSeen): RemoteTree {
  const entries = new Map<string, RemoteEntry>()
  const ids = { u: new Map<string, number>(), g: new Map<string, number>() }
  let root: RemoteTree['root'] = 'absent'
  const lines = stdout.split('\n')
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? ''
    const id = /^==([ug]) (\S+) (\d+)$/.exec(line)
    const link = /^==l (\d+) (\d+) (\S+) (\S+) (\d+) \.\/(.*)$/.exec(line)
    const entry = /^([0-9a-f]+) (\d+) (\d+) (\S+) (\S+) (\d+) (\d+) \.\/?(.*)$/.exec(line)
    const sum = /^\\?([0-9a-f]{64}) [ *]\.\/(.*)$/.exec(line)
    if (line === '==file' || line === '==directory') root = line === '==file' ? 'file' : 'directory'
    else if (id !== null) ids[id[1] === 'u' ? 'u' : 'g'].set(id[2] ?? '', Number(id[3]))
    else if (link !== null) {
      const [, uid, gid, user = '', group = '', mtime, path = ''] = link
      const owner = { uid: Number(uid), gid: Number(gid), user, group }
      const target = lines[++index] ?? ''
      entries.set(path, { type: 'link', mode: 0o777, ...owner, size: 0, mtime: Number(mtime), target })
    } else if (entry !== null) entries.set(entry[8] ?? '', readEntry(entry))
    else if (sum !== null) {
      const found = entries.get(sum[2] ?? '')
      if (found !== undefined) entries.set(sum[2] ?? '', { ...found, sha256: sum[1] ?? '' })
    }
  }
  return { root, entries, userIds: ids.u, groupIds: ids.g }
}

function readEntry(match: RegExpExecArray): RemoteEntry {
  const [, bits = '0', uid, gid, user = '', group = '', size, mtime] = match
  const raw = Number.parseInt(bits, 16)
  const type = TYPES[raw >> 12] ?? 'other'
  const owner = { uid: Number(uid), gid: Number(gid), user, group }
  return { type, mode: raw & 0o7777, ...owner, size: Number(size), mtime: Number(mtime) }
}

const TYPES: Readonly<Record<number, RemoteEntry['type']>> = { 4: 'directory', 8: 'file' }
