/**
 * Actions on files that can go to the host as one request, because their order among each other does not matter: what is
 * removed goes first, then come folders, files, links, and owners and modes of what is there (bundle-script.ts). All that
 * a file keeps of the one it replaces is known here, and the host makes sure that it still is so.
 */
import type { Action } from '../modules/contract.ts'
import type { PathSeen, Seen } from '../probes/contract.ts'
import type { AttributesAction } from './attributes.ts'
import type { LinkAction } from './link.ts'
import type { MkdirAction } from './mkdir.ts'
import { type Precondition, preconditionOf } from './precondition.ts'
import type { PutAction } from './put.ts'
import type { RemoveAction } from './remove.ts'

export interface Bundle {
  readonly do: 'bundle'
  /** The first of its paths, for the journal. */
  readonly path: string
  readonly parts: readonly BundledAction[]
  /** The files among them: in the order of their folders. */
  readonly files: readonly BundledFile[]
}

export type BundledAction = RemoveAction | MkdirAction | PutAction | LinkAction | AttributesAction

export interface BundledFile {
  readonly action: PutAction
  readonly mode: number
  /** uid:gid of the file it replaces, kept as far as one may. */
  readonly kept: string | null
  /** null: it is not compared. */
  readonly before: Precondition | null
  /** Access control lists of what is there stay. */
  readonly keepsLists: boolean
}

/** null when they have to be done one by one. */
export function bundlesOf(actions: readonly Action[], seen: Seen): readonly Bundle[] | null {
  if (actions.length < FEWEST) return null
  const parts: BundledAction[] = []
  for (const action of actions) {
    const part = partOf(action)
    if (part === null) return null
    parts.push(part)
  }
  if (!isInAnyOrder(parts)) return null
  const removed = new Set(parts.flatMap(part => (part.do === 'remove' ? [part.path] : [])))
  const files = new Map<PutAction, BundledFile>()
  for (const part of parts) {
    if (part.do !== 'put') continue
    const file = fileOf(part, isBelow(part.path, removed) ? { type: 'absent' } : formerAt(part.path, seen))
    if (file === null) return null
    files.set(part, file)
  }
  return portions(parts.toSorted(byStage), files)
}

/** With fewer, putting them together costs more than it saves. */
const FEWEST = 4
const MAX_PARTS = 4000
const MAX_BYTES = 32 * 1024 * 1024
/** What the time in a tar archive can be. */
const MAX_TIME = 2 ** 33

const STAGES: Readonly<Record<BundledAction['do'], number>> = {
  remove: 0,
  mkdir: 1,
  put: 2,
  link: 3,
  attributes: 4,
}

function byStage(one: BundledAction, other: BundledAction): number {
  const stages = STAGES[one.do] - STAGES[other.do]
  if (stages !== 0 || one.do !== 'put') return stages
  const [folder, otherFolder] = [folderOf(one.path), folderOf(other.path)]
  return folder < otherFolder ? -1 : folder > otherFolder ? 1 : 0
}

function partOf(action: Action): BundledAction | null {
  switch (action.do) {
    case 'put': {
      const { validate, backup, unsafe, mtime = 0 } = action
      const isPlain = validate === undefined && backup !== true && unsafe !== true
      const hasTime = Number.isInteger(mtime) && mtime >= 0 && mtime < MAX_TIME
      return isPlain && hasTime && isClean(action.path) ? action : null
    }
    case 'mkdir': {
      const path = action.path.replace(/(?<=.)\/+$/, '')
      return isClean(path) ? { ...action, path } : null
    }
    case 'attributes':
      return action.recursive !== true && isClean(action.path) ? action : null
    case 'link':
      // A hard link made later would be one to another file.
      return action.hard !== true && isClean(action.path) ? action : null
    case 'remove':
      return isClean(action.path) ? action : null
    default:
      return null
  }
}

/** Two of these are the same place only when they are the same text, or when a link of the host makes them so. */
const isClean = (path: string): boolean => /^(\/(?!\.{1,2}(\/|$))[^/\0]+)+$/.test(path)

/** Is it the same whether they are done in the order given or in that of the stages? */
function isInAnyOrder(parts: readonly BundledAction[]): boolean {
  const last = new Map<string, number>()
  const folders = new Set<string>()
  for (const part of parts) {
    const stage = STAGES[part.do]
    const former = last.get(part.path) ?? -1
    if (stage < former || (stage === former && part.do === 'put')) return false
    if (part.do === 'remove' && folders.has(part.path)) return false
    last.set(part.path, stage)
    for (const folder of foldersOf(part.path)) folders.add(folder)
  }
  return parts.every(({ do: what, path }) => (what !== 'link' && what !== 'put') || !folders.has(path))
}

/** /a/b/c: /a/b and /a. */
function foldersOf(path: string): readonly string[] {
  const parts = path.split('/')
  return parts.slice(2).map((_part, index) => parts.slice(0, index + 2).join('/'))
}

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/')) || '/'

const isBelow = (path: string, removed: ReadonlySet<string>): boolean =>
  removed.size > 0 && (removed.has(path) || foldersOf(path).some(folder => removed.has(folder)))

function formerAt(path: string, seen: Seen): PathSeen | null {
  for (const key of [{ kind: 'path', path } as const, { kind: 'path', path, hash: true } as const])
    if (seen.has(key)) return seen.get(key)
  return null
}

function fileOf(action: PutAction, former: PathSeen | null): BundledFile | null {
  const { fresh = false, mode, owner, group } = action
  if (former?.type === 'unknown') return null
  // What was only foreseen has no inode yet; whoever foresaw it has the host look.
  const before = former === null || ('inode' in former && former.inode === '') ? null : preconditionOf(former)
  if (fresh) return mode === undefined ? null : { action, mode, kept: null, before, keepsLists: false }
  if (former === null) return null
  if (former.type !== 'file') return { action, mode: mode ?? 0o644, kept: null, before, keepsLists: false }
  const isKept = owner === undefined || group === undefined
  const kept = isKept ? `${former.uid}:${former.gid}` : null
  return { action, mode: mode ?? former.mode, kept, before, keepsLists: true }
}

function portions(parts: readonly BundledAction[], files: ReadonlyMap<PutAction, BundledFile>): Bundle[] {
  const bundles: Bundle[] = []
  let own: BundledAction[] = []
  let bytes = 0
  const end = () => {
    const [first] = own
    if (first === undefined) return
    const within = own.flatMap(part => (part.do === 'put' ? [files.get(part)] : []))
    bundles.push({
      do: 'bundle',
      path: first.path,
      parts: own,
      files: within.filter(file => file !== undefined),
    })
    own = []
    bytes = 0
  }
  for (const part of parts) {
    const more = part.do === 'put' ? part.content.length : 0
    if (own.length >= MAX_PARTS || bytes + more > MAX_BYTES) end()
    own.push(part)
    bytes += more
  }
  end()
  return bundles
}
