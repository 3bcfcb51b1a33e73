/** Owner, group and mode of what is already there. chown comes first, because it clears setuid bits. */
import { quote } from '../base/quote.ts'
import type { Action, FileAttributes } from '../modules/contract.ts'

export type AttributesAction = Extract<Action, { do: 'attributes' }>

export function attributesScript(action: AttributesAction): string {
  const path = quote(action.path)
  const owner = ownerWord(action)
  const recursive = action.recursive === true
  const noDereference = action.follow === true && !recursive ? '' : ' -h'
  const lines = [`p=${path}`, '[ -e "$p" ] || [ -L "$p" ] || exit 90']
  if (owner !== null) lines.push(`chown${recursive ? ' -R' : ''}${noDereference} ${owner} "$p" || exit 97`)
  if (action.mode !== undefined) {
    // Linux has no mode of its own for a link, and chmod would reach through it.
    const guard = action.follow === true ? '' : '[ -L "$p" ] || '
    lines.push(`${guard}chmod${recursive ? ' -R' : ''} ${chmodWord(action.mode)} "$p" || exit 97`)
  }
  if (action.mtime !== undefined)
    lines.push(`touch${action.follow === true ? '' : ' -h'} -d @${action.mtime} -- "$p" || exit 97`)
  return lines.join('\n')
}

/** Five digits, so that chmod clears setgid bits of directories too when asked. */
export function chmodWord(mode: number): string {
  return mode.toString(8).padStart(5, '0')
}

/** What chown takes, quoted, or null when neither owner nor group is wanted. */
export function ownerWord(attributes: FileAttributes): string | null {
  const { owner, group } = attributes
  if (owner === undefined && group === undefined) return null
  return quote(`${owner ?? ''}${group === undefined ? '' : `:${group}`}`)
}

/** Lines that set the attributes of the path in the shell variable `p`. */
export function setAttributes(attributes: FileAttributes): string {
  const owner = ownerWord(attributes)
  const lines: string[] = []
  if (owner !== null) lines.push(`chown -h ${owner} -- "$p" || exit 97`)
  if (attributes.mode !== undefined) lines.push(`chmod ${chmodWord(attributes.mode)} -- "$p" || exit 97`)
  return lines.join('\n')
}
