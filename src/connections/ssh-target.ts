/** Where and as whom to log in, with everything that is needed resolved: no file of ssh is read implicitly. */
export interface SshTarget {
  /** Name or address to dial. */
  readonly host: string
  readonly port: number
  readonly user: string
  /** Private keys, in the order to try. */
  readonly identityFiles: readonly string[]
  /** Use keys of the agent only if they belong to one of the identity files. */
  readonly identitiesOnly?: boolean
  /** Path of the agent's socket; null: no agent. */
  readonly agent: string | null
  /** Asked for only when keys do not do. */
  readonly password?: () => Promise<string>
  /** Asked for only when an encrypted key file has to be opened. */
  readonly passphrase?: (file: string) => Promise<string>
  readonly hostKeys: HostKeyPolicy
  /** Hosts to go through, the first one dialled from here. */
  readonly proxyJump?: readonly SshTarget[]
  /** For the dial and for the handshake each; time a person takes to type is not counted. Default 15 s. */
  readonly connectTimeoutMs?: number
  /** Default every 5 s, dead after 2 unanswered. null: never. */
  readonly keepalive?: { readonly intervalMs: number; readonly countMax: number } | null
  readonly compression?: boolean
}

export interface HostKeyPolicy {
  /** If any: the only keys accepted, as `SHA256:...` or `ssh-ed25519 AAAA...`; known_hosts then only revokes. */
  readonly pinned: readonly string[]
  /** Read in order; missing ones are empty. */
  readonly knownHostsFiles: readonly string[]
  /** strict: an unknown host is an error. accept-new: it is remembered. A changed key is always an error. */
  readonly policy: 'strict' | 'accept-new'
  /** Where accept-new remembers; default: the first of knownHostsFiles. */
  readonly appendTo?: string
  /** The name to look up instead of the host (HostKeyAlias). */
  readonly alias?: string
  /** What `vpai trust` is to be given, where people know the host by another name than the one dialled. */
  readonly trustAs?: string
}

/** For messages: `deploy@web1`, with the port if it is not 22. */
export function describeTarget(target: Pick<SshTarget, 'user' | 'host' | 'port'>): string {
  return `${target.user}@${target.host}${target.port === 22 ? '' : `:${target.port}`}`
}
