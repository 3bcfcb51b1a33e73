/**
 * A symbolic or hard link, put in place by rename so that the name never goes missing.
 * With `force` an empty directory gives way; a full one never does (exit 94).
 */
import { quote } from '../base/quote.ts'
import type { Action } from '../modules/contract.ts'
import { ownerWord } from './attributes.ts'

export type LinkAction = Extract<Action, { do: 'link' }>

export function linkScript(action: LinkAction, token: string): string {
  const slash = action.path.lastIndexOf('/')
  const directory = slash > 0 ? action.path.slice(0, slash) : '/'
  const owner = ownerWord(action)
  const replaceDirectory = action.force === true ? 'rmdir -- "$d" 2>/dev/null || exit 94' : 'exit 94'
  return [
    `d=${quote(`./${action.path.slice(slash + 1)}`)} t=./.vpai-${token}.tmp`,
    `cd -P -- ${quote(directory)} || exit 90`,
    `if [ -d "$d" ] && [ ! -L "$d" ]; then ${replaceDirectory}; fi`,
    `trap 'rm -f -- "$t"' 0`,
    `ln ${action.hard === true ? '' : '-s '}-- ${quote(action.target)} "$t" || exit 96`,
    // A hard link that is already the same file: rename would do nothing and leave the temporary name.
    'mv -f -T -- "$t" "$d" || exit 96',
    owner === null ? '' : `chown -h ${owner} -- "$d" || exit 97`,
  ]
    .filter(line => line !== '')
    .join('\n')
}
