import type { Client, ClientChannel, ParsedKey } from 'ssh2'

type SignatureTaker = (signature: Buffer) => void
type AuthPK = (
  user: string,
  key: ParsedKey,
  algorithm?: string,
  sign?: (data: Buffer, done: SignatureTaker) => void,
) => void

/**
 * Saves a round trip of the login: instead of asking whether a key would do, sends its signature right away. Worth it
 * only if there is just one key to try. It reaches into ssh2's protocol object; where that looks different than
 * expected, or the key cannot sign here (an agent's), nothing happens and the login takes the usual way.
 */
export function signAtOnce(client: Client): boolean {
  const protocol = (client as unknown as { readonly _protocol?: { authPK?: AuthPK } })._protocol
  const ask = protocol?.authPK
  if (protocol === undefined || typeof ask !== 'function' || ask.length !== 4) return false
  protocol.authPK = function signed(user, key, algorithm, sign) {
    const isQuestion = typeof sign !== 'function'
    if (!isQuestion || typeof key.sign !== 'function' || !key.isPrivateKey()) {
      ask.call(this, user, key, algorithm, sign)
      return
    }
    ask.call(this, user, key, algorithm, (data, done) => {
      const signature = key.sign(data, HASHES[algorithm ?? ''])
      if (Buffer.isBuffer(signature)) done(signature)
    })
  }
  return true
}

const HASHES: Readonly<Record<string, string>> = { 'rsa-sha2-256': 'sha256', 'rsa-sha2-512': 'sha512' }

/** What a channel takes before it has told how much it takes; every server gives at least this. */
const MOST_ALONG = 16 * 1024

type Exec = (channel: number, command: string | Buffer, wantReply: boolean) => void

interface ChannelProtocol {
  exec?: Exec
  readonly channelData?: (channel: number, bytes: Uint8Array) => void
}

/** By the command that it belongs to; commands are told apart as objects, since several may read alike. */
const ALONG = new WeakMap<Buffer, { readonly bytes: Uint8Array; isSent: boolean }>()
const PATCHED = new WeakSet<ChannelProtocol>()

export interface Along {
  /** To be given to ssh2 in place of the command line. */
  readonly command: string
  /** True: the channel has got the bytes. */
  readonly settle: (channel: ClientChannel) => boolean
}

/**
 * Saves a round trip of each session: what the command is to read goes out right behind the request to run it, and does
 * not wait for the host's word that it runs. Where ssh2's protocol object looks different than expected: null.
 */
export function sendAlong(client: Client, commandLine: string, bytes: Uint8Array): Along | null {
  const protocol = (client as unknown as { readonly _protocol?: ChannelProtocol })._protocol
  if (protocol === undefined || bytes.length > MOST_ALONG || !patch(protocol)) return null
  const command = Buffer.from(commandLine)
  const along = { bytes, isSent: false }
  ALONG.set(command, along)
  return {
    command: command as unknown as string,
    settle: channel => {
      const { outgoing } = channel as unknown as { readonly outgoing: { window: number } }
      if (along.isSent) outgoing.window -= bytes.length
      return along.isSent
    },
  }
}

function patch(protocol: ChannelProtocol): boolean {
  if (PATCHED.has(protocol)) return true
  const { exec, channelData } = protocol
  if (typeof exec !== 'function' || typeof channelData !== 'function') return false
  if (exec.length !== 3 || channelData.length !== 2) return false
  protocol.exec = function sent(channel, command, wantReply) {
    exec.call(this, channel, command, wantReply)
    const along = typeof command === 'string' ? undefined : ALONG.get(command)
    if (along === undefined) return
    channelData.call(this, channel, along.bytes)
    along.isSent = true
  }
  PATCHED.add(protocol)
  return true
}
