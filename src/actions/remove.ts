import { VpaiError } from '../base/error.ts'
import { quote } from '../base/quote.ts'
import type { Action } from '../modules/contract.ts'

export type RemoveAction = Extract<Action, { do: 'remove' }>

/** rm -rf of one absolute path. Throws ACTION_UNSAFE_REMOVE for the root, an empty or relative path, and any `..`. */
export function removeScript(action: RemoveAction): string {
  const parts = action.path.split('/').filter(part => part !== '' && part !== '.')
  if (!action.path.startsWith('/') || parts.length === 0 || parts.includes('..')) {
    throw new VpaiError('ACTION_UNSAFE_REMOVE', `Removing "${action.path}" is refused.`, {
      hint: 'Give an absolute path without "..", and not the root directory.',
    })
  }
  // A trailing slash would make rm follow a link to a directory.
  return `rm -rf -- ${quote(`/${parts.join('/')}`)} || exit 96`
}
