import { VpaiError } from '../../base/error.ts'
import { exists } from '../../files/identity-file.ts'
import { initSecrets } from '../../files/secrets-file.ts'
import type { Invocation } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import { ensureIdentity, tellIdentity } from '../project/ensure-identity.ts'
import { secretsPlace } from '../project/secrets-place.ts'

/**
 * vpai secrets init: an identity for whoever has none, and the project's empty secrets file. Where that file is there
 * already, a newcomer gets an identity and learns whom to ask.
 */
export async function run(invocation: Invocation): Promise<number> {
  const { io, options } = invocation
  const place = secretsPlace(invocation)
  const made = await ensureIdentity(io, options.identity)
  if (made) tellIdentity(io, made)
  if (await exists(place.file)) {
    if (!made) {
      throw new VpaiError('SECRETS_EXISTS', `${place.shown} exists already`, {
        hint: '`vpai secrets edit` changes it',
      })
    }
    io.out.write(`${made.recipient}\n`)
    io.err.write(
      `${place.shown} is there already. Somebody who can open it lets you in with:\n` +
        `  vpai secrets recipients add ${made.recipient}\n`,
    )
    return EXIT.fine
  }
  const { recipients } = await initSecrets(place.file, await place.keys())
  io.err.write(`Made ${place.shown}. It opens for:\n`)
  io.out.write(recipients.map(recipient => `${recipient}\n`).join(''))
  return EXIT.fine
}
