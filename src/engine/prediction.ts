/**
 * What a host will look like after actions that are known and not made yet. It is a guess: whoever acts on it has the
 * host check it first (actions/still-so.ts). What cannot be told is not there.
 */
import { createHash } from 'node:crypto'
import type { Action, FileAttributes } from '../modules/contract.ts'
import type { ContentSeen, Key, PathSeen, Seen, SeenByKind } from '../probes/contract.ts'

type Present = Exclude<PathSeen, { type: 'absent' | 'unknown' }>

/** `content` where it is known. */
type Foreseen =
  | { readonly is: 'absent' }
  | { readonly is: 'unknown' }
  | { readonly is: 'there'; readonly stat: Present; readonly content: Uint8Array | null }

const UNKNOWN: Foreseen = { is: 'unknown' }
const ABSENT: Foreseen = { is: 'absent' }

export class Prediction implements Seen {
  readonly #seen: Seen
  readonly #isRoot: boolean
  readonly #paths = new Map<string, Foreseen>()

  constructor(seen: Seen, isRoot: boolean) {
    this.#seen = seen
    this.#isRoot = isRoot
  }

  has(key: Key): boolean {
    const foreseen = this.#foreseen(key)
    return foreseen === null ? this.#seen.has(key) : answerOf(key, foreseen) !== null
  }

  get<K extends Key>(key: K): SeenByKind[K['kind']] {
    const foreseen = this.#foreseen(key)
    if (foreseen === null) return this.#seen.get(key)
    return answerOf(key, foreseen) as SeenByKind[K['kind']]
  }

  /** Its size is the host's to say, and results of tasks tell it. */
  isNewDirectory(path: string): boolean {
    const foreseen = this.#paths.get(path)
    return foreseen?.is === 'there' && foreseen.stat.type === 'directory' && foreseen.stat.size === 0
  }

  /** False when nothing can be said any more of what comes after this action. */
  apply(action: Action): boolean {
    switch (action.do) {
      case 'put':
        return this.#put(action)
      case 'mkdir':
        return this.#mkdir(action)
      case 'attributes':
        return this.#attributes(action)
      case 'link':
        this.#paths.set(action.path, UNKNOWN)
        return true
      case 'remove':
        this.#forgetBelow(action.path)
        this.#paths.set(action.path, ABSENT)
        return true
      default:
        return false
    }
  }

  #put(action: Extract<Action, { do: 'put' }>): boolean {
    const former = action.fresh === true ? ABSENT : this.#state(action.path)
    const { content } = action
    const shared = { size: content.length, sha256: createHash('sha256').update(content).digest('hex') }
    if (former.is === 'there' && former.stat.type !== 'file') this.#paths.set(action.path, UNKNOWN)
    else this.#set(action.path, former, { type: 'file', attributes: action, mode: 0o644, content, shared })
    return true
  }

  #mkdir(action: Extract<Action, { do: 'mkdir' }>): boolean {
    for (const path of prefixes(action.path)) {
      const former = this.#state(path)
      if (former.is === 'absent')
        this.#set(path, former, {
          type: 'directory',
          attributes: action,
          mode: 0o755,
          content: null,
          shared: {},
        })
    }
    return this.#attributes({ ...action, do: 'attributes' })
  }

  #attributes(action: Extract<Action, { do: 'attributes' }>): boolean {
    if (action.recursive === true) {
      this.#forgetBelow(action.path)
      this.#paths.set(action.path, UNKNOWN)
      return true
    }
    const former = this.#state(action.path)
    if (former.is !== 'there' || former.stat.type === 'link') this.#paths.set(action.path, UNKNOWN)
    else {
      const { stat, content } = former
      this.#set(action.path, former, {
        type: stat.type,
        attributes: action,
        mode: stat.mode,
        content,
        shared: {},
      })
    }
    return true
  }

  #set(
    path: string,
    former: Foreseen,
    made: {
      type: Present['type']
      attributes: FileAttributes
      mode: number
      content: Uint8Array | null
      shared: Partial<Present>
    },
  ): void {
    const before = former.is === 'there' ? former.stat : null
    const owners = ownersOf(before, made.attributes, this.#isRoot)
    if (former.is === 'unknown' || owners === null) {
      this.#paths.set(path, UNKNOWN)
      return
    }
    const mode = made.attributes.mode ?? before?.mode ?? made.mode
    const size = before?.size ?? 0
    const stat: Present = { ...before, ...NO_TIMES, size, ...made.shared, ...owners, type: made.type, mode }
    this.#paths.set(path, { is: 'there', stat, content: made.content })
  }

  #forgetBelow(path: string): void {
    for (const one of this.#paths.keys()) if (one.startsWith(`${path}/`)) this.#paths.delete(one)
    this.#gone.push(`${path}/`)
  }

  /** Folders whose old insides are not what they were. */
  readonly #gone: string[] = []

  /** null: no action so far reaches it. */
  #foreseen(key: Key): Foreseen | null {
    if (key.kind !== 'path' && key.kind !== 'content') return null
    const own = this.#paths.get(key.path)
    if (own !== undefined) return own
    return this.#gone.some(folder => key.path.startsWith(folder)) ? UNKNOWN : null
  }

  #state(path: string): Foreseen {
    const foreseen = this.#foreseen({ kind: 'path', path })
    if (foreseen !== null) return foreseen
    const content = this.#contentOf(path)
    for (const key of [
      { kind: 'path', path, hash: true },
      { kind: 'path', path },
    ] as const) {
      if (!this.#seen.has(key)) continue
      const stat = this.#seen.get(key)
      if (stat.type === 'absent') return ABSENT
      return stat.type === 'unknown' ? UNKNOWN : { is: 'there', stat, content }
    }
    return UNKNOWN
  }

  #contentOf(path: string): Uint8Array | null {
    const key = { kind: 'content', path } as const
    if (!this.#seen.has(key)) return null
    const seen = this.#seen.get(key)
    return seen.state === 'present' ? seen.bytes : null
  }
}

const NO_TIMES = { mtime: 0, atime: 0, ctime: 0, nlink: 0, inode: '', device: '' } as const

/** null when who will own it cannot be told. */
function ownersOf(
  before: Present | null,
  { owner, group }: FileAttributes,
  isRoot: boolean,
): Pick<Present, 'uid' | 'gid' | 'owner' | 'group'> | null {
  const now = before ?? (isRoot ? { uid: 0, gid: 0, owner: 'root', group: 'root' } : null)
  if (now === null) return null
  const { uid, gid } = now
  const isOwner = owner === undefined || owner === uid || String(owner) === now.owner
  const isGroup = group === undefined || group === gid || String(group) === now.group
  return isOwner && isGroup ? { uid, gid, owner: now.owner, group: now.group } : null
}

/** null: what the key asks for cannot be told. */
function answerOf(key: Key, foreseen: Foreseen): PathSeen | ContentSeen | null {
  if (foreseen.is === 'unknown') return null
  if (key.kind === 'content') {
    if (foreseen.is === 'absent') return { state: 'absent' }
    const { content } = foreseen
    return content === null ? null : { state: 'present', bytes: content }
  }
  if (foreseen.is === 'absent') return { type: 'absent' }
  if (key.kind !== 'path') return null
  const { sha256, ...stat } = foreseen.stat
  if (!key.hash || stat.type !== 'file') return stat
  return sha256 === undefined ? null : { ...stat, sha256 }
}

function prefixes(path: string): string[] {
  const parts = path.split('/').filter(part => part !== '')
  return parts.map((_, index) => `/${parts.slice(0, index + 1).join('/')}`)
}
