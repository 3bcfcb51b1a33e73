import type { Client, ParsedKey } from 'ssh2'

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
