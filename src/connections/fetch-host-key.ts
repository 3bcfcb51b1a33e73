import { ALL_ALGORITHMS } from './host-key-check.ts'
import { fingerprint, keyType, knownHostLine, knownHostName } from './known-hosts.ts'
import { openWay } from './ssh.ts'
import { sshProblem, timedOut } from './ssh-error.ts'
import { startHandshake } from './ssh-handshake.ts'
import type { SshTarget } from './ssh-target.ts'

export interface FetchedHostKey {
  readonly type: string
  readonly key: Buffer
  /** `SHA256:...` */
  readonly fingerprint: string
  /** The line to add to known_hosts if a person says that the fingerprint is right. */
  readonly knownHostLine: string
}

/** The key a host shows, without logging in to it (jump hosts in between are logged in to). For `vpai trust`. */
export async function fetchHostKey(target: SshTarget): Promise<FetchedHostKey> {
  const way = await openWay(target.proxyJump ?? [])
  let shown: Buffer | null = null
  try {
    const handshake = startHandshake({
      target,
      socket: await way.dial(target),
      hostKeyAlgorithms: ALL_ALGORITHMS,
      verifyHostKey: async key => {
        shown = key
        throw new Error('seen enough')
      },
      authHandler: () => undefined,
      authProblem: () => timedOut(target, 'no login was tried'),
    })
    await handshake.ready
  } catch (error) {
    if (shown === null) throw sshProblem(target, error)
  } finally {
    await way.close()
  }
  const key = shown as Buffer | null
  if (key === null) throw timedOut(target, 'the host showed no key')
  const name = knownHostName(target.hostKeys.alias ?? target.host, target.port)
  return { type: keyType(key), key, fingerprint: fingerprint(key), knownHostLine: knownHostLine(name, key) }
}
