/** A directory with its parents. Every directory made on the way gets the same owner and mode, as with Ansible. */
import { quoteAll } from '../base/quote.ts'
import type { Action } from '../modules/contract.ts'
import { setAttributes } from './attributes.ts'

export type MkdirAction = Extract<Action, { do: 'mkdir' }>

export function mkdirScript(action: MkdirAction): string {
  const attributes = setAttributes(action)
  return `set -- ${quoteAll(prefixes(action.path))}
for p do
[ -d "$p" ] && continue
mkdir -- "$p" || exit 96
${attributes}
done
${attributes}`
}

/** /a/b/c as /a, /a/b, /a/b/c. */
export function prefixes(path: string): readonly string[] {
  const parts = path.split('/').filter(part => part !== '')
  const root = path.startsWith('/') ? '/' : ''
  if (parts.length === 0) return ['/']
  return parts.map((_, index) => root + parts.slice(0, index + 1).join('/'))
}
