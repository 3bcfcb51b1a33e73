import { didYouMean } from '../../base/did-you-mean.ts'
import { VpaiError } from '../../base/error.ts'
import {
  addSecretsRecipient,
  listSecretsRecipients,
  removeSecretsRecipient,
} from '../../files/secrets-file.ts'
import type { Invocation } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import { type SecretsPlace, secretsPlace } from '../project/secrets-place.ts'

const ACTIONS = ['list', 'add', 'remove']

/** vpai secrets recipients [list|add|remove] [RECIPIENT]: who can open the file. */
export async function run(invocation: Invocation): Promise<number> {
  const { io, args } = invocation
  const [action = 'list', recipient] = args
  const place = secretsPlace(invocation)
  if (!ACTIONS.includes(action)) {
    throw new VpaiError('SECRETS_ACTION', `vpai secrets recipients cannot ${action}`, {
      hint: didYouMean(action, ACTIONS) ?? `It knows ${ACTIONS.join(', ')}.`,
    })
  }
  if (action === 'list') {
    io.out.write((await listSecretsRecipients(place.file)).map(one => `${one}\n`).join(''))
    return EXIT.fine
  }
  if (recipient === undefined) {
    throw new VpaiError('SECRETS_BAD_RECIPIENT', `whom to ${action} was not given`, {
      hint: `vpai secrets recipients ${action} age1...`,
    })
  }
  io.err.write(await change(place, action, recipient))
  return EXIT.fine
}

async function change(place: SecretsPlace, action: string, recipient: string): Promise<string> {
  if (action === 'add') {
    await addSecretsRecipient(place.file, await place.keys(), { recipient })
    return `${recipient} can open ${place.shown} from now on.\n`
  }
  await removeSecretsRecipient(place.file, await place.keys(), recipient)
  return (
    `${recipient} cannot open ${place.shown} any more.\n` +
    'What they read before they still know: change those values at their services too.\n'
  )
}
