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

/** A code begins with the room or thing it is about. */
const PREFIXES =
  'ACTION ANSIBLE_CFG APT ASK BECOME COMMAND COMPLETION CONFIG CONFIRM CONNECTION DOCTOR ENVIRONMENT EXEC EXPLAIN EXTRA FILES HANDLER HOST INIT INVENTORY LOCAL LOOKUP LOOP META MODULE OPENSSH OPTION PLAY PLAYBOOK PROBE RECONNECT RETRY SANDBOX SECRET SECRETS SESSION SSH TEMPLATE VARS WIZARD YAML'.split(
    ' ',
  )

/** Look like codes: environment variables of other programs. */
const NO_CODES = new Set(['SSH_AUTH_SOCK'])

const LITERAL = /'([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)'(?:,\s*(`(?:[^`\\]|\\.)*`|'(?:[^'\\\n]|\\.)*'))?/g

export function errorCodes(src: string): CodeEntry[] {
  const found = new Map<string, { says: Set<string>; files: Set<string> }>()
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter(file => file.endsWith('.ts') && file !== path.join('config', 'codes.ts'))
    .sort()
  for (const file of files) {
    for (const [, code = '', message] of readFileSync(path.join(src, file), 'utf8').matchAll(LITERAL)) {
      if (!isCode(code)) continue
      const entry = found.get(code) ?? { says: new Set(), files: new Set() }
      found.set(code, entry)
      entry.files.add(file)
      if (message !== undefined && message.includes(' ')) entry.says.add(plain(message))
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

function isCode(word: string): boolean {
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
