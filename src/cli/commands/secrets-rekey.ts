import { rekeySecrets } from '../../files/secrets-file.ts'
import type { Invocation } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import { secretsPlace } from '../project/secrets-place.ts'

/** vpai secrets rekey: encrypts for the recipients in the list beside the file, after somebody edited that list. */
export async function run(invocation: Invocation): Promise<number> {
  const { io } = invocation
  const place = secretsPlace(invocation)
  const recipients = await rekeySecrets(place.file, await place.keys())
  io.err.write(`${place.shown} is encrypted anew. It opens for:\n`)
  io.out.write(recipients.map(recipient => `${recipient}\n`).join(''))
  return EXIT.fine
}
