import type { z } from 'zod'
import { argumentsOf, bool, choice, path, text } from './shared/arguments.ts'
import { ATTRIBUTE_ALIASES, attributeShape } from './shared/attributes.ts'
import { defineFileModule } from './shared/define-file-module.ts'
import { type Edited, editFile, editKeys, linesWithEnds, withoutEnd } from './shared/edit-file.ts'
import { withHome } from './shared/home.ts'
import { isUtf8, only } from './shared/honoured.ts'
import { pythonPattern } from './shared/regex.ts'

const schema = () =>
  argumentsOf(
    {
      path: path(),
      state: choice(['present', 'absent']).default('present'),
      block: text().default(''),
      marker: text().default('# {mark} ANSIBLE MANAGED BLOCK'),
      marker_begin: text().default('BEGIN'),
      marker_end: text().default('END'),
      insertafter: text().optional(),
      insertbefore: text().optional(),
      create: bool().default(false),
      backup: bool().default(false),
      validate: text().optional(),
      append_newline: bool().default(false),
      prepend_newline: bool().default(false),
      encoding: only(
        text().default('utf-8'),
        isUtf8,
        'files are read and written as UTF-8, other bytes stay as they are',
      ),
      ...attributeShape(),
    },
    { ...ATTRIBUTE_ALIASES, dest: 'path', destfile: 'path', name: 'path', content: 'block' },
  ).refine(
    args => args.insertafter === undefined || args.insertbefore === undefined,
    'give one of insertafter and insertbefore',
  )

export type BlockinfileArgs = z.output<ReturnType<typeof schema>>

/** Keeps a block of lines between two marker lines. An empty block removes them. */
export const blockinfile = withHome<BlockinfileArgs>(
  () => ['path'],
  defineFileModule({
    name: 'blockinfile',
    summary: 'Keeps a block of lines of a file',
    args: schema,
    settles: true,
    foreseeable: () => 'by files',
    keys: args => editKeys(args),
    decide(args, seen, ctx) {
      const isPresent = args.state === 'present' && args.block !== ''
      const whenAbsent =
        args.state === 'absent' || (!isPresent && args.create) ? 'ok' : args.create ? 'create' : 'fail'
      return editFile({ args, whenAbsent, edit: before => editBlock(args, before) }, seen, ctx)
    },
  }),
)

function editBlock(args: BlockinfileArgs, before: string): Edited {
  const begin = args.marker.replaceAll('{mark}', args.marker_begin)
  const end = args.marker.replaceAll('{mark}', args.marker_end)
  const isPresent = args.state === 'present' && args.block !== ''
  const body = args.block.endsWith('\n') ? args.block : `${args.block}\n`
  const block = isPresent ? linesWithEnds(`${begin}\n${body}${end}\n`) : []
  const { lines, at } = withoutBlock(args, before, { begin, end })
  const previous = lines[at - 1]
  if (previous !== undefined && !previous.endsWith('\n')) lines[at - 1] = `${previous}\n`
  const padded =
    isPresent && args.prepend_newline && at > 0 && lines[at - 1] !== '\n' ? ['\n', ...block] : block
  const next = lines[at]
  const closed =
    isPresent && args.append_newline && next !== undefined && next !== '\n' ? [...padded, '\n'] : padded
  const after = lines.toSpliced(at, 0, ...closed).join('')
  // Without a block to remove, a missing newline at the end is nobody's business.
  const found = isPresent || hasBlock(before, { begin, end })
  return {
    text: found ? after : before,
    msg: before === '' ? 'File created' : isPresent ? 'Block inserted' : 'Block removed',
  }
}

interface Markers {
  readonly begin: string
  readonly end: string
}

function hasBlock(text: string, { begin, end }: Markers): boolean {
  const bare = linesWithEnds(text).map(withoutEnd)
  return bare.includes(begin) && bare.includes(end)
}

/** The lines without an old block, and where the new one goes: in its place, or where it is asked. */
function withoutBlock(
  args: BlockinfileArgs,
  text: string,
  { begin, end }: Markers,
): { lines: string[]; at: number } {
  const lines = linesWithEnds(text)
  const bare = lines.map(withoutEnd)
  const [first, last] = [bare.lastIndexOf(begin), bare.lastIndexOf(end)]
  if (first >= 0 && last >= 0) {
    const at = Math.min(first, last)
    return { lines: lines.toSpliced(at, Math.abs(last - first) + 1), at }
  }
  return { lines, at: insertionPoint(args, { text, bare }) }
}

function insertionPoint(
  { insertafter, insertbefore }: BlockinfileArgs,
  { text, bare }: { readonly text: string; readonly bare: readonly string[] },
): number {
  if (insertbefore === 'BOF') return 0
  const wanted = insertafter ?? insertbefore
  if (wanted === undefined || wanted === 'EOF') return bare.length
  const pattern = pythonPattern(wanted)
  if (pattern.multiline) {
    const match = pattern.exec(text)
    if (match === null) return bare.length
    const until = insertafter === undefined ? match.index : match.index + match[0].length
    const before = linesWithEnds(text.slice(0, until))
    return insertafter === undefined && !/\n$|^$/.test(text.slice(0, until))
      ? before.length - 1
      : before.length
  }
  const found = bare.findLastIndex(line => pattern.test(line))
  if (found < 0) return bare.length
  return insertafter === undefined ? found : found + 1
}
