/**
 * Logins that are begun while playbooks are still being read: to the hosts that the last run like this one has logged in
 * to as the inventory says. The run takes such a login only for the very same target. Until then nothing is asked or done
 * there but to start the session's helper, and nobody is asked for a password.
 */
import type { SshTarget } from '../../connections/ssh-target.ts'
import type { Connection, Identity } from '../../engine/ports.ts'
import { SessionHost } from '../../session/host.ts'
import type { LoginMemory } from '../../state/logins.ts'

/** null: there is none. */
export type AskPassword = (identity: Identity) => Promise<string | null>

export interface EarlyPorts {
  readonly memory: LoginMemory
  /** Where a host is as far as the inventory tells; null: not by ssh. */
  readonly targetOf: (host: string) => Promise<SshTarget | null>
  readonly connect: (target: SshTarget, during: During) => Promise<Connection>
  /** Text that no file may hold. */
  readonly isSecret: (text: string) => boolean
}

export interface During {
  readonly signal: AbortSignal
  /** Called when the dial begins. */
  readonly dials: () => void
}

/** What the run knows when it comes to need the login. */
interface Taken {
  readonly target: SshTarget
  readonly becomePassword: AskPassword
}

interface Login {
  readonly target: SshTarget
  readonly host: Promise<SessionHost>
  readonly take: (taken: Taken) => void
  isLost: boolean
}

/** With more, the work of logging in is more than the waiting for it. */
const MOST_HOSTS = 8

export class EarlyLogins {
  readonly #ports: EarlyPorts
  readonly #remembered: ReadonlyMap<string, readonly Identity[]>
  readonly #begun = new Map<string, Promise<Login | null>>()
  /** Of this run; null: it was not where the inventory says. */
  readonly #reached = new Map<string, SessionHost | null>()
  readonly #over = new AbortController()

  constructor(ports: EarlyPorts) {
    this.#ports = ports
    this.#remembered = ports.memory.read()
  }

  /** With those of these hosts that are remembered; resolves when they are being dialled, or cannot be. */
  async begin(hosts: Iterable<string>): Promise<void> {
    const known = [...hosts].filter(host => this.#remembered.has(host))
    if (known.length > MOST_HOSTS) return
    const dialling = known.map(
      host =>
        new Promise<void>(resolve => {
          // What goes wrong here goes wrong once more when the login is needed, and is told then.
          const login = this.#begin(host, resolve).catch(() => null)
          this.#begun.set(host, login)
          void login
            .then(one => one?.host)
            .then(
              () => resolve(),
              () => resolve(),
            )
        }),
    )
    await Promise.all(dialling)
  }

  async #begin(name: string, dials: () => void): Promise<Login | null> {
    const target = await this.#ports.targetOf(name)
    if (target === null) return null
    const { signal } = this.#over
    let take: Login['take'] = () => undefined
    const taken = new Promise<Taken>(resolve => {
      take = resolve
    })
    const becomePassword: AskPassword = async identity => (await taken).becomePassword(identity)
    const opened = async () => {
      const connection = await this.#ports.connect(askingLater(target, taken), { signal, dials })
      connection.lost.catch(() => {
        login.isLost = true
      })
      const host = new SessionHost({ connection, name, becomePassword })
      for (const identity of this.#remembered.get(name) ?? []) host.session(identity).catch(() => undefined)
      return host
    }
    const login: Login = { target, host: opened(), take, isLost: false }
    login.host.catch(() => undefined)
    return login
  }

  /** The login that was begun for this; rejects as a login does. null: there is none, or another was begun. */
  async take(name: string, target: SshTarget, becomePassword: AskPassword): Promise<SessionHost | null> {
    const login = await this.#begun.get(name)
    this.#begun.delete(name)
    if (!login || login.isLost) return null
    if (!isSame(login.target, target)) {
      drop(login)
      return null
    }
    login.take({ target, becomePassword })
    const host = await login.host
    this.#reached.set(name, host)
    return host
  }

  /** For the next run: was it where the inventory says? */
  async reached(name: string, target: SshTarget, host: SessionHost): Promise<void> {
    if (this.#reached.size >= MOST_HOSTS || this.#reached.has(name)) return
    this.#reached.set(name, null)
    const expected = await this.#ports.targetOf(name).catch(() => null)
    if (expected !== null && isSame(expected, target)) this.#reached.set(name, host)
  }

  /** The run came to a good end. */
  remember(): void {
    const logins = new Map(this.#remembered)
    for (const [name, host] of this.#reached) {
      const identities = host?.identities.slice(0, MOST_SESSIONS) ?? []
      if (host === null || this.#isSecret(name, identities)) logins.delete(name)
      else logins.set(name, identities)
    }
    this.#ports.memory.write(logins)
  }

  /** Who acts on a host may be told by a secret. */
  #isSecret(host: string, identities: readonly Identity[]): boolean {
    const texts = identities.flatMap(({ user, exe, flags }) => [user, exe, flags])
    return [host, ...texts].some(text => typeof text === 'string' && this.#ports.isSecret(text))
  }

  /** What was begun and not taken is given up. */
  async end(): Promise<void> {
    const left = [...this.#begun.values()]
    this.#begun.clear()
    this.#over.abort()
    for (const login of await Promise.all(left)) if (login) drop(login)
  }
}

const MOST_SESSIONS = 2

function drop({ host }: Login): void {
  host.then(
    opened => opened.close(),
    () => undefined,
  )
}

/** A person is asked when the run has come so far, and a password is that of the run. */
function askingLater(target: SshTarget, taken: Promise<Taken>): SshTarget {
  const { password, passphrase } = target
  return {
    ...target,
    ...(password ? { password: async () => asked((await taken).target.password) } : {}),
    ...(passphrase
      ? { passphrase: async (file: string) => asked((await taken).target.passphrase, file) }
      : {}),
  }
}

/** Both have it, or they would not be the same. */
function asked<Words extends readonly string[]>(
  ask: ((...words: Words) => Promise<string>) | undefined,
  ...words: Words
): Promise<string> {
  return ask === undefined ? Promise.reject(new Error('nobody can be asked')) : ask(...words)
}

function isSame(one: SshTarget, other: SshTarget): boolean {
  return textOf(one) === textOf(other)
}

/** What asks a person is the same wherever it is. */
function textOf(target: SshTarget): string {
  return JSON.stringify(target, (_key, value: unknown) => (typeof value === 'function' ? 'asks' : value))
}
