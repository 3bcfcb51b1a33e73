import { valueError } from '../errors.ts'
import { str } from '../runtime/printing.ts'
import { define } from '../runtime/signature.ts'

interface CommentStyle {
  readonly beginning?: string
  readonly decoration: string
  readonly end?: string
}

const STYLES: Readonly<Record<string, CommentStyle>> = {
  plain: { decoration: '# ' },
  erlang: { decoration: '% ' },
  c: { decoration: '// ' },
  cblock: { beginning: '/*', decoration: ' * ', end: ' */' },
  xml: { beginning: '<!--', decoration: ' - ', end: '-->' },
}

export const commentFilters = define({
  'comment(*)': (value: unknown, [style]: readonly unknown[], keywords: ReadonlyMap<string, unknown>) =>
    commentText(str(value), String(style ?? keywords.get('style') ?? 'plain'), keywords),
})

/** `keywords` override parts of the named style. */
function commentText(text: string, styleName: string, keywords: ReadonlyMap<string, unknown>): string {
  const style = Object.hasOwn(STYLES, styleName)
    ? STYLES[styleName]!
    : valueError(`no comment style '${styleName}'`)
  const part = (name: string, fallback: string): string => String(keywords.get(name) ?? fallback)
  const newline = part('newline', '\n')
  const decoration = part('decoration', style.decoration)
  const prefix = part('prefix', decoration.trimEnd())
  const postfix = part('postfix', decoration.trimEnd())
  const beginning = part('beginning', style.beginning ?? '')
  const end = part('end', style.end ?? '')
  const prefixCount = Number(keywords.get('prefix_count') ?? 1)
  const postfixCount = Number(keywords.get('postfix_count') ?? 1)
  const body = (decoration + text.replaceAll(newline, newline + decoration)).replaceAll(
    decoration + newline,
    decoration.trimEnd() + newline,
  )
  const opening = prefix === '' ? '' : (prefix === newline ? newline : prefix + newline).repeat(prefixCount)
  return [
    beginning === '' ? '' : beginning + newline,
    opening,
    body,
    (newline + postfix).repeat(postfixCount),
    end === '' ? '' : newline + end,
  ].join('')
}
