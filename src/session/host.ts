import { randomBytes } from 'node:crypto'
import type { VpaiError } from '../base/error.ts'
import { type Connection, type Host, type Identity, identityId, type Session } from '../engine/ports.ts'
import type { FramedSession } from './framed-session.ts'
import { openSession } from './open-session.ts'

export interface HostOptions {
  readonly connection: Connection
  /** For messages. */
  readonly name: string
  /** Called only when a become program asks for a password. null: there is none. */
  readonly becomePassword?: (identity: Identity) => Promise<string | null>
  /** Sessions kept at a time; the one unused for longest makes room. Default 6 (sshd allows 10 channels). */
  readonly maxSessions?: number
  /** Default 20 s. */
  readonly helloTimeoutMs?: number
  /** `bytes` random bytes as hex; default: the system's. */
  readonly randomHex?: (bytes: number) => string
  /** Milliseconds, only differences count; default: the monotonic clock. */
  readonly now?: () => number
}

interface Opened {
  readonly opening: Promise<FramedSession>
  session: FramedSession | null
}

/**
 * A host as the engine sees it. Each identity has one session, opened at first use (so sudo asks once) and opened
 * anew when it has died. Callers take the session from here for each use instead of keeping it.
 */
export class SessionHost implements Host {
  readonly traffic = { requests: 0, roundTrips: 0, bytesSent: 0, bytesReceived: 0 }
  readonly #options: HostOptions
  /** Lowered when the host refuses a channel. */
  #limit: number
  /** In order of use: the first is the one unused for longest. */
  readonly #sessions = new Map<string, Opened>()
  readonly #identities = new Map<string, Identity>()

  constructor(options: HostOptions) {
    this.#options = options
    this.#limit = options.maxSessions ?? 6
  }

  /** Those who had a session, in the order of their first. */
  get identities(): readonly Identity[] {
    return [...this.#identities.values()]
  }

  async session(identity: Identity): Promise<Session> {
    const key = identityId(identity)
    const known = this.#sessions.get(key)
    if (known !== undefined && known.session?.isDead !== true) {
      this.#sessions.delete(key)
      this.#sessions.set(key, known)
      return known.opening
    }
    const opening = this.#openWithRoom(identity)
    this.#identities.set(key, identity)
    const entry: Opened = { opening, session: null }
    this.#sessions.set(key, entry)
    try {
      entry.session = await opening
      return entry.session
    } catch (error) {
      if (this.#sessions.get(key) === entry) this.#sessions.delete(key)
      throw error
    }
  }

  async close(): Promise<void> {
    const sessions = [...this.#sessions.values()]
    this.#sessions.clear()
    await Promise.all(
      sessions.map(({ opening }) => opening.then(session => session.close()).catch(() => undefined)),
    )
    await this.#options.connection.close()
  }

  /** When the host refuses one more channel (MaxSessions), an idle session gives way and it is tried again. */
  async #openWithRoom(identity: Identity): Promise<FramedSession> {
    if (this.#sessions.size >= this.#limit) await this.#closeIdle()
    for (;;) {
      try {
        return await this.#open(identity)
      } catch (error) {
        const isRefused = (error as Partial<VpaiError>).code === 'SSH_CHANNEL_REFUSED'
        if (isRefused) this.#limit = Math.max(1, this.#sessions.size - 1)
        if (!isRefused || !(await this.#closeIdle())) throw error
      }
    }
  }

  #open(identity: Identity): Promise<FramedSession> {
    const { connection, name, becomePassword, helloTimeoutMs, randomHex, now } = this.#options
    return openSession({
      connection,
      identity,
      askPassword: becomePassword,
      name: identity.user === null ? name : `${identity.user} on ${name}`,
      helloTimeoutMs: helloTimeoutMs ?? 20_000,
      randomHex: randomHex ?? (bytes => randomBytes(bytes).toString('hex')),
      now: now ?? (() => performance.now()),
      openSibling: () => this.#openWithRoom(identity),
      whyLost: () => Promise.race([whyLost(connection), soon()]),
      count: ({ requests = 0, roundTrips = 0, sent = 0, received = 0 }) => {
        this.traffic.requests += requests
        this.traffic.roundTrips += roundTrips
        this.traffic.bytesSent += sent
        this.traffic.bytesReceived += received
      },
    })
  }

  async #closeIdle(): Promise<boolean> {
    for (const [key, { session }] of this.#sessions) {
      if (session === null || session.isDead || !session.isIdle) continue
      this.#sessions.delete(key)
      await session.close()
      return true
    }
    return false
  }
}

async function whyLost({ lost }: Connection): Promise<string> {
  return lost.catch((error: unknown) => (error instanceof Error ? error.message : String(error)))
}

/** A connection that ends tells its channels first. */
function soon(): Promise<null> {
  return new Promise(resolve => setImmediate(resolve, null))
}
