/**
 * What a host will look like after actions that are known and not made yet. What cannot be told is not there. Whoever
 * acts on it has the host check it first (actions/still-so.ts); a dry run tells it.
 */
import { createHash } from 'node:crypto'
import type { Action, FileAttributes } from '../modules/contract.ts'
import type { ContentSeen, GroupSeen, Key, PathSeen, Seen, SeenByKind, UserSeen } from '../probes/contract.ts'
import { type Foreseen, ForeseenFiles, type Present } from './foreseen-files.ts'

/** Compared with what was seen. */
type Settled = Exclude<Foreseen, { is: 'made' }>

const UNKNOWN: Settled = { is: 'unknown' }
const ABSENT: Settled = { is: 'absent' }

export class Prediction implements Seen {
  readonly #seen: Seen
  readonly #isRoot: boolean
  readonly #files: ForeseenFiles

  /** `files`: what earlier actions come to, which later ones add to. */
  constructor(seen: Seen, isRoot: boolean, files = new ForeseenFiles()) {
    this.#seen = seen
    this.#isRoot = isRoot
    this.#files = files
  }

  has(key: Key): boolean {
    const foreseen = this.#foreseen(key)
    return foreseen === null ? this.#seen.has(key) : this.#answer(key, foreseen) !== null
  }

  get<K extends Key>(key: K): SeenByKind[K['kind']] {
    const foreseen = this.#foreseen(key)
    if (foreseen === null) return this.#seen.get(key)
    return this.#answer(key, foreseen) as SeenByKind[K['kind']]
  }

  /** Its size is the host's to say, and results of tasks tell it. */
  isNewDirectory(path: string): boolean {
    const foreseen = this.#files.at(path)
    if (foreseen?.is === 'made') return true
    return foreseen?.is === 'there' && foreseen.stat.type === 'directory' && foreseen.stat.size === 0
  }

  /**
   * False when nothing can be said any more of what comes after this action. `keys`: what was looked at to decide it,
   * where ids of owners have their names from.
   */
  apply(action: Action, keys: readonly Key[] = []): boolean {
    switch (action.do) {
      case 'put':
        return this.#put(action, keys)
      case 'mkdir':
        return this.#mkdir(action, keys)
      case 'attributes':
        return this.#attributes(action, keys)
      case 'link':
        this.#files.setBelow(action.path, 'unknown')
        this.#files.set(action.path, UNKNOWN)
        return true
      case 'remove':
        this.#files.setBelow(action.path, 'absent')
        this.#files.set(action.path, ABSENT)
        return true
      default:
        return false
    }
  }

  #put(action: Extract<Action, { do: 'put' }>, keys: readonly Key[]): boolean {
    const former = action.fresh === true ? ABSENT : this.#state(action.path)
    const { content } = action
    const shared = { size: content.length, sha256: createHash('sha256').update(content).digest('hex') }
    const made = { type: 'file', attributes: action, mode: 0o644, content, shared, keys } as const
    if (former.is === 'there' && former.stat.type !== 'file') this.#files.set(action.path, UNKNOWN)
    else this.#set(action.path, former, made)
    return true
  }

  #mkdir(action: Extract<Action, { do: 'mkdir' }>, keys: readonly Key[]): boolean {
    const made = {
      type: 'directory',
      attributes: action,
      mode: 0o755,
      content: null,
      shared: {},
      keys,
    } as const
    for (const path of prefixes(action.path)) {
      const former = this.#state(path)
      if (former.is === 'absent') this.#set(path, former, made)
      else if (former.is === 'unknown' && this.#files.at(path) === null) this.#setUnlessThere(path, made)
    }
    return this.#attributes({ ...action, do: 'attributes' }, keys)
  }

  #attributes(action: Extract<Action, { do: 'attributes' }>, keys: readonly Key[]): boolean {
    if (action.recursive === true) {
      this.#files.setBelow(action.path, 'unknown')
      this.#files.set(action.path, UNKNOWN)
      return true
    }
    const former = this.#state(action.path)
    if (former.is !== 'there' || former.stat.type === 'link') this.#files.set(action.path, UNKNOWN)
    else {
      const { stat, content } = former
      const made = { type: stat.type, attributes: action, mode: stat.mode, content, shared: {}, keys }
      this.#set(action.path, former, made)
    }
    return true
  }

  #set(path: string, former: Settled, made: Made): void {
    const before = former.is === 'there' ? former.stat : null
    const owners = this.#ownersOf(before, made)
    if (former.is === 'unknown' || owners === null) {
      this.#files.set(path, UNKNOWN)
      return
    }
    const mode = made.attributes.mode ?? before?.mode ?? made.mode
    const size = before?.size ?? 0
    const stat: Present = { ...before, ...NO_TIMES, size, ...made.shared, ...owners, type: made.type, mode }
    this.#files.set(path, { is: 'there', stat, content: made.content })
  }

  #setUnlessThere(path: string, made: Made): void {
    this.#set(path, ABSENT, made)
    const foreseen = this.#files.at(path)
    if (foreseen?.is === 'there') this.#files.set(path, { is: 'made', stat: foreseen.stat })
  }

  /** null when who will own it cannot be told. */
  #ownersOf(
    before: Present | null,
    { attributes, keys }: Made,
  ): Pick<Present, 'uid' | 'gid' | 'owner' | 'group'> | null {
    const now = before ?? (this.#isRoot ? ROOT : null)
    if (now === null) return null
    const owner = this.#idOf({ kind: 'user', id: now.uid, name: now.owner }, attributes.owner, keys)
    const group = this.#idOf({ kind: 'group', id: now.gid, name: now.group }, attributes.group, keys)
    if (owner === null || group === null) return null
    return { uid: owner.id, owner: owner.name, gid: group.id, group: group.name }
  }

  #idOf(
    now: { readonly kind: 'user' | 'group'; readonly id: number; readonly name: string | null },
    wanted: string | number | undefined,
    keys: readonly Key[],
  ): { readonly id: number; readonly name: string | null } | null {
    if (wanted === undefined || wanted === now.id || String(wanted) === now.name) return now
    for (const key of keys) {
      if (key.kind !== now.kind || !this.#seen.has(key)) continue
      const id = idIn(this.#seen.get(key))
      if (id !== null && (id === wanted || key.name === wanted)) return { id, name: key.name }
    }
    return null
  }

  /** null: no action so far reaches it. */
  #foreseen(key: Key): Settled | null {
    if (key.kind !== 'path' && key.kind !== 'content') return null
    const foreseen = this.#files.at(key.path)
    return foreseen?.is === 'made' ? this.#madeOrFound(key, foreseen.stat) : foreseen
  }

  /** null: what was seen counts. */
  #madeOrFound(key: Extract<Key, { kind: 'path' | 'content' }>, stat: Present): Settled | null {
    if (!this.#seen.has(key)) return UNKNOWN
    const seen = this.#seen.get(key)
    const isAbsent = 'type' in seen ? seen.type === 'absent' : seen.state === 'absent'
    return isAbsent ? { is: 'there', stat, content: null } : null
  }

  /** null: what the key asks for cannot be told. */
  #answer(key: Key, foreseen: Settled): PathSeen | ContentSeen | null {
    if (foreseen.is === 'unknown') return null
    if (key.kind === 'content') {
      if (foreseen.is === 'absent') return { state: 'absent' }
      if (foreseen.content === 'as it is') return this.#seen.has(key) ? this.#seen.get(key) : null
      return foreseen.content === null ? null : { state: 'present', bytes: foreseen.content }
    }
    if (foreseen.is === 'absent') return { type: 'absent' }
    if (key.kind !== 'path') return null
    const { sha256 = this.#unalteredHash(key, foreseen), ...stat } = foreseen.stat
    if (!key.hash || stat.type !== 'file') return stat
    return sha256 === undefined ? null : { ...stat, sha256 }
  }

  #unalteredHash(
    key: Extract<Key, { kind: 'path' }>,
    foreseen: Extract<Foreseen, { is: 'there' }>,
  ): string | undefined {
    if (foreseen.content !== 'as it is' || !this.#seen.has(key)) return undefined
    const seen = this.#seen.get(key)
    return 'sha256' in seen ? seen.sha256 : undefined
  }

  #state(path: string): Settled {
    const foreseen = this.#files.at(path)
    if (foreseen !== null && foreseen.is !== 'made') return foreseen
    for (const key of [
      { kind: 'path', path, hash: true },
      { kind: 'path', path },
    ] as const) {
      if (!this.#seen.has(key)) continue
      const stat = this.#seen.get(key)
      if (stat.type === 'absent')
        return foreseen === null ? ABSENT : { is: 'there', stat: foreseen.stat, content: null }
      return stat.type === 'unknown' ? UNKNOWN : { is: 'there', stat, content: 'as it is' }
    }
    return UNKNOWN
  }
}

/** What an action leaves at a path. */
interface Made {
  readonly type: Present['type']
  readonly attributes: FileAttributes
  /** Of a new one, when none is asked for. */
  readonly mode: number
  readonly content: Extract<Foreseen, { is: 'there' }>['content']
  readonly shared: Partial<Present>
  readonly keys: readonly Key[]
}

const ROOT = { uid: 0, gid: 0, owner: 'root', group: 'root' } as const

function idIn(seen: UserSeen | GroupSeen): number | null {
  if (!seen.exists) return null
  return 'uid' in seen ? seen.uid : seen.gid
}

const NO_TIMES = { mtime: 0, atime: 0, ctime: 0, nlink: 0, inode: '', device: '' } as const

function prefixes(path: string): string[] {
  const parts = path.split('/').filter(part => part !== '')
  return parts.map((_, index) => `/${parts.slice(0, index + 1).join('/')}`)
}
