/** What a plan is signed with, and digests of what must not be guessed from it, by the project's signing key. */
import {
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  hkdfSync,
  sign,
  verify,
} from 'node:crypto'
import { VpaiError } from '../base/error.ts'
import type { Secret } from '../base/secret.ts'

export interface PlanKey {
  /** Of the public key, 16 hexadecimal digits. */
  readonly id: string
  /** Base64. */
  sign(text: string): string
  /** False also for what is no signature at all. */
  verifies(text: string, signature: string): boolean
  /** 32 hexadecimal digits. Parts are kept apart: `ab`, `c` is another thing than `a`, `bc`. */
  digest(...parts: readonly (string | Uint8Array)[]): string
}

/** `salt`: random, of one plan. Throws PLAN_KEY for what is no Ed25519 key. */
export function planKey(pem: Secret, salt: string): PlanKey {
  const key = privateKeyOf(pem)
  const open = createPublicKey(key)
  const seed = key.export({ format: 'der', type: 'pkcs8' })
  const secret = Buffer.from(hkdfSync('sha256', seed, salt, 'vpai saved plan 1', 32))
  return {
    id: createHash('sha256')
      .update(open.export({ format: 'der', type: 'spki' }))
      .digest('hex')
      .slice(0, 16),
    sign: text => sign(null, Buffer.from(text, 'utf8'), key).toString('base64'),
    verifies(text, signature) {
      const bytes = Buffer.from(signature, 'base64')
      // Base64 has several spellings of the same bytes; only one of them was written.
      return bytes.toString('base64') === signature && verify(null, Buffer.from(text, 'utf8'), open, bytes)
    },
    digest(...parts) {
      const mac = createHmac('sha256', secret)
      for (const part of parts) {
        const bytes = typeof part === 'string' ? Buffer.from(part, 'utf8') : part
        mac.update(`${bytes.length}:`).update(bytes)
      }
      return mac.digest('hex').slice(0, 32)
    },
  }
}

function privateKeyOf(pem: Secret) {
  try {
    const key = createPrivateKey(pem.reveal())
    if (key.asymmetricKeyType === 'ed25519') return key
  } catch {
    // What was wrong with it might quote it.
  }
  throw new VpaiError('PLAN_KEY', `${pem.name} in the secrets file is no Ed25519 key`, {
    hint: 'Restore the secrets file from before it was changed.',
  })
}
