/**
 * Probes: read-only questions to a host, batched. A key names one thing to know; each kind of key has
 * one probe that answers any number of keys with one piece of sh, and a parser for the answer.
 * Identity (become) is added by the engine: keys of different users go to different sessions.
 */
import type { Dict } from '../base/value.ts'

export type Key =
  /** lstat, link target and, for regular files when `hash`, the sha256. `follow`: stat what a link leads to. */
  | {
      readonly kind: 'path'
      readonly path: string
      readonly follow?: boolean
      readonly hash?: boolean
      /** Asks for the time of the last access as well. */
      readonly accessed?: boolean
    }
  /** Bytes of a regular file (links followed), absent, or unreadable. Files over `limit` bytes (default 8 MiB) come back as too large. */
  | { readonly kind: 'content'; readonly path: string; readonly limit?: number }
  /** Installed version of a package by the host's own package manager (dpkg, rpm, apk). */
  | { readonly kind: 'package'; readonly name: string }
  | { readonly kind: 'unit'; readonly name: string; readonly scope?: 'system' | 'user' }
  | { readonly kind: 'user'; readonly name: string }
  | { readonly kind: 'group'; readonly name: string }
  /**
   * All facts of `setup`, as ansible_facts without the ansible_ prefix. `localFacts`: another folder than
   * /etc/ansible/facts.d. `timeoutS`: how long each program there may take; 10 when not said.
   */
  | { readonly kind: 'facts'; readonly localFacts?: string; readonly timeoutS?: number }
  /** Does a command exist, and where. */
  | { readonly kind: 'which'; readonly command: string }
  /** Any other read-only script; `name` must say all that makes two of them different. Never holds a secret unless in `stdin`. */
  | {
      readonly kind: 'read'
      readonly name: string
      readonly script: string
      readonly env?: Readonly<Record<string, string>>
      /** Paths it tells of, with all that is below them: after a change there its answer is old. */
      readonly files?: readonly string[]
      /** It tells the time, or something else that moves by itself: a saved plan does not compare what it says. */
      readonly moves?: true
    }

export type PathSeen =
  /** `blocked`: nothing can be made there, because something above it is not a directory. */
  | { readonly type: 'absent'; readonly blocked?: true }
  /** Permission denied and the like: never treated as absent. */
  | { readonly type: 'unknown'; readonly reason: string }
  | {
      readonly type: 'file' | 'directory' | 'link' | 'fifo' | 'socket' | 'char' | 'block'
      /** Permission bits incl. setuid, setgid, sticky. */
      readonly mode: number
      readonly uid: number
      readonly gid: number
      /** Names from the host's user database; null when the id has none. */
      readonly owner: string | null
      readonly group: string | null
      readonly size: number
      /** Seconds since the epoch, with fraction where the host gives one. */
      readonly mtime: number
      /** 0 unless asked. */
      readonly atime: number
      readonly ctime: number
      readonly nlink: number
      readonly inode: string
      readonly device: string
      /** Links only: the text of the link, and what it finally leads to ('' when dangling). */
      readonly target?: string
      readonly resolved?: string
      /** Regular files, when asked. */
      readonly sha256?: string
    }

export type ContentSeen =
  | { readonly state: 'present'; readonly bytes: Uint8Array }
  | { readonly state: 'absent' }
  | { readonly state: 'unknown'; readonly reason: string }
  | { readonly state: 'too-large'; readonly size: number }

export interface PackageSeen {
  readonly installed: boolean
  readonly version: string | null
  readonly held: boolean
  /** Newest version the package lists offer, null when unknown to them or not asked by this manager. */
  readonly candidate: string | null
  /** Half-configured and the like. */
  readonly broken: boolean
}

export interface UnitSeen {
  /** systemd: loaded, not-found, masked …; without systemd: not-found, or loaded for /etc/init.d scripts. */
  readonly load: string
  readonly active: string
  readonly sub: string
  /** enabled, disabled, static, masked, generated … or '' */
  readonly fileState: string
  readonly needsReload: boolean
  readonly properties: Readonly<Record<string, string>>
  /** What runs services there. */
  readonly manager: 'systemd' | 'sysvinit' | 'openrc' | 'none'
}

export type UserSeen =
  | { readonly exists: false }
  | {
      readonly exists: true
      readonly name: string
      readonly uid: number
      readonly gid: number
      readonly comment: string
      readonly home: string
      readonly shell: string
      /** Supplementary groups, by name. */
      readonly groups: readonly string[]
      readonly primaryGroup: string
      /** Shadow hash; null when it may not be read. Treated as a secret. */
      readonly passwordHash: string | null
      readonly expires: number | null
    }

export type GroupSeen =
  | { readonly exists: false }
  | {
      readonly exists: true
      readonly name: string
      readonly gid: number
      readonly members: readonly string[]
    }

export interface ReadSeen {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export interface SeenByKind {
  readonly path: PathSeen
  readonly content: ContentSeen
  readonly package: PackageSeen
  readonly unit: UnitSeen
  readonly user: UserSeen
  readonly group: GroupSeen
  readonly facts: Dict
  readonly which: { readonly path: string | null }
  readonly read: ReadSeen
}

/** What was seen of one host as one user. Asking for a key that was not in `keys` or `ask` is a bug and throws. */
export interface Seen {
  get<K extends Key>(key: K): SeenByKind[K['kind']]
  has(key: Key): boolean
}

/** How one kind of key is asked and read. Pure. */
export interface Probe<K extends Key> {
  readonly kind: K['kind']
  /** Two keys with the same id have the same answer. */
  id(key: K): string
  /** POSIX sh that answers all keys on stdout; it may not write anything and needs only sh, coreutils or busybox. */
  script(keys: readonly K[]): string
  /** One answer per key, in order. A garbled or short answer throws VpaiError PROBE_GARBLED. */
  parse(keys: readonly K[], stdout: Uint8Array): readonly SeenByKind[K['kind']][]
}
