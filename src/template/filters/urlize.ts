/** urlize: addresses in a text become links, as Jinja2 finds them. What else is in the text is escaped. */
import { valueError } from '../errors.ts'
import { escapeHtml } from './escape-html.ts'

export interface LinkOptions {
  /** Longer addresses are shown cut. */
  readonly limit: number | null
  readonly nofollow: boolean
  readonly target: string | null
  readonly rel: string | null
  /** Beside http, https and mailto: `ftp://`, `tel:`. */
  readonly schemes: readonly string[]
}

export function linkAddresses(text: string, options: LinkOptions): string {
  const wrong = options.schemes.find(scheme => !SCHEME.test(scheme))
  if (wrong !== undefined)
    return valueError(`urlize: '${wrong}' is no scheme: write it as 'tel:' or 'ftp://'`)
  return escapeHtml(text)
    .split(/(\s+)/)
    .map(word => linkWord(word, options))
    .join('')
}

const SCHEME = /^[\w.+-]{2,}:\/{0,2}$/

const LETTER = String.raw`[\p{L}\p{N}_%\-]`
const HOST = String.raw`(?:https?:\/\/|www\.)(?:${LETTER}+\.)*(?:[a-z]{2,63}|xn--[\w%]{2,59})`
const BARE = String.raw`(?:${LETTER}{2,63}\.)+(?:com|net|int|edu|gov|org|info|mil)`
const NUMBERS = String.raw`https?:\/\/(?:\d{1,3}(?:\.\d{1,3}){3}|\[(?:[\da-f]{0,4}:){2}(?:[\da-f]{0,4}:?){1,6}\])`
const ADDRESS = new RegExp(String.raw`^(?:${HOST}|${BARE}|${NUMBERS})(?::\d{1,5})?(?:[/?#]\S*)?$`, 'iu')
const MAIL = /^\S+@\w[\w.-]*\.\w+$/

function linkWord(word: string, options: LinkOptions): string {
  const { head, middle, tail } = peel(word)
  return head + (link(middle, options) ?? middle) + tail
}

interface Word {
  readonly head: string
  readonly middle: string
  readonly tail: string
}

/** Brackets around an address and the point after it are no part of it, but brackets that it opens itself. */
function peel(word: string): Word {
  const head = /^(?:[(<]|&lt;)+/.exec(word)?.[0] ?? ''
  const rest = word.slice(head.length)
  let tail = /(?:[)>.,\n]|&gt;)+$/.exec(rest)?.[0] ?? ''
  let middle = rest.slice(0, rest.length - tail.length)
  for (const [open, close] of BRACKETS) {
    const opened = count(middle, open)
    if (opened <= count(middle, close)) continue
    for (let left = Math.min(opened, count(tail, close)); left > 0; left--) {
      const end = tail.indexOf(close) + close.length
      middle += tail.slice(0, end)
      tail = tail.slice(end)
    }
  }
  return { head, middle, tail }
}

const BRACKETS = [
  ['(', ')'],
  ['<', '>'],
  ['&lt;', '&gt;'],
] as const

function count(text: string, part: string): number {
  return text.split(part).length - 1
}

function link(word: string, options: LinkOptions): string | null {
  if (ADDRESS.test(word)) return anchor(/^https?:\/\//.test(word) ? word : `https://${word}`, word, options)
  if (word.startsWith('mailto:') && MAIL.test(word.slice(7))) return `<a href="${word}">${word.slice(7)}</a>`
  if (!/^www\.|:/.test(word) && MAIL.test(word)) return `<a href="mailto:${word}">${word}</a>`
  const isOther = options.schemes.some(scheme => word !== scheme && word.startsWith(scheme))
  return isOther ? anchor(word, word, { ...options, limit: null }) : null
}

function anchor(address: string, shown: string, { limit, nofollow, target, rel }: LinkOptions): string {
  const words = new Set([
    ...(rel ?? '').split(/\s+/).filter(Boolean),
    ...(nofollow ? ['nofollow'] : []),
    'noopener',
  ])
  const to = target === null ? '' : ` target="${escapeHtml(target)}"`
  const text = limit !== null && shown.length > limit ? `${shown.slice(0, limit)}...` : shown
  return `<a href="${address}" rel="${escapeHtml([...words].sort().join(' '))}"${to}>${text}</a>`
}
