import { editSecrets } from '../../files/secrets-edit.ts'
import { askYes } from '../ask.ts'
import type { Invocation } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import { secretsPlace } from '../project/secrets-place.ts'

/** vpai secrets edit: in $VISUAL or $EDITOR, encrypted again when the editor ends. */
export async function run(invocation: Invocation): Promise<number> {
  const { io } = invocation
  const place = secretsPlace(invocation)
  const outcome = await editSecrets(place.file, await place.keys(), {
    environment: io.env,
    async again(problem) {
      io.err.write(`${problem.message}${problem.position ? ` (line ${problem.position.line})` : ''}\n`)
      return io.stdinIsTty && (await askYes('Open the editor again?'))
    },
    onDisk: () =>
      io.err.write('Warning: there is no place in memory, the text lies on a disk while you edit.\n'),
  })
  io.err.write(outcome === 'saved' ? `${place.shown} is written.\n` : `${place.shown} is as it was.\n`)
  return EXIT.fine
}
