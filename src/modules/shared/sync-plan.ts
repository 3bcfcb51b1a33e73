/** What has to be done so that a tree of the host becomes as the source: pure comparison of two listings. */
import type { LocalStat } from '../contract.ts'
import { digest } from './digest.ts'
import { isIncluded } from './rsync-filter.ts'
import type { SyncOptions } from './sync-options.ts'
import type { RemoteEntry, RemoteTree } from './sync-tree.ts'

/** One entry of the source; folders come before what they hold. */
export interface SourceEntry {
  readonly type: 'file' | 'directory' | 'link'
  /** Below the root of the transfer; '' is the root itself. */
  readonly path: string
  readonly mode: number
  readonly content?: Uint8Array
  readonly target?: string
  readonly stat?: LocalStat | undefined
}

export interface SyncStep {
  readonly kind: 'directory' | 'file' | 'link' | 'attributes' | 'remove'
  readonly path: string
  /** Something else is in the way and goes first. */
  readonly replaces: boolean
  readonly isNew: boolean
  /** Not told: it only puts right what another step does by the way. */
  readonly isQuiet?: boolean
  readonly mode?: number
  readonly uid?: number
  readonly gid?: number
  readonly mtime?: number
  readonly content?: Uint8Array
  readonly target?: string
}

export interface SyncSubject {
  readonly sources: readonly SourceEntry[]
  readonly tree: RemoteTree
  readonly options: SyncOptions
  /** Only root may give files away. */
  readonly isRoot: boolean
  /** Nothing outside this folder of the transfer is deleted; '' is the whole. */
  readonly under: string
}

/** Sources that take part: filtered, and without what the options leave out. */
export function takingPart<Entry extends SourceEntry>(
  sources: readonly Entry[],
  options: SyncOptions,
): readonly Entry[] {
  const hidden: string[] = []
  return sources.filter(entry => {
    if (hidden.some(folder => entry.path.startsWith(`${folder}/`))) return false
    const isDirectory = entry.type === 'directory'
    if (entry.path !== '' && !isIncluded(options.rules, entry.path, isDirectory)) {
      if (isDirectory) hidden.push(entry.path)
      return false
    }
    return entry.type !== 'link' || options.links
  })
}

/** Steps in the order in which they are to be done; a text is the reason why it cannot be done. */
export function planSync(subject: SyncSubject): readonly SyncStep[] | string {
  const { sources, tree, options } = subject
  const wanted = takingPart(sources, options)
  const steps: SyncStep[] = []
  for (const source of wanted) {
    const step = stepOf(subject, source, tree.entries.get(source.path))
    if (typeof step === 'string') return step
    if (step !== null) steps.push(step)
  }
  const removals = options.delete ? removalsOf(subject, new Set(wanted.map(one => one.path))) : []
  return [...removals, ...withFolderTimes(subject, wanted, [...removals, ...steps]).slice(removals.length)]
}

/** A folder's time changes when something in it does: it is set again, which is no change by itself. */
function withFolderTimes(
  { options, tree }: SyncSubject,
  wanted: readonly SourceEntry[],
  steps: readonly SyncStep[],
): readonly SyncStep[] {
  if (!options.times || !options.directoryTimes) return steps
  const touched = new Set(
    steps.filter(one => one.path !== '' && one.kind !== 'attributes').map(one => parentOf(one.path)),
  )
  const timed = new Map(steps.map(step => [step.path, step]))
  for (const { type, path, stat } of wanted) {
    if (type !== 'directory' || stat === undefined || !touched.has(path)) continue
    const step = timed.get(path)
    const alone = { kind: 'attributes', path, replaces: false, isNew: false, isQuiet: true } as const
    if (step !== undefined || tree.entries.has(path))
      timed.set(path, { ...(step ?? alone), mtime: stat.mtime })
  }
  return [...timed.values()]
}

const parentOf = (path: string): string => (path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '')

function stepOf(
  subject: SyncSubject,
  source: SourceEntry,
  found: RemoteEntry | undefined,
): SyncStep | string | null {
  const { options } = subject
  if (found === undefined && options.existingOnly) return null
  const isOther = found !== undefined && found.type !== source.type
  if (isOther && found.type === 'directory' && !options.delete)
    return `${source.path} is a folder on the host and a ${source.type} in the source: it is replaced with delete only`
  const base = { path: source.path, replaces: isOther, isNew: found === undefined }
  const same = isOther ? undefined : found
  const wanted = attributesOf(subject, source, same)
  if (typeof wanted === 'string') return wanted
  if (source.type === 'link') {
    if (same?.target === source.target) return null
    return { ...base, kind: 'link', target: source.target ?? '', ...ownerOnly(wanted) }
  }
  if (source.type === 'directory' && same === undefined) return { ...base, kind: 'directory', ...wanted }
  if (source.type === 'file' && isDue(source, same, options)) {
    const mode = wanted.mode ?? same?.mode ?? source.mode & 0o755
    return { ...base, kind: 'file', ...wanted, mode, content: source.content ?? new Uint8Array() }
  }
  if (same === undefined || (options.ignoreExisting && source.type === 'file')) return null
  const edits = differing(wanted, same)
  return Object.keys(edits).length === 0 ? null : { ...base, kind: 'attributes', ...edits }
}

/** rsync's quick check: size and time, unless contents are to be compared. Without times only contents can tell. */
function isDue(source: SourceEntry, found: RemoteEntry | undefined, options: SyncOptions): boolean {
  if (found === undefined) return true
  if (options.ignoreExisting) return false
  const mtime = source.stat?.mtime ?? 0
  if (options.update && found.mtime > mtime) return false
  const content = source.content ?? new Uint8Array()
  if (content.length !== found.size) return true
  if (options.sizeOnly) return false
  if (options.checksum || !options.times) return found.sha256 !== digest('sha256', content)
  return found.mtime !== mtime
}

interface Attributes {
  readonly mode?: number
  readonly uid?: number
  readonly gid?: number
  readonly mtime?: number
}

const ownerOnly = ({ uid, gid }: Attributes): Attributes => ({
  ...(uid === undefined ? {} : { uid }),
  ...(gid === undefined ? {} : { gid }),
})

/** Owners by name where the host knows it, else by number, as rsync does. */
function attributesOf(
  { options, tree, isRoot }: SyncSubject,
  source: SourceEntry,
  found: RemoteEntry | undefined,
): Attributes | string {
  const { stat, type } = source
  const isDirectory = type === 'directory'
  const forced = isDirectory ? options.chmod.directory : options.chmod.file
  const kept = options.perms
    ? source.mode
    : found === undefined && isDirectory
      ? source.mode & 0o755
      : undefined
  const mode = forced ?? kept
  const { user, group } = options.chown
  if (user !== undefined && idOf(tree.userIds, user) === undefined)
    return `there is no user ${user} on the host`
  if (group !== undefined && idOf(tree.groupIds, group) === undefined)
    return `there is no group ${group} on the host`
  const uid = idOf(tree.userIds, user ?? stat?.user ?? '') ?? stat?.uid
  const gid = idOf(tree.groupIds, group ?? stat?.group ?? '') ?? stat?.gid
  const keepsTime = options.times && (!isDirectory || options.directoryTimes) && type !== 'link'
  return {
    ...(mode === undefined || type === 'link' ? {} : { mode }),
    ...(options.owner && isRoot && uid !== undefined ? { uid } : {}),
    ...(options.group && isRoot && gid !== undefined ? { gid } : {}),
    ...(keepsTime && stat !== undefined ? { mtime: stat.mtime } : {}),
  }
}

function idOf(ids: ReadonlyMap<string, number>, name: string): number | undefined {
  return /^\d+$/.test(name) ? Number(name) : ids.get(name)
}

function differing(wanted: Attributes, found: RemoteEntry): Attributes {
  return {
    ...(wanted.mode === undefined || wanted.mode === found.mode ? {} : { mode: wanted.mode }),
    ...(wanted.uid === undefined || wanted.uid === found.uid ? {} : { uid: wanted.uid }),
    ...(wanted.gid === undefined || wanted.gid === found.gid ? {} : { gid: wanted.gid }),
    ...(wanted.mtime === undefined || wanted.mtime === found.mtime ? {} : { mtime: wanted.mtime }),
  }
}

/** What the source does not have. What is excluded there is not touched here, nor a folder that holds such. */
function removalsOf({ tree, options, under }: SyncSubject, wanted: ReadonlySet<string>): SyncStep[] {
  const isProtected = (path: string, entry: RemoteEntry): boolean => {
    if (options.deleteExcluded) return false
    const parts = path.split('/')
    return parts.some((_part, index) => {
      const isLast = index === parts.length - 1
      const isDirectory = !isLast || entry.type === 'directory'
      return !isIncluded(options.rules, parts.slice(0, index + 1).join('/'), isDirectory)
    })
  }
  const inside = [...tree.entries].filter(
    ([path]) => path !== '' && (under === '' || path.startsWith(`${under}/`)),
  )
  const kept = inside
    .filter(([path, entry]) => wanted.has(path) || isProtected(path, entry))
    .map(([path]) => path)
  const gone = inside
    .map(([path]) => path)
    .filter(path => !kept.includes(path) && !kept.some(one => one.startsWith(`${path}/`)))
  return gone
    .filter(path => !gone.some(one => path.startsWith(`${one}/`)))
    .sort()
    .map(path => ({ kind: 'remove', path, replaces: false, isNew: false }))
}
