/** The `#jinja2:` line a template file may begin with. */
import { TemplateError } from './errors.ts'
import type { Syntax } from './syntax.ts'

/** Options a template file can be rendered with; what is missing is Ansible's default. */
export type SyntaxOptions = Partial<Omit<Syntax, 'rawBackslashes'>>

const NAMES: Readonly<Record<string, keyof SyntaxOptions>> = {
  trim_blocks: 'trimBlocks',
  lstrip_blocks: 'lstripBlocks',
  variable_start_string: 'variableStart',
  variable_end_string: 'variableEnd',
  block_start_string: 'blockStart',
  block_end_string: 'blockEnd',
  comment_start_string: 'commentStart',
  comment_end_string: 'commentEnd',
}

const PREFIX = '#jinja2:'

export interface TemplateFile {
  readonly body: string
  readonly options: SyntaxOptions
  /** Lines in front of the body. */
  readonly skippedLines: number
}

/** The text without its header line, and what the header says. */
export function readFileHeader(text: string): TemplateFile {
  if (!text.startsWith(PREFIX)) return { body: text, options: {}, skippedLines: 0 }
  const end = text.indexOf('\n')
  const line = end < 0 ? text : text.slice(0, end)
  const options: Record<string, string | boolean> = {}
  for (const entry of line.slice(PREFIX.length).split(',')) {
    const [name, value] = splitEntry(entry)
    const option = Object.hasOwn(NAMES, name) ? NAMES[name] : undefined
    if (option) options[option] = readOption(value)
    else if (!IGNORED.has(name)) unknownOption(name)
  }
  return { body: end < 0 ? '' : text.slice(end + 1), options, skippedLines: 1 }
}

/** Known to Jinja2 and without effect here. */
const IGNORED = new Set(['newline_sequence', 'keep_trailing_newline', 'autoescape'])

function splitEntry(entry: string): readonly [string, string] {
  const colon = entry.indexOf(':')
  return colon < 0 ? [entry.trim(), ''] : [entry.slice(0, colon).trim(), entry.slice(colon + 1).trim()]
}

function readOption(value: string): string | boolean {
  if (/^true$/i.test(value)) return true
  return /^false$/i.test(value) ? false : value.replace(/^(['"])(.*)\1$/s, '$2')
}

function unknownOption(name: string): never {
  throw new TemplateError('TEMPLATE_SYNTAX', `unknown option '${name}' in the #jinja2: line`, {
    hint: `one of ${Object.keys(NAMES).join(', ')}`,
    offset: { line: 0, column: 0 },
  })
}
