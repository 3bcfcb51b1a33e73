/**
 * What the engine needs of the world, stated once. Adapters (connections, session, state, report)
 * import this file and nothing else of the engine.
 */
import type { Readable, Writable } from 'node:stream'
import type { Pieces } from '../base/pieces.ts'

/** One running command line on a host: three byte streams and an end. */
export interface Channel {
  readonly stdin: Writable
  readonly stdout: Readable
  readonly stderr: Readable
  /** Resolves when the command has ended and all output was delivered. Never rejects. */
  readonly closed: Promise<{ readonly code: number | null; readonly signal: string | null }>
  /** Drops the channel at once; the command on the host may live on. */
  destroy(): void
}

export interface OpenOptions {
  /** Only for hosts whose sudo insists on a terminal. */
  readonly pty?: boolean
  /** Goes to its stdin as soon as can be, before anything that is written there. */
  readonly first?: Uint8Array
}

/** A way to start POSIX sh command lines on one host: ssh, local, docker, incus. */
export interface Connection {
  /** Starts `commandLine` through the login shell. */
  open(commandLine: string, options?: OpenOptions): Promise<Channel>
  /** Raw TCP from the host to `host:port` (for ProxyJump and health checks), where the connection can. */
  forward?(host: string, port: number): Promise<NodeJS.ReadWriteStream>
  close(): Promise<void>
  /** Rejects with a VpaiError (CONNECTION_LOST) when the connection dies; never resolves. */
  readonly lost: Promise<never>
}

/** Who runs a request on the host. */
export interface Identity {
  /** null: the login user, as is. */
  readonly user: string | null
  readonly method: 'sudo' | 'su' | 'doas'
  /** become_exe, become_flags: words, checked where they are used. */
  readonly exe?: string
  readonly flags?: string
}

/** Two of the same share a session, and what was seen. */
export function identityId({ user, method, exe, flags }: Identity): string {
  if (user === null) return ''
  return [method, user, ...(exe === undefined && flags === undefined ? [] : [exe ?? '', flags ?? ''])].join(
    ':',
  )
}

export interface Request {
  /** POSIX sh. Runs with LC_ALL=C, umask 022, stdin = `stdin` or /dev/null. Never holds a secret: secrets go in `stdin`. */
  readonly script: string
  readonly stdin?: Uint8Array | string | Pieces
  /** Seconds; 0 = trusted (engine-generated script, run in a subshell of the helper). Default 0. */
  readonly timeoutS?: number
  /** Requests of one chain after a failed one are answered `skipped` without running. */
  readonly chain?: string
}

export type Reply =
  | {
      readonly kind: 'done'
      readonly code: number
      readonly stdout: Buffer
      readonly stderr: Buffer
      readonly timedOut: boolean
      readonly elapsedMs: number
    }
  | { readonly kind: 'skipped' }

/** The framed helper of one identity on one host. Requests are served strictly in order and may be pipelined. */
export interface Session {
  request(request: Request): Promise<Reply>
  readonly hello: {
    readonly pid: number
    readonly uid: number
    readonly hasTimeout: boolean
    readonly tmp: string
  }
  /**
   * Ends the command of a request, through a second session; one that has not begun never begins. `asked` is what
   * `request` gave. One without a time (trusted) is not ended, nor one that was answered.
   */
  cancel(asked: Promise<Reply>): Promise<void>
  close(): Promise<void>
}

export interface Traffic {
  requests: number
  /** Those of them that were waited for before the next went out. */
  roundTrips: number
  bytesSent: number
  bytesReceived: number
}

/** One host, reached: sessions per identity are opened on first use and kept. */
export interface Host {
  session(identity: Identity): Promise<Session>
  close(): Promise<void>
  /** Counted since the connection opened, for the summary line. */
  readonly traffic: Traffic
}

export interface Clock {
  now(): number
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}
