import { VpaiError } from '../../base/error.ts'
import { viewSecrets } from '../../files/secrets-file.ts'
import { askYes } from '../ask.ts'
import type { Invocation } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import { secretsPlace } from '../project/secrets-place.ts'

/** vpai secrets view: everything in clear. On a terminal it asks first, since scrollback remembers. */
export async function run(invocation: Invocation): Promise<number> {
  const { io, options } = invocation
  const place = secretsPlace(invocation)
  if (io.stdoutIsTty && options.yes !== true) {
    if (!io.stdinIsTty) {
      throw new VpaiError(
        'CONFIRM_NEEDED',
        'showing secrets on a terminal asks first, and nobody can be asked',
        {
          hint: 'Add --yes.',
        },
      )
    }
    if (!(await askYes('Show all secrets on this terminal?'))) return EXIT.usage
  }
  io.out.write(await viewSecrets(place.file, await place.keys()))
  return EXIT.fine
}
