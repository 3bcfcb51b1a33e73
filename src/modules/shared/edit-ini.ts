/** INI text: one option or section made present or absent, all other lines untouched. */
import type { IniFileArgs } from '../ini_file.ts'
import { type Edited, linesWithEnds, withoutEnd } from './edit-file.ts'

export function editIni(args: IniFileArgs, text: string): Edited {
  const lines = linesWithEnds(text)
  const last = lines.at(-1)
  if (last !== undefined && !last.endsWith('\n')) lines[lines.length - 1] = `${last}\n`
  const edited = args.state === 'present' ? present(args, lines) : absent(args, lines)
  // A missing newline at the end alone is no reason to change the file.
  return edited.msg === 'OK' ? { text, msg: 'OK' } : edited
}

interface Range {
  /** First line after the heading, and the line after the last. */
  readonly start: number
  readonly end: number
}

const HEADING = /^\s*\[(.*)\]\s*$/

/** Without a section: the lines before the first heading. */
function rangeOf(section: string | undefined, lines: readonly string[]): Range | null {
  const isHeading = (line: string) => HEADING.test(withoutEnd(line))
  const name = (line: string) => HEADING.exec(withoutEnd(line))?.[1]
  const heading =
    section === undefined || section === '' ? -1 : lines.findIndex(line => name(line) === section)
  if (heading < 0 && section !== undefined && section !== '') return null
  const next = lines.findIndex((line, index) => index > heading && isHeading(line))
  return { start: heading + 1, end: next < 0 ? lines.length : next }
}

function present(args: IniFileArgs, lines: readonly string[]): Edited {
  const range = rangeOf(args.section, lines)
  const wanted = wantedValues(args)
  if (range === null) {
    const options = args.option === undefined ? [] : wanted.map(value => optionLine(args, value))
    // An empty file gets an empty first line, as Ansible writes it.
    const before = lines.length === 0 ? ['\n'] : lines
    const added = [...before, `[${args.section}]\n`, ...options].join('')
    return { text: added, msg: args.option === undefined ? 'section added' : 'section and option added' }
  }
  if (args.option === undefined) return { text: lines.join(''), msg: 'OK' }
  return presentOption(args, { lines, range, wanted })
}

/** An option without a value is the value null. */
function wantedValues(args: IniFileArgs): readonly (string | null)[] {
  if (args.values !== undefined && args.values.length > 0) return args.values
  return [args.value ?? null]
}

function presentOption(
  args: IniFileArgs,
  { lines, range, wanted }: { lines: readonly string[]; range: Range; wanted: readonly (string | null)[] },
): Edited {
  const missing = [...wanted]
  const body: string[] = []
  const free: number[] = []
  for (const line of lines.slice(range.start, range.end)) {
    const found = optionOf(line, args)
    const at = found === null || found.isComment ? -1 : missing.indexOf(found.value)
    if (at >= 0) {
      body.push(args.ignore_spaces ? line : optionLine(args, missing[at] ?? null))
      missing.splice(at, 1)
    } else {
      if (found !== null && (found.isComment ? args.modify_inactive_option : args.exclusive))
        free.push(body.length)
      body.push(line)
    }
  }
  const settled = placeMissing(args, body, { free, missing })
  const text = [...lines.slice(0, range.start), ...settled, ...lines.slice(range.end)].join('')
  return {
    text,
    msg:
      text === lines.join('')
        ? 'OK'
        : missing.length < wanted.length || free.length > 0
          ? 'option changed'
          : 'option added',
  }
}

/** Missing values take the places of values that are not wanted, active ones first; what is left goes to the end. */
function placeMissing(
  args: IniFileArgs,
  body: readonly string[],
  { free, missing }: { readonly free: readonly number[]; readonly missing: readonly (string | null)[] },
): readonly string[] {
  const isActive = (index: number) => !/^\s*[#;]/.test(body[index] ?? '')
  const places = [...free].sort((a, b) => Number(isActive(b)) - Number(isActive(a)) || a - b)
  const used = new Map(places.slice(0, missing.length).map((place, index) => [place, missing[index] ?? null]))
  const kept = body.flatMap((line, index) => {
    if (used.has(index)) return [optionLine(args, used.get(index) ?? null)]
    return free.includes(index) && isActive(index) ? [] : [line]
  })
  const rest = missing.slice(used.size).map(value => optionLine(args, value))
  // Behind the last option, as Ansible puts it: what is commented out below belongs to what comes next.
  const end = kept.findLastIndex(line => /^\s*[^\s#;]/.test(line)) + 1
  return kept.toSpliced(end, 0, ...rest)
}

function absent(args: IniFileArgs, lines: readonly string[]): Edited {
  const range = rangeOf(args.section, lines)
  if (range === null) return { text: lines.join(''), msg: 'OK' }
  if (args.option === undefined) {
    const start = Math.max(0, range.start - 1)
    return { text: lines.toSpliced(start, range.end - start).join(''), msg: 'section removed' }
  }
  const values = args.exclusive ? null : wantedValues(args)
  const kept = lines.filter((line, index) => {
    const found = index < range.start || index >= range.end ? null : optionOf(line, args)
    return found === null || found.isComment || (values !== null && !values.includes(found.value))
  })
  return { text: kept.join(''), msg: kept.length === lines.length ? 'OK' : 'option changed' }
}

function optionOf(
  line: string,
  { option = '' }: IniFileArgs,
): { value: string | null; isComment: boolean } | null {
  const match = /^\s*([#;]?)\s*(.*?)\s*(?:=\s*(.*?)\s*)?$/.exec(withoutEnd(line))
  if (match === null || match[2] !== option) return null
  return { value: match[3] ?? null, isComment: match[1] !== '' }
}

function optionLine({ option = '', no_extra_spaces }: IniFileArgs, value: string | null): string {
  if (value === null) return `${option}\n`
  return no_extra_spaces ? `${option}=${value}\n` : `${option} = ${value}\n`
}
