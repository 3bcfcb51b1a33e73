import type { z } from 'zod'
import type { Steps, Verdict } from './contract.ts'
import { argumentsOf, bool, choice, path, text } from './shared/arguments.ts'
import { ATTRIBUTE_ALIASES, attributeShape } from './shared/attributes.ts'
import { defineFileModule } from './shared/define-file-module.ts'
import { type Edited, editFile, editKeys, linesWithEnds, withoutEnd } from './shared/edit-file.ts'
import { withHome } from './shared/home.ts'
import { isUtf8, only } from './shared/honoured.ts'
import { expandReplacement, pythonPattern } from './shared/regex.ts'

const schema = () =>
  argumentsOf(
    {
      path: path(),
      state: choice(['present', 'absent']).default('present'),
      regexp: text().optional(),
      search_string: text().optional(),
      line: text().optional(),
      backrefs: bool().default(false),
      insertafter: text().optional(),
      insertbefore: text().optional(),
      create: bool().default(false),
      backup: bool().default(false),
      firstmatch: bool().default(false),
      validate: text().optional(),
      encoding: only(
        text().default('utf-8'),
        isUtf8,
        'files are read and written as UTF-8, other bytes stay as they are',
      ),
      ...attributeShape(),
    },
    { ...ATTRIBUTE_ALIASES, dest: 'path', destfile: 'path', name: 'path', regex: 'regexp', value: 'line' },
  )
    .refine(
      args => args.regexp === undefined || args.search_string === undefined,
      'give one of regexp and search_string',
    )
    .refine(
      args => args.insertafter === undefined || args.insertbefore === undefined,
      'give one of insertafter and insertbefore',
    )
    .refine(args => args.state === 'absent' || args.line !== undefined, {
      message: 'line is required',
      path: ['line'],
    })
    .refine(args => !args.backrefs || args.regexp !== undefined, 'backrefs needs a regexp')
    .refine(
      args => args.state === 'present' || (args.line ?? args.regexp ?? args.search_string) !== undefined,
      'one of line, regexp and search_string is required',
    )

export type LineinfileArgs = z.output<ReturnType<typeof schema>>

/** Makes sure that a line is in a file, or that no such line is. */
export const lineinfile = withHome<LineinfileArgs>(
  () => ['path'],
  defineFileModule({
    name: 'lineinfile',
    summary: 'Keeps one line of a file',
    args: schema,
    settles: true,
    foreseeable: () => 'by files',
    keys: args => editKeys(args),
    decide(args, seen, ctx) {
      const isPresent = args.state === 'present'
      const whenAbsent = isPresent ? (args.create ? 'create' : 'fail') : 'ok'
      const edit = isPresent ? ensureLine : removeLines
      const verdict = editFile(
        { args, whenAbsent, edit: before => edit(args, linesWithEnds(before)) },
        seen,
        ctx,
      )
      return args.backup ? telling(verdict) : verdict
    },
  }),
)

/** The name of the backup is `backup` here, `backup_file` in all other modules. */
function telling(verdict: Verdict): Verdict {
  if (verdict.kind !== 'change' || typeof verdict.apply === 'function') return verdict
  const { apply } = verdict
  return {
    ...verdict,
    *apply(): ReturnType<Steps> {
      let backup = ''
      for (const action of apply) {
        const { stdout } = yield action
        if (action.do === 'put') backup = stdout.trim()
      }
      return backup === '' ? {} : { backup, backup_file: backup }
    },
  }
}

function removeLines(args: LineinfileArgs, lines: readonly string[]): Edited {
  const matches = matcher(args) ?? ((line: string) => line === args.line)
  const kept = lines.filter(line => !matches(withoutEnd(line)))
  const found = lines.length - kept.length
  return { text: kept.join(''), msg: found === 0 ? '' : `${found} line(s) removed`, result: { found } }
}

/** What regexp or search_string say of a line; undefined when there is neither. */
function matcher(args: LineinfileArgs): ((line: string) => boolean) | undefined {
  if (args.regexp !== undefined) {
    const pattern = pythonPattern(args.regexp)
    return line => pattern.test(line)
  }
  const { search_string } = args
  return search_string === undefined ? undefined : line => line.includes(search_string)
}

/**
 * A line that regexp or search_string finds is replaced (the last one, or the first with firstmatch).
 * Otherwise the line itself counts, wherever it stands; only then it is put in.
 */
function ensureLine(args: LineinfileArgs, lines: readonly string[]): Edited {
  const { line = '' } = args
  const bare = lines.map(withoutEnd)
  const matches = matcher(args)
  if (matches !== undefined) {
    const found = args.firstmatch ? bare.findIndex(matches) : bare.findLastIndex(matches)
    if (found >= 0) return replaceLine(args, lines, found)
  }
  if (args.backrefs || bare.includes(line)) return { text: lines.join(''), msg: '' }
  return insertLine(args, lines, bare)
}

function replaceLine(args: LineinfileArgs, lines: readonly string[], index: number): Edited {
  const { line = '', regexp } = args
  const old = lines[index] ?? ''
  const match = args.backrefs && regexp !== undefined ? pythonPattern(regexp).exec(withoutEnd(old)) : null
  const wanted = match === null ? line : expandReplacement(line, match)
  if (withoutEnd(old) === wanted) return { text: lines.join(''), msg: '' }
  const ended = wanted.endsWith('\n') ? wanted : `${wanted}${old.endsWith('\r\n') ? '\r\n' : '\n'}`
  return { text: lines.with(index, ended).join(''), msg: 'line replaced' }
}

function insertLine(args: LineinfileArgs, lines: readonly string[], bare: readonly string[]): Edited {
  const { line = '', insertafter, insertbefore } = args
  const last = lines.at(-1)
  const ended = last !== undefined && !/[\r\n]$/.test(last) ? lines.with(-1, `${last}\n`) : lines
  const at = insertionPoint(args, bare)
  // A neighbour that already is the line makes it no second one.
  const neighbour = insertafter === undefined ? undefined : (bare[at] ?? bare[at - 1])
  if (insertbefore === undefined && neighbour === line) return { text: lines.join(''), msg: '' }
  return { text: ended.toSpliced(at, 0, `${line}\n`).join(''), msg: 'line added' }
}

function insertionPoint(args: LineinfileArgs, bare: readonly string[]): number {
  const { insertafter, insertbefore, firstmatch } = args
  if (insertbefore === 'BOF' || insertafter === 'BOF') return 0
  const wanted = insertafter ?? insertbefore
  if (wanted === undefined || wanted === 'EOF') return bare.length
  const pattern = pythonPattern(wanted)
  const test = (line: string) => pattern.test(line)
  const found = firstmatch ? bare.findIndex(test) : bare.findLastIndex(test)
  if (found < 0) return bare.length
  return insertafter === undefined ? found : found + 1
}
