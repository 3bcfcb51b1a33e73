/** Every error code of the source with what it says and the file that says it, for docs/errors.md. */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

export interface CodeEntry {
  readonly code: string
  /** What it says, with … for what is filled in; several where it is said in several ways; none where it is put together. */
  readonly says: readonly string[]
  /** Relative to src/. */
  readonly files: readonly string[]
}

/** Codes that reach their error by way of a table or a parameter are known by their first word. */
const PREFIXES =
  'ACTION ANSIBLE_CFG BECOME CONFIG INVENTORY LOOKUP MANIFEST MODULE PROBE SANDBOX SECRETS SESSION SSH TASK TEMPLATE WIZARD YAML'.split(
    ' ',
  )

/** Look like codes: environment variables of other programs. */
const NO_CODES = new Set(['SSH_AUTH_SOCK'])

/** What is given to an error or a report is a code whatever its first word. */
const GIVEN = /(?:\w*Error|\b(?:report|fail|refuse|warn))\(\s*'([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)'/g
const LITERAL = /'([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)'(?:,\s*(`(?:[^`\\]|\\.)*`|'(?:[^'\\\n]|\\.)*'))?/g

export function errorCodes(src: string): CodeEntry[] {
  const found = new Map<string, { says: Set<string>; files: Set<string> }>()
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter(file => file.endsWith('.ts') && file !== path.join('config', 'codes.ts'))
    .sort()
  for (const file of files) {
    const text = readFileSync(path.join(src, file), 'utf8')
    const given = new Set([...text.matchAll(GIVEN)].map(match => match[1]))
    for (const [, code = '', message] of text.matchAll(LITERAL)) {
      if (!given.has(code) && !isKnown(code)) continue
      const entry = found.get(code) ?? { says: new Set(), files: new Set() }
      found.set(code, entry)
      entry.files.add(file)
      if (message?.includes(' ')) entry.says.add(plain(message))
    }
  }
  return [...found]
    .map(([code, { says, files }]) => ({ code, says: [...says], files: [...files] }))
    .sort((left, right) => (left.code < right.code ? -1 : 1))
}

export function errorTable(entries: readonly CodeEntry[]): string {
  const rows = entries.map(({ code, says, files }) => {
    const places = files.map(file => `\`${file}\``).join(', ')
    return `| \`${code}\` | ${says.map(cell).join('<br>')} | ${places} |`
  })
  return ['| code | says | in `src/` |', '| --- | --- | --- |', ...rows, ''].join('\n')
}

function isKnown(word: string): boolean {
  return !NO_CODES.has(word) && PREFIXES.some(prefix => word.startsWith(`${prefix}_`))
}

/** The literal without its quotes; what is filled in becomes …, also where that holds braces of its own. */
function plain(literal: string): string {
  let text = literal.slice(1, -1)
  while (/\$\{[^{}]*\}/.test(text)) text = text.replace(/\$\{[^{}]*\}/g, '…')
  return text.replace(/\\(.)/g, '$1')
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('\n', ' ')
}
