/**
 * A file that exists, with the times asked for. Times are `preserve`, `now` (the default) or what
 * `touch -t` takes: [[CC]YY]MMDDhhmm[.ss].
 */
import { quote } from '../base/quote.ts'
import type { Action } from '../modules/contract.ts'
import { setAttributes } from './attributes.ts'

export type TouchAction = Extract<Action, { do: 'touch' }>

export function touchScript(action: TouchAction): string {
  return [
    `p=${quote(action.path)}`,
    'if [ ! -e "$p" ]; then ( set -C; umask 022; : >"$p" ) || exit 96; fi',
    time('-a', action.accessTime),
    time('-m', action.modificationTime),
    setAttributes(action),
  ]
    .filter(line => line !== '')
    .join('\n')
}

function time(flag: string, text: string | undefined): string {
  if (text === 'preserve') return ''
  if (text === undefined || text === 'now') return `touch ${flag} -- "$p" || exit 96`
  return `touch ${flag} -t ${quote(text)} -- "$p" || exit 96`
}
