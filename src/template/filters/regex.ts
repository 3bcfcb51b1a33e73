/** Filters over texts by regular expression. */
import { typeError, valueError } from '../errors.ts'
import { pythonRegex, type RegexFlags, replaceRegex, searchRegex } from '../python-regex.ts'
import { truth } from '../runtime/compare.ts'
import { repr, str } from '../runtime/printing.ts'
import { define } from '../runtime/signature.ts'
import { tupleOf } from '../runtime/values.ts'

export const regexFilters = define({
  'regex_replace(pattern: str, replacement: text, ignorecase: bool, multiline: bool, count: int, mandatory_count: int)':
    (
      value: unknown,
      pattern = '',
      replacement = '',
      ...[ignoreCase, multiline, count = 0, mandatory = 0]: ReplaceOptions
    ) => {
      const regex = pythonRegex(pattern, { ignoreCase, multiline })
      const text = str(value)
      const matches = (text.match(regex) ?? []).length
      if (mandatory > 0 && Math.min(matches, count || matches) !== mandatory) {
        valueError(
          `'${pattern}' should match ${mandatory} times, but matches ${matches} times in ${repr(text)}`,
        )
      }
      return replaceRegex(regex, text, { replacement, count })
    },
  'regex_search(*)': (
    value: unknown,
    [pattern, ...groups]: readonly unknown[],
    keywords: ReadonlyMap<string, unknown>,
  ) => searchGroups(searchRegex(pythonRegex(str(pattern), flagsOf(keywords)), str(value)), groups),
  'regex_findall(pattern: str, multiline: bool, ignorecase: bool)': (
    value: unknown,
    pattern = '',
    multiline?: boolean,
    ignoreCase?: boolean,
  ) => [...str(value).matchAll(pythonRegex(pattern, { ignoreCase, multiline }))].map(found),
  'regex_escape(re_type: str)': (value: unknown, type = 'python') => escapePattern(str(value), type),
})

type ReplaceOptions = [ignoreCase?: boolean, multiline?: boolean, count?: number, mandatory?: number]

function flagsOf(keywords: ReadonlyMap<string, unknown>): RegexFlags {
  return {
    ignoreCase: truth(keywords.get('ignorecase') ?? false),
    multiline: truth(keywords.get('multiline') ?? false),
  }
}

/** The whole match, or the groups named like `\1` and `\g<name>`; None when nothing matches. */
function searchGroups(match: RegExpExecArray | null, groups: readonly unknown[]): unknown {
  if (!match) return null
  if (groups.length === 0) return match[0]
  return groups.map(group => {
    const [, named, numbered] =
      /^\\(?:g<(\w+)>|(\d+))$/.exec(str(group)) ?? typeError(`not a group: ${repr(group)}`)
    const number = named !== undefined && /^\d+$/.test(named) ? named : numbered
    return (number === undefined ? match.groups?.[named ?? ''] : match[Number(number)]) ?? null
  })
}

/** As re.findall: the match, its one group, or a tuple of its groups. */
function found(match: RegExpExecArray): unknown {
  if (match.length === 1) return match[0]
  const groups = match.slice(1).map(group => group ?? '')
  return groups.length === 1 ? groups[0] : tupleOf(groups)
}

function escapePattern(text: string, type: string): string {
  if (type === 'posix_basic') return text.replace(/[\]\\[.*^$]/g, '\\$&')
  if (type !== 'python') return valueError(`regex_escape: no re_type '${type}'`)
  return text.replace(/[()[\]{}?*+\-|^$\\.&~# \t\n\r\v\f]/g, '\\$&')
}
