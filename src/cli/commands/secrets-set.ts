import { VpaiError } from '../../base/error.ts'
import { Secret } from '../../base/secret.ts'
import { setSecret } from '../../files/secrets-file.ts'
import { askSecret } from '../ask.ts'
import type { Invocation } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import { type Io, readAll } from '../io.ts'
import { secretsPlace } from '../project/secrets-place.ts'

/** vpai secrets set KEY: the value comes from a pipe or is asked for; on the command line others could read it. */
export async function run(invocation: Invocation): Promise<number> {
  const { io, args } = invocation
  const [path = ''] = args
  const place = secretsPlace(invocation)
  const keys = await place.keys()
  const text = await givenValue(io, path)
  if (text === '') {
    throw new VpaiError('SECRETS_EMPTY', `no value was given for ${path}`, {
      hint: `Type it when asked, or pipe it in: vpai secrets set ${path} < file`,
    })
  }
  await setSecret(place.file, keys, { path, value: new Secret(text, path) })
  io.err.write(`${path} is set in ${place.shown}.\n`)
  return EXIT.fine
}

/** The line break that echo and editors put at the end does not belong to the value; those of a longer text do. */
async function givenValue(io: Io, path: string): Promise<string> {
  if (io.stdinIsTty) return askSecret(`Value of ${path}`)
  const text = await readAll(io.stdin)
  const line = text.replace(/\r?\n$/, '')
  return line.includes('\n') ? text : line
}
