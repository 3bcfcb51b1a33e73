/** The key a host shows, asked at the first address that answers. */
import { VpaiError } from '../../base/error.ts'
import { type FetchedHostKey, fetchHostKey } from '../../connections/fetch-host-key.ts'
import { prepareHostKeyCheck } from '../../connections/host-key-check.ts'
import type { SshTarget } from '../../connections/ssh-target.ts'

export interface ShownKey {
  readonly target: SshTarget
  readonly key: FetchedHostKey
}

const GONE = new Set(['SSH_REFUSED', 'SSH_TIMEOUT', 'SSH_UNREACHABLE'])

/** Rejects with the error of the first target when none answers. */
export async function firstShownKey(targets: readonly SshTarget[]): Promise<ShownKey> {
  let failed: unknown
  for (const target of targets) {
    try {
      return { target, key: await fetchHostKey(target) }
    } catch (error) {
      failed ??= error
      if (!(error instanceof VpaiError) || !GONE.has(error.code)) throw error
    }
  }
  throw failed
}

/** false: nothing is known of the host. Throws SSH_HOST_KEY_CHANGED and SSH_HOST_KEY_REVOKED. */
export async function isKnownKey({ target, key }: ShownKey): Promise<boolean> {
  const strict: SshTarget = { ...target, hostKeys: { ...target.hostKeys, policy: 'strict' } }
  try {
    await (await prepareHostKeyCheck(strict)).verify(key.key)
    return true
  } catch (error) {
    if (error instanceof VpaiError && error.code === 'SSH_HOST_KEY_UNKNOWN') return false
    throw error
  }
}
