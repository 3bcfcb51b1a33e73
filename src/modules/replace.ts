import type { z } from 'zod'
import { argumentsOf, bool, path, text } from './shared/arguments.ts'
import { ATTRIBUTE_ALIASES, attributeShape } from './shared/attributes.ts'
import { defineFileModule } from './shared/define-file-module.ts'
import { type Edited, editFile, editKeys } from './shared/edit-file.ts'
import { withHome } from './shared/home.ts'
import { isUtf8, only } from './shared/honoured.ts'
import { expandReplacement, pythonPattern } from './shared/regex.ts'

const schema = () =>
  argumentsOf(
    {
      path: path(),
      regexp: text(),
      replace: text().default(''),
      after: text().optional(),
      before: text().optional(),
      backup: bool().default(false),
      validate: text().optional(),
      encoding: only(
        text().default('utf-8'),
        isUtf8,
        'files are read and written as UTF-8, other bytes stay as they are',
      ),
      ...attributeShape(),
    },
    { ...ATTRIBUTE_ALIASES, dest: 'path', destfile: 'path', name: 'path' },
  )

export type ReplaceArgs = z.output<ReturnType<typeof schema>>

/** Replaces every match of a pattern, in the whole file or between two other patterns. */
export const replace = withHome<ReplaceArgs>(
  () => ['path'],
  defineFileModule({
    name: 'replace',
    summary: 'Replaces text in a file by a pattern',
    args: schema,
    settles: 'a replacement may match its own pattern',
    foreseeable: () => 'by files',
    keys: args => editKeys(args),
    decide: (args, seen, ctx) =>
      editFile({ args, whenAbsent: 'fail', edit: before => replaceAll(args, before) }, seen, ctx),
  }),
)

function replaceAll(args: ReplaceArgs, text: string): Edited {
  const [start, end] = sectionOf(args, text)
  if (start < 0) {
    return {
      text,
      msg: '',
      result: {
        msg: `Pattern for before/after params did not match the given file: ${args.after ?? args.before ?? ''}`,
      },
    }
  }
  let count = 0
  const pattern = pythonPattern(args.regexp, { multiline: true, global: true })
  const section = text.slice(start, end)
  let last = 0
  let replaced = ''
  for (const match of section.matchAll(pattern)) {
    count++
    replaced += section.slice(last, match.index) + expandReplacement(args.replace, match)
    last = match.index + match[0].length
  }
  const edited = text.slice(0, start) + replaced + section.slice(last) + text.slice(end)
  return { text: edited, msg: count === 0 ? '' : `${count} replacements made`, result: { rc: 0 } }
}

/** From the end of the first `after` to the first `before` behind it; -1 when they are not found. */
function sectionOf({ after, before }: ReplaceArgs, text: string): readonly [number, number] {
  let start = 0
  if (after !== undefined) {
    const match = pythonPattern(after, { dotAll: true }).exec(text)
    if (match === null) return [-1, -1]
    start = match.index + match[0].length
  }
  if (before === undefined) return [start, text.length]
  const pattern = pythonPattern(before, { dotAll: true, global: true })
  // With `before` alone Python's greedy match ends at the last one.
  const matches = [...text.slice(start).matchAll(pattern)]
  const match = after === undefined ? matches.at(-1) : matches[0]
  return match === undefined ? [-1, -1] : [start, start + match.index]
}
