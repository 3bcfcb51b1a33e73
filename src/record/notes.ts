/** Lines that go before a change, in its own script: what is about to be done, and which handlers it makes due. */
import { createHash } from 'node:crypto'
import { quote } from '../base/quote.ts'
import { runFolder } from './layout.ts'
import type { Pending } from './look.ts'

/** A handler has one id, whichever run and task notifies it. */
export function pendingId(handler: string): string {
  return createHash('sha256').update(handler).digest('hex').slice(0, 32)
}

/** Ends the script with 96 when the note cannot be kept: a change whose handler might be lost is not made. */
export function pendingLine(folder: string, { id, ...note }: Pending): string {
  const file = `${folder}/pending/${id}`
  return `{ printf '%s\\n' ${quote(JSON.stringify(note))} >${file}.$$ && mv -f ${file}.$$ ${file} && { sync ${file} 2>/dev/null || sync; }; } || { rm -f ${file}.$$; exit 96; }`
}

export type Intent =
  | { readonly kind: 'task'; readonly name: string }
  /** A file that is being written: the folder, and the token of its temporary name. */
  | { readonly kind: 'put'; readonly token: string; readonly directory: string }

export function intentLine(folder: string, number: number, intents: readonly Intent[]): string {
  const lines = intents.map(textOf).filter(text => !text.includes('\n'))
  if (lines.length === 0) return ':'
  return `printf '%s\\n' ${lines.map(quote).join(' ')} >>${runFolder(folder, number)}/journal || exit 96`
}

function textOf(intent: Intent): string {
  return intent.kind === 'task'
    ? `task ${intent.name.replace(/\s+/g, ' ')}`
    : `put ${intent.token} ${intent.directory}`
}
