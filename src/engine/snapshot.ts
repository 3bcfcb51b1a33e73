/**
 * What was seen of one host, by identity. Any change empties it as a whole (total invalidation), and
 * what was asked before a change can never be taken for what is there after it.
 */
import { VpaiError } from '../base/error.ts'
import { batchScript, keyId, parseBatch } from '../probes/batch.ts'
import type { Key, Seen, SeenByKind } from '../probes/contract.ts'
import { SkippedError, StaleError } from './door.ts'
import { type Identity, identityId, type Session } from './ports.ts'

type Answer = SeenByKind[Key['kind']]

export interface SnapshotPorts {
  readonly session: (identity: Identity) => Promise<Session>
  /** Empties this and what was seen of the same host in other ways. */
  readonly clear: () => void
  /** Fresh random text for section marks. */
  readonly token: () => string
}

/** Seconds one batch of probes may take; a stuck mount must not hold a run for ever. */
const PROBE_TIMEOUT_S = 120

export class Snapshot {
  readonly #ports: SnapshotPorts
  #answers = new Map<string, Map<string, Answer>>()
  #inFlight: Promise<void> = Promise.resolve()

  constructor(ports: SnapshotPorts) {
    this.#ports = ports
  }

  clear(): void {
    this.#ports.clear()
  }

  forget(): void {
    this.#answers = new Map()
  }

  missing(identity: Identity, keys: readonly Key[]): Key[] {
    const known = this.#answers.get(identityId(identity))
    const unknown = new Map(keys.map(key => [keyId(key), key]))
    for (const id of known?.keys() ?? []) unknown.delete(id)
    return [...unknown.values()]
  }

  /** Asks all keys in one request. Answers that come back after `clear` are dropped. */
  async ask(identity: Identity, keys: readonly Key[]): Promise<void> {
    if (keys.length === 0) return
    const answers = this.#answers
    const session = await this.#ports.session(identity)
    const mark = this.#ports.token()
    const asking = session.request({ script: batchScript(keys, mark), timeoutS: PROBE_TIMEOUT_S })
    const reply = await asking
    if (reply.kind === 'skipped') throw new VpaiError('PROBE_SKIPPED', 'the host skipped a probe')
    if (reply.timedOut) {
      throw new VpaiError(
        'PROBE_TIMEOUT',
        `the host did not answer ${keys.length} probes within ${PROBE_TIMEOUT_S} s`,
        {
          hint: 'A hanging network mount is the usual cause: look with `vpai exec HOST -- df`.',
        },
      )
    }
    const place = answers.get(identityId(identity)) ?? new Map<string, Answer>()
    for (const [id, answer] of parseBatch(keys, mark, reply.stdout)) place.set(id, answer)
    answers.set(identityId(identity), place)
  }

  /**
   * Sends a look that belongs to a chain, behind a guard; what it saw is for the asker alone. Rejects with SkippedError
   * and StaleError as deeds of a chain do.
   */
  look(
    session: Session,
    keys: readonly Key[],
    { guard, chain }: { guard: string; chain: string },
  ): Promise<Seen> {
    const mark = this.#ports.token()
    const script = `${guard}; ${batchScript(keys, mark)}`
    return session.request({ script, timeoutS: 0, chain }).then(reply => {
      if (reply.kind === 'skipped') throw new SkippedError()
      if (reply.code !== 0) throw new StaleError()
      return seenIn(parseBatch(keys, mark, reply.stdout))
    })
  }

  /** Starts asking without waiting; `settled` waits for it. Requests of one session are served in order. */
  prefetch(identity: Identity, keys: readonly Key[]): void {
    this.#inFlight = this.ask(identity, keys).catch(() => {
      // Only a head start: whoever needs these keys asks again and meets the error there.
    })
  }

  async settled(): Promise<void> {
    await this.#inFlight
  }

  seen(identity: Identity): Seen {
    return seenIn(this.#answers.get(identityId(identity)))
  }
}

function seenIn(known: ReadonlyMap<string, Answer> | undefined): Seen {
  return {
    has: key => known?.has(keyId(key)) ?? false,
    get: <K extends Key>(key: K) => {
      const answer = known?.get(keyId(key))
      if (answer === undefined)
        throw new VpaiError('PROBE_NOT_ASKED', `a module looked at ${keyId(key)} without asking for it`)
      return answer as SeenByKind[K['kind']]
    },
  }
}
