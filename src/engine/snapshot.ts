/**
 * What was seen of one host, by identity. Any change empties it as a whole (total invalidation), and
 * what was asked before a change can never be taken for what is there after it.
 */
import { createHash } from 'node:crypto'
import { VpaiError } from '../base/error.ts'
import { batchOutput, batchScript, keyId, parseBatch } from '../probes/batch.ts'
import type { Key, Seen, SeenByKind } from '../probes/contract.ts'
import { SkippedError, StaleError } from './door.ts'
import type { Lease } from './lease.ts'
import { type Identity, identityId, type Session } from './ports.ts'
import type { Recall } from './recall.ts'

type Answer = SeenByKind[Key['kind']]

/** Keys that were asked together, and all that the host said to them. */
interface Group {
  readonly keys: readonly Key[]
  readonly ids: ReadonlySet<string>
  readonly mark: string
  readonly said: Uint8Array
}

export interface SnapshotPorts {
  readonly session: (identity: Identity) => Promise<Session>
  /** Empties this and what was seen of the same host in other ways. */
  readonly clear: () => void
  /** Fresh random text for section marks. */
  readonly token: () => string
  /** What the host was looked at for in earlier runs. */
  readonly recall?: Recall
  /** A task looked at it, as the identity of this id. */
  readonly looked?: (identity: string, key: Key, answer: Answer) => void
  /** The host said it to such a question. */
  readonly answered?: (identity: string, key: Key, answer: Answer) => void
  /** The record there is read with the first look. */
  readonly lease?: Lease
}

/** Seconds one batch of probes may take; a stuck mount must not hold a run for ever. */
const PROBE_TIMEOUT_S = 120

export class Snapshot {
  readonly #ports: SnapshotPorts
  #answers = new Map<string, Map<string, Answer>>()
  #groups = new Map<string, Group[]>()
  #inFlight: Promise<void> = Promise.resolve()

  constructor(ports: SnapshotPorts) {
    this.#ports = ports
  }

  clear(): void {
    this.#ports.clear()
  }

  forget(): void {
    this.#answers = new Map()
    this.#groups = new Map()
  }

  missing(identity: Identity, keys: readonly Key[]): Key[] {
    const known = this.#answers.get(identityId(identity))
    const unknown = new Map(keys.map(key => [keyId(key), key]))
    for (const id of known?.keys() ?? []) unknown.delete(id)
    return [...unknown.values()]
  }

  /**
   * Asks all keys in one request. Answers that come back after `clear` are dropped. Each group can be compared as a
   * whole later on, so what is needed apart from the rest goes into a group of its own.
   */
  async ask(identity: Identity, groups: readonly (readonly Key[])[]): Promise<void> {
    if (groups.every(keys => keys.length === 0)) return
    const record = this.#ports.lease?.question(identity) ?? null
    const asked = [...groups, this.#guess(identity, groups), record === null ? [] : [record]]
      .filter(keys => keys.length > 0)
      .map(keys => ({ keys, mark: this.#ports.token() }))
    const answers = this.#answers
    const before = this.#groups
    const session = await this.#ports.session(identity)
    const script = asked.map(({ keys, mark }) => batchScript(keys, mark)).join('\n')
    const reply = await session.request({ script, timeoutS: PROBE_TIMEOUT_S })
    if (reply.kind === 'skipped') throw new VpaiError('PROBE_SKIPPED', 'the host skipped a probe')
    if (reply.timedOut) throw timedOut(asked.flatMap(({ keys }) => keys).length)
    const place = answers.get(identityId(identity)) ?? new Map<string, Answer>()
    const known = before.get(identityId(identity)) ?? []
    for (const { keys, mark } of asked) {
      const said = batchOutput(mark, reply.stdout)
      const parsed = parseBatch(keys, mark, said)
      for (const [id, answer] of parsed) place.set(id, answer)
      // The record is no state that anything is decided by.
      if (record === null || !keys.includes(record)) this.#tell(identity, keys, parsed)
      known.push({ keys, ids: new Set(keys.map(keyId)), mark, said })
    }
    if (record !== null) this.#ports.lease?.saw(seenIn(place).get(record))
    answers.set(identityId(identity), place)
    before.set(identityId(identity), known)
  }

  #tell(identity: Identity, keys: readonly Key[], answers: ReadonlyMap<string, Answer>): void {
    const { answered } = this.#ports
    if (answered === undefined) return
    for (const key of keys) {
      const answer = answers.get(keyId(key))
      if (answer !== undefined) answered(identityId(identity), key, answer)
    }
  }

  /** What hangs on the answers to these, as far as an earlier run tells. */
  #guess(identity: Identity, groups: readonly (readonly Key[])[]): readonly Key[] {
    const asked = new Set(groups.flatMap(keys => keys.map(keyId)))
    const guessed = this.#ports.recall?.guess(identityId(identity)) ?? []
    return this.missing(
      identity,
      guessed.filter(key => !asked.has(keyId(key))),
    )
  }

  /**
   * Lines that end with 93 on the host unless a look at the keys says byte for byte what it said before; null when
   * they were not all asked. The whole groups they are in are looked at.
   */
  unchanged(identity: Identity, keys: readonly Key[]): string | null {
    const groups = covering(this.#groups.get(identityId(identity)) ?? [], keys)
    return groups && [':', ...groups.map(guardOf)].join('\n')
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

  /** Sends the lines of `unchanged` as a part of a chain; rejects with SkippedError and StaleError as deeds do. */
  async holds(session: Session, { guard, chain }: { guard: string; chain: string }): Promise<void> {
    const reply = await session.request({ script: guard, timeoutS: 0, chain })
    if (reply.kind === 'skipped') throw new SkippedError()
    if (reply.code !== 0) throw new StaleError()
  }

  /** Starts asking without waiting; `settled` waits for it. Requests of one session are served in order. */
  prefetch(identity: Identity, groups: readonly (readonly Key[])[]): void {
    this.#inFlight = this.ask(identity, groups).catch(() => {
      // Only a head start: whoever needs these keys asks again and meets the error there.
    })
  }

  async settled(): Promise<void> {
    await this.#inFlight
  }

  seen(identity: Identity): Seen {
    const id = identityId(identity)
    return seenIn(this.#answers.get(id), (key, answer) => {
      this.#ports.recall?.note(id, key)
      this.#ports.looked?.(id, key, answer)
    })
  }
}

function timedOut(count: number): VpaiError {
  return new VpaiError(
    'PROBE_TIMEOUT',
    `the host did not answer ${count} probes within ${PROBE_TIMEOUT_S} s`,
    { hint: 'A hanging network mount is the usual cause: look with `vpai exec HOST -- df`.' },
  )
}

/** The later of two groups that hold the same key is the one that was made for what comes next. */
function covering(groups: readonly Group[], keys: readonly Key[]): readonly Group[] | null {
  const chosen: Group[] = []
  let open = keys.map(keyId)
  while (open.length > 0) {
    const count = ({ ids }: Group) => open.filter(id => ids.has(id)).length
    const best = groups.reduce<Group | null>(
      (found, one) => (count(one) > 0 && (!found || count(one) >= count(found)) ? one : found),
      null,
    )
    if (best === null) return null
    chosen.push(best)
    open = open.filter(id => !best.ids.has(id))
  }
  return chosen
}

function guardOf({ keys, mark, said }: Group): string {
  const digest = createHash('sha256').update(said).digest('hex')
  return `{ ${batchScript(keys, mark)}
} | sha256sum | { read -r d z; [ "$d" = ${digest} ]; } || exit 93`
}

function seenIn(
  known: ReadonlyMap<string, Answer> | undefined,
  looked: (key: Key, answer: Answer) => void = () => undefined,
): Seen {
  return {
    has: key => known?.has(keyId(key)) ?? false,
    get: <K extends Key>(key: K) => {
      const answer = known?.get(keyId(key))
      if (answer === undefined)
        throw new VpaiError('PROBE_NOT_ASKED', `a module looked at ${keyId(key)} without asking for it`)
      looked(key, answer)
      return answer as SeenByKind[K['kind']]
    },
  }
}
