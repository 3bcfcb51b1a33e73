/** Methods of texts. */
import { typeError, valueError } from '../errors.ts'
import {
  capitalize,
  centerText,
  expandTabs,
  replaceText,
  splitLines,
  splitText,
  splitTextRight,
  strip,
  zeroFill,
} from '../python-text.ts'
import { item, iterate } from '../runtime/access.ts'
import { dictEntries } from '../runtime/dicts.ts'
import { formatBySpec } from '../runtime/formatting.ts'
import { repr, str } from '../runtime/printing.ts'
import { define } from '../runtime/signature.ts'
import { isDictLike, type Tuple, tupleOf, typeName } from '../runtime/values.ts'

export const strMethods = define({
  'upper()': (text: string) => text.toUpperCase(),
  'lower|casefold()': (text: string) => text.toLowerCase(),
  'title()': (text: string) => text.replace(/\p{L}+/gu, capitalize),
  'capitalize()': capitalize,
  'swapcase()': (text: string) => [...text].map(swapCase).join(''),
  'strip(chars: str)': (text: string, chars?: string) => strip(text, chars),
  'lstrip(chars: str)': (text: string, chars?: string) => strip(text, chars, 'left'),
  'rstrip(chars: str)': (text: string, chars?: string) => strip(text, chars, 'right'),
  'split(sep: str, maxsplit: int)': splitText,
  'rsplit(sep: str, maxsplit: int)': splitTextRight,
  'splitlines(keepends: bool)': (text: string, keepEnds?: boolean) => splitLines(text, keepEnds),
  'join(iterable: list)': (text: string, members: readonly unknown[] = []) => members.map(joined).join(text),
  'startswith(prefix, start: int)': (text: string, prefix: unknown, start = 0) =>
    affixes(prefix).some(affix => text.startsWith(affix, start)),
  'endswith(suffix)': (text: string, suffix: unknown) => affixes(suffix).some(affix => text.endsWith(affix)),
  'replace(old: str, new: str, count: int)': (text: string, from: string, to: string, count?: number) =>
    replaceText(text, { from, to, count }),
  'find(sub: str, start: int)': (text: string, sub: string, start?: number) => text.indexOf(sub, start),
  'rfind(sub: str)': (text: string, sub: string) => text.lastIndexOf(sub),
  'index(sub: str)': (text: string, sub: string) =>
    text.includes(sub) ? text.indexOf(sub) : valueError('substring not found'),
  'count(sub: str)': (text: string, sub: string) =>
    sub === '' ? [...text].length + 1 : text.split(sub).length - 1,
  'partition(sep: str)': (text: string, separator: string) =>
    partition(text, separator, text.indexOf(separator)),
  'rpartition(sep: str)': (text: string, separator: string) => {
    const at = text.lastIndexOf(separator)
    return at < 0 ? tupleOf(['', '', text]) : partition(text, separator, at)
  },
  'format(*)': (text: string, args: readonly unknown[], keywords: ReadonlyMap<string, unknown>) =>
    formatText(text, args, keywords),
  'format_map(mapping)': (text: string, mapping: unknown) => formatText(text, [], mapEntries(mapping)),
  'zfill(width: int)': zeroFill,
  'ljust(width: int, fillchar: str)': (text: string, width: number, fill?: string) =>
    text.padEnd(width, fill),
  'rjust(width: int, fillchar: str)': (text: string, width: number, fill?: string) =>
    text.padStart(width, fill),
  'center(width: int, fillchar: str)': centerText,
  'isdigit|isnumeric|isdecimal()': (text: string) => /^\d+$/.test(text),
  'isalnum()': (text: string) => /^[\p{L}\p{N}]+$/u.test(text),
  'isalpha()': (text: string) => /^\p{L}+$/u.test(text),
  'isupper()': isUpper,
  'islower()': isLower,
  'isspace()': (text: string) => /^\s+$/.test(text),
  'isidentifier()': (text: string) => /^[\p{L}_][\p{L}\p{N}_]*$/u.test(text),
  'removeprefix(prefix: str)': (text: string, prefix: string) =>
    text.startsWith(prefix) ? text.slice(prefix.length) : text,
  'removesuffix(suffix: str)': (text: string, suffix: string) =>
    suffix !== '' && text.endsWith(suffix) ? text.slice(0, -suffix.length) : text,
  'expandtabs(tabsize: int)': expandTabs,
  'encode(encoding: str)': (text: string) => text,
  'decode(encoding: str)': (text: string) => text,
})

export function isUpper(text: string): boolean {
  return text !== text.toLowerCase() && text === text.toUpperCase()
}

export function isLower(text: string): boolean {
  return text !== text.toUpperCase() && text === text.toLowerCase()
}

function swapCase(character: string): string {
  return character === character.toUpperCase() ? character.toLowerCase() : character.toUpperCase()
}

function joined(member: unknown): string {
  return typeof member === 'string'
    ? member
    : typeError(`sequence item: expected str instance, ${typeName(member)} found`)
}

function affixes(value: unknown): string[] {
  const list = typeof value === 'string' ? [value] : iterate(value)
  return list.map(affix =>
    typeof affix === 'string' ? affix : typeError('prefixes and suffixes must be strings'),
  )
}

function partition(text: string, separator: string, at: number): Tuple {
  if (at < 0) return tupleOf([text, '', ''])
  return tupleOf([text.slice(0, at), separator, text.slice(at + separator.length)])
}

function mapEntries(mapping: unknown): ReadonlyMap<string, unknown> {
  if (!isDictLike(mapping)) return typeError(`format_map() needs a mapping, not ${typeName(mapping)}`)
  return new Map(dictEntries(mapping).map(([key, value]) => [String(key), value]))
}

const REPLACEMENT_FIELD = /\{\{|\}\}|\{([^{}:!]*)(?:!([rs]))?(?::([^{}]*))?\}/g

/** str.format: `{}`, `{0}`, `{name.attribute[key]}`, each with a conversion and a specification. */
function formatText(text: string, args: readonly unknown[], keywords: ReadonlyMap<string, unknown>): string {
  let next = 0
  return text.replace(REPLACEMENT_FIELD, (whole: string, field = '', conversion?: string, spec?: string) => {
    if (whole === '{{' || whole === '}}') return whole[0]!
    const [head = '', ...path] = String(field).split(/[.[]/)
    const value = path.reduce(fieldPart, argument(head === '' ? String(next++) : head, args, keywords))
    const converted = conversion === 'r' ? repr(value) : value
    return spec ? formatBySpec(converted, spec) : str(converted)
  })
}

function argument(head: string, args: readonly unknown[], keywords: ReadonlyMap<string, unknown>): unknown {
  const value = /^\d+$/.test(head) ? args[Number(head)] : keywords.get(head)
  return value === undefined ? valueError(`format: nothing is given for {${head}}`) : value
}

function fieldPart(value: unknown, part: string): unknown {
  return item(value, /^\d+\]?$/.test(part) ? Number.parseInt(part, 10) : part.replace(/\]$/, ''))
}
