import type { AnyAuthMethod, AuthHandlerMiddleware, ParsedKey } from 'ssh2'
import { VpaiError } from '../base/error.ts'
import { fingerprint } from './known-hosts.ts'
import { agentKeys, OneKeyAgent } from './ssh-agent.ts'
import { readIdentity, type SshIdentity } from './ssh-identity.ts'
import { describeTarget, type SshTarget } from './ssh-target.ts'

interface Attempt {
  readonly method: 'publickey' | 'password' | 'keyboard-interactive'
  /** For the message when all failed. */
  readonly label: string
  /** May ask a person: called only when the host accepts the method. */
  readonly auth: () => Promise<AnyAuthMethod>
}

/** Tells when a person is being asked, so that no time-out runs. */
export type WhileAsking = <T>(question: () => Promise<T>) => Promise<T>

/**
 * Which ways to log in are tried, in order: key files and their agent twins, other agent keys, encrypted key files,
 * password. The `none` attempt is left out: it costs a round trip. Passwords and passphrases are asked for when
 * their turn comes.
 */
export class SshAuth {
  /** An error that ends the attempts at once, e.g. a wrong passphrase; thrown instead of SSH_AUTH_FAILED. */
  failure: VpaiError | null = null
  readonly #target: SshTarget
  readonly #keys: KeyRing
  readonly #attempts: AsyncGenerator<Attempt>
  readonly #tried: string[] = []
  #accepted: readonly string[] = []

  constructor(target: SshTarget, keys: KeyRing, whileAsking: WhileAsking) {
    this.#target = target
    this.#keys = keys
    this.#attempts = attempts(target, keys, whileAsking)
  }

  readonly handler: AuthHandlerMiddleware = (methodsLeft, _partialSuccess, next) => {
    // The first call comes before the server has told its methods.
    const accepted = methodsLeft as readonly string[] | null
    this.#next(accepted).then(next, (error: unknown) => {
      this.failure =
        error instanceof VpaiError ? error : new VpaiError('SSH_AUTH_FAILED', String(error), { cause: error })
      next(NO_MORE)
    })
  }

  /** Why no attempt worked. */
  problem(): VpaiError {
    if (this.failure !== null) return this.failure
    if (this.#tried.length === 0 && this.#keys.problems[0] !== undefined) return this.#keys.problems[0]
    const tried = this.#tried.length === 0 ? 'there was nothing to try' : `tried ${this.#tried.join(', ')}`
    const accepted = this.#accepted.length === 0 ? '' : `; the host accepts ${this.#accepted.join(', ')}`
    const unread = this.#keys.problems.map(problem => ` ${problem.message}.`).join('')
    return new VpaiError(
      'SSH_AUTH_FAILED',
      `${describeTarget(this.#target)} refused the login: ${tried}${accepted}.${unread}`,
      {
        hint: 'Is the user right, and is one of these keys in ~/.ssh/authorized_keys on the host?',
      },
    )
  }

  async #next(accepted: readonly string[] | null): Promise<AnyAuthMethod> {
    if (accepted !== null) this.#accepted = accepted
    for (;;) {
      const { value, done } = await this.#attempts.next()
      if (done) return NO_MORE
      if (accepted !== null && !accepted.includes(value.method)) continue
      const auth = await value.auth()
      this.#tried.push(value.label)
      return auth
    }
  }
}

/** ssh2 ends the attempts when it is given false; its types do not know that. */
const NO_MORE = false as unknown as AnyAuthMethod

/** What there is to sign with, gathered before the dial. */
export interface KeyRing {
  readonly identities: readonly SshIdentity[]
  readonly agentKeys: readonly ParsedKey[]
  /** Key files that could not be used. */
  readonly problems: readonly VpaiError[]
}

export async function gatherKeys(target: SshTarget): Promise<KeyRing> {
  const problems: VpaiError[] = []
  const reading = target.identityFiles.map(file =>
    readIdentity(file).catch((error: VpaiError) => {
      problems.push(error)
      return null
    }),
  )
  const [fromAgent, identities] = await Promise.all([agentKeys(target.agent), Promise.all(reading)])
  return { identities: identities.filter(identity => identity !== null), agentKeys: fromAgent, problems }
}

async function* attempts(
  target: SshTarget,
  keys: KeyRing,
  whileAsking: WhileAsking,
): AsyncGenerator<Attempt> {
  const inAgent = (publicKey: Buffer | null) =>
    keys.agentKeys.find(key => publicKey !== null && key.getPublicSSH().equals(publicKey))
  const used = new Set<ParsedKey>()
  const closed: SshIdentity[] = []
  for (const identity of keys.identities) {
    const twin = inAgent(identity.publicKey)
    if (twin !== undefined) {
      used.add(twin)
      yield agentAttempt(target, twin)
    } else if (identity.isEncrypted) closed.push(identity)
    else yield keyAttempt(target, identity, null)
  }
  const others = target.identitiesOnly === true ? [] : keys.agentKeys.filter(key => !used.has(key))
  for (const key of others) yield agentAttempt(target, key)
  for (const identity of closed) {
    const { passphrase } = target
    if (passphrase !== undefined) {
      yield keyAttempt(target, identity, () => whileAsking(() => passphrase(identity.file)))
    }
  }
  if (target.password !== undefined) yield* passwordAttempts(target.user, target.password, whileAsking)
}

function* passwordAttempts(
  username: string,
  ask: () => Promise<string>,
  whileAsking: WhileAsking,
): Generator<Attempt> {
  let asked: Promise<string> | null = null
  const password = () => {
    asked ??= whileAsking(ask)
    return asked
  }
  yield {
    method: 'password',
    label: 'password',
    auth: async () => ({ type: 'password', username, password: await password() }),
  }
  yield {
    method: 'keyboard-interactive',
    label: 'keyboard-interactive',
    auth: async () => {
      const answer = await password()
      return {
        type: 'keyboard-interactive',
        username,
        prompt: (_name, _instructions, _language, prompts, finish) => finish(prompts.map(() => answer)),
      }
    },
  }
}

function keyAttempt(
  target: SshTarget,
  identity: SshIdentity,
  passphrase: (() => Promise<string>) | null,
): Attempt {
  const shown = identity.publicKey === null ? '' : ` (${fingerprint(identity.publicKey)})`
  return {
    method: 'publickey',
    label: `key ${identity.file}${shown}`,
    auth: async () => {
      const key = identity.open(passphrase === null ? null : await passphrase())
      // ssh2 takes parsed keys here; its types know texts only.
      return { type: 'publickey', username: target.user, key: key as unknown as Buffer }
    },
  }
}

function agentAttempt(target: SshTarget, key: ParsedKey): Attempt {
  return {
    method: 'publickey',
    label: `agent key ${key.comment || key.type} (${fingerprint(key.getPublicSSH())})`,
    auth: async () => ({
      type: 'agent',
      username: target.user,
      agent: new OneKeyAgent(target.agent ?? '', key),
    }),
  }
}
