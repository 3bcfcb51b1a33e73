/** Filters over texts. The receiver is printed first, as Jinja2 does. */
import { capitalize, centerText, replaceText, reverseText, splitText, strip } from '../python-text.ts'
import { iterate, unpack } from '../runtime/access.ts'
import { dictEntries, makeDict, requireDict } from '../runtime/dicts.ts'
import { percentFormat } from '../runtime/formatting.ts'
import { repr, str } from '../runtime/printing.ts'
import { define, mergeTables } from '../runtime/signature.ts'
import { isDictLike, tupleOf } from '../runtime/values.ts'
import { wrapLine } from '../wrap-line.ts'
import { commentFilters } from './comment.ts'
import { escapeHtml } from './escape-html.ts'
import { linkAddresses } from './urlize.ts'

const plain = define({
  'upper()': (value: unknown) => str(value).toUpperCase(),
  'lower()': (value: unknown) => str(value).toLowerCase(),
  'title()': (value: unknown) => titleWords(str(value)),
  'capitalize()': (value: unknown) => capitalize(str(value)),
  'trim(chars: str)': (value: unknown, characters?: string) => strip(str(value), characters),
  'replace(old: text, new: text, count: int)': (value: unknown, from: string, to: string, count?: number) =>
    replaceText(str(value), { from, to, count }),
  'string()': str,
  'center(width: int)': (value: unknown, width = 80) => centerText(str(value), width),
  'wordcount()': (value: unknown) => (str(value).match(/\w+/g) ?? []).length,
  'format(*)': (value: unknown, args: readonly unknown[], keywords: ReadonlyMap<string, unknown>) =>
    percentFormat(str(value), args.length > 0 ? tupleOf(args) : makeDict(keywords)),
  'indent(width, first: bool, blank: bool)': (
    value: unknown,
    width: unknown = 4,
    first = false,
    blank = false,
  ) => indentLines(str(value), { width, first, blank }),
  'e|escape|forceescape()': (value: unknown) => escapeHtml(str(value)),
  'safe()': (value: unknown) => value,
  'striptags()': (value: unknown) => stripTags(str(value)),
  'urlencode()': (value: unknown) => urlEncode(value),
  'urlize(trim_url_limit: int, nofollow: bool, target: str, rel: str, extra_schemes: list)': (
    value: unknown,
    limit: number | null = null,
    nofollow = false,
    ...[target, rel, schemes]: [
      target?: string | null,
      rel?: string | null,
      schemes?: readonly unknown[] | null,
    ]
  ) =>
    linkAddresses(str(value), {
      ...{ limit, nofollow, target: target ?? null, rel: rel ?? null },
      schemes: (schemes ?? []).map(str),
    }),
  'truncate(length: int, killwords: bool, end: str, leeway: int)': (
    value: unknown,
    length = 255,
    killWords = false,
    end = '...',
    leeway = 5,
  ) => truncate(str(value), { length, killWords, end, leeway }),
  'wordwrap(width: int, break_long_words: bool, wrapstring: str)': (
    value: unknown,
    width = 79,
    breakLongWords = true,
    newline = '\n',
  ) =>
    str(value)
      .split('\n')
      .map(line => wrapLine(line, width, breakLongWords).join(newline))
      .join(newline),
  'pprint()': repr,
  'quote()': (value: unknown) => shellQuote(value === null ? '' : str(value)),
  'split(sep: str, maxsplit: int)': (value: unknown, separator?: string, limit?: number) =>
    splitText(str(value), separator, limit),
  'xmlattr()': (value: unknown) =>
    dictEntries(requireDict(value, 'xmlattr'))
      .map(([key, member]) => ` ${str(key)}="${escapeHtml(str(member))}"`)
      .join(''),
  'reverse()': (value: unknown) =>
    typeof value === 'string' ? reverseText(value) : iterate(value).reverse(),
})

export const textFilters = mergeTables(plain, commentFilters)

/** Jinja2's own rule: a word begins after blanks, dashes and opening brackets. */
function titleWords(text: string): string {
  return text
    .split(/([-\s({[<]+)/)
    .map(capitalize)
    .join('')
}

interface Indentation {
  /** A number of blanks, or the text itself. */
  readonly width: unknown
  readonly first: boolean
  readonly blank: boolean
}

function indentLines(text: string, { width, first, blank }: Indentation): string {
  const prefix = typeof width === 'string' ? width : ' '.repeat(Number(width))
  const [head = '', ...rest] = text.split('\n')
  const indented = rest.map(line => (blank || line !== '' ? prefix + line : line))
  return (first ? prefix : '') + [head, ...indented].join('\n')
}

function stripTags(text: string): string {
  const bare = text.replace(/<!--[\s\S]*?-->|<[^>]*>/g, '').replace(/\s+/g, ' ')
  return bare.trim().replace(/&(amp|lt|gt|quot|#39|#34);/g, (_whole, name: string) => ENTITIES[name] ?? '')
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  '#39': "'",
  '#34': '"',
}

/** A text: a path (slashes stay). A mapping or pairs: a query. */
function urlEncode(value: unknown): string {
  if (!Array.isArray(value) && !isDictLike(value)) return percentEncode(str(value)).replaceAll('%2F', '/')
  const pairs = isDictLike(value) ? dictEntries(value) : value.map(pair => unpack(pair, 2))
  const queryPart = (part: unknown): string => percentEncode(str(part)).replaceAll('%20', '+')
  return pairs.map(([key, member]) => `${queryPart(key)}=${queryPart(member)}`).join('&')
}

function percentEncode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    mark => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

interface Truncation {
  readonly length: number
  readonly killWords: boolean
  readonly end: string
  readonly leeway: number
}

function truncate(text: string, { length, killWords, end, leeway }: Truncation): string {
  if (text.length <= length + leeway) return text
  const cut = text.slice(0, length - end.length)
  return (killWords ? cut : cut.replace(/ [^ ]*$/, '')) + end
}

/** As Python's shlex.quote writes it, so that rendered files stay the same. */
export function shellQuote(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'"'"'`)}'`
}
