/**
 * What one host was looked at for in the last run like this one: a guess at what this run will look at, so that what
 * hangs on answers (a condition on a stat, a name from a fact) is asked along with the first question. A wrong guess
 * costs bytes, never correctness. What holds a secret is not kept, nor scripts of modules.
 */
import { keyId } from '../probes/batch.ts'
import type { Key } from '../probes/contract.ts'
import type { KeyStore, World } from './world.ts'

const KEPT: ReadonlySet<Key['kind']> = new Set([
  'path',
  'content',
  'package',
  'unit',
  'user',
  'group',
  'which',
])
/** As many as one batch of probes takes. */
const MOST = 2000

export class Recall {
  readonly #host: string
  readonly #store: KeyStore | undefined
  readonly #taints: (text: string) => boolean
  readonly #used = new Map<string, Map<string, Key>>()
  #before: ReadonlyMap<string, readonly Key[]> | null = null
  readonly #given = new Set<string>()

  constructor({ keyStore, secrets }: Pick<World, 'keyStore' | 'secrets'>, host: string) {
    this.#host = host
    this.#store = keyStore
    this.#taints = text => secrets.taints(text)
  }

  /** There was a run like this one, and it came to its end. */
  get isRepeat(): boolean {
    return this.#known().size > 0
  }

  /** What an identity (by its id) will probably want to know; once, after that nothing. */
  guess(identity: string): readonly Key[] {
    if (this.#store === undefined || this.#given.has(identity)) return []
    this.#given.add(identity)
    return (this.#known().get(identity) ?? []).filter(key => KEPT.has(key.kind) && !this.#taints(keyId(key)))
  }

  /** A task looked at it. */
  note(identity: string, key: Key): void {
    if (this.#store === undefined || !KEPT.has(key.kind)) return
    const used = this.#used.get(identity) ?? new Map<string, Key>()
    this.#used.set(identity, used)
    used.set(keyId(key), key)
  }

  /** For the next run; the run has come to its end on the host. */
  keep(): void {
    if (this.#store === undefined || this.#used.size === 0) return
    const keys = [...this.#used].map(([identity, used]) => [identity, this.#plain(used)] as const)
    const before = this.#known()
    if (keys.length === before.size && keys.every(([identity, used]) => sameKeys(used, before.get(identity))))
      return
    this.#store.write(this.#host, new Map(keys))
  }

  #known(): ReadonlyMap<string, readonly Key[]> {
    this.#before ??= this.#store?.read(this.#host) ?? new Map()
    return this.#before
  }

  #plain(used: ReadonlyMap<string, Key>): readonly Key[] {
    const plain = [...used].filter(([id]) => !this.#taints(id)).map(([, key]) => key)
    return plain.slice(0, MOST)
  }
}

function sameKeys(some: readonly Key[], others: readonly Key[] | undefined): boolean {
  const known = new Set(others?.map(keyId))
  return some.length === known.size && some.every(key => known.has(keyId(key)))
}
