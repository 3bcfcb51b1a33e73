import { generateKeyPairSync } from 'node:crypto'
import { Secret } from '../base/secret.ts'
import { SIGNING_KEY } from '../secrets/operations.ts'

/** A new Ed25519 key of the project, PKCS8 PEM. */
export function generateSigningKey(): Secret {
  const { privateKey } = generateKeyPairSync('ed25519', {
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  })
  return new Secret(privateKey, SIGNING_KEY)
}
