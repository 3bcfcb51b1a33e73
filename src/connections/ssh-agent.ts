import { type IdentityCallback, OpenSSHAgent, type ParsedKey } from 'ssh2'

/** The keys an agent holds; none when it does not answer. */
export function agentKeys(socket: string | null): Promise<ParsedKey[]> {
  if (socket === null) return Promise.resolve([])
  return new Promise(resolve => {
    new OpenSSHAgent(socket).getIdentities((error, keys) =>
      resolve(error ? [] : (keys ?? []).flatMap(key => ('getPublicSSH' in key ? [key] : []))),
    )
  })
}

/** An agent that shows one of its keys only: each key that a server refuses costs one of the few tries it allows. */
export class OneKeyAgent extends OpenSSHAgent {
  readonly #key: ParsedKey

  constructor(socket: string, key: ParsedKey) {
    super(socket)
    this.#key = key
  }

  override getIdentities(callback: IdentityCallback<ParsedKey>): void {
    callback(null, [this.#key])
  }
}
