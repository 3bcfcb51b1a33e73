/** The lookups csvfile and ini: one value out of a file of rows or sections. */
import { VpaiError } from '../base/error.ts'
import type { Value } from '../base/value.ts'

export type LookupOptions = Readonly<Record<string, Value>>

/** Text of a file by the name it has in the task. Throws LOOKUP_FILE_MISSING. */
export type ReadText = (name: string) => string

/** `lookup('csvfile', 'key file=users.csv delimiter=, col=2')`, or with keywords. Nothing found: the default, or nothing. */
export function csvValues(term: string, options: LookupOptions, read: ReadText): Value[] {
  const { key, settings } = termOf(term, options)
  const delimiter =
    settings.delimiter === undefined || settings.delimiter === 'TAB' ? '\t' : settings.delimiter
  const column = Number(settings.col ?? 1)
  const keyColumn = Number(settings.keycol ?? 0)
  const rows = csvRows(read(settings.file ?? 'ansible.csv'), delimiter)
  const found = rows.find(row => row[keyColumn] === key)
  if (found === undefined) return settings.default === undefined ? [] : [settings.default]
  const value = found[column]
  if (value !== undefined) return [value]
  throw new VpaiError('LOOKUP_VALUE', `lookup('csvfile'): the row of ${key} has no column ${column}`)
}

/** `lookup('ini', 'key section=s file=f')`: of [section], with type=properties of the file as a whole; re=true matches names. */
export function iniValues(term: string, options: LookupOptions, read: ReadText): Value[] {
  const { key, settings } = termOf(term, options)
  const isCaseSensitive = isYes(settings.case_sensitive)
  const isProperties = settings.type === 'properties'
  const sections = iniSections(read(settings.file ?? 'ansible.ini'), { isCaseSensitive, isProperties })
  const section = isProperties ? PROPERTIES : (settings.section ?? 'global')
  const entries = sections.get(section)
  const defaults = sections.get('DEFAULT')
  if (isYes(settings.re)) {
    const pattern = new RegExp(`^(?:${key})`)
    const all = new Map([...(defaults ?? []), ...(entries ?? [])])
    return [...all]
      .filter(([name]) => pattern.test(name))
      .map(([, value]) => interpolated(value, entries, defaults))
  }
  const name = isCaseSensitive ? key : key.toLowerCase()
  const value = entries?.get(name) ?? (entries === undefined ? undefined : defaults?.get(name))
  return [value === undefined ? (settings.default ?? '') : interpolated(value, entries, defaults)]
}

const PROPERTIES = 'java_properties'

/** The first word, and name=value words behind it; keywords of the call are weaker. */
function termOf(
  term: string,
  options: LookupOptions,
): { key: string; settings: Readonly<Record<string, string>> } {
  const words = [...term.matchAll(/(?:[^\s"']|"[^"]*"|'[^']*')+/g)].map(([word]) => word)
  const isSetting = (word: string) => /^\w+=/.test(word)
  const first = words.findIndex(isSetting)
  const keyWords = first === -1 ? words : words.slice(0, first)
  const written = words.filter(isSetting).map(word => {
    const [, name = '', value = ''] = /^(\w+)=(.*)$/s.exec(word) ?? []
    return [name, value.replace(/^(["'])(.*)\1$/s, '$2')] as const
  })
  const given = Object.entries(options).map(([name, value]) => [name, String(value)] as const)
  return {
    key: keyWords.join(' '),
    settings: { ...Object.fromEntries(given), ...Object.fromEntries(written) },
  }
}

/** Quoted fields may hold the delimiter, line breaks and doubled quotes. */
function csvRows(text: string, delimiter: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  let field = ''
  let isQuoted = false
  const endRow = () => {
    if (row.length > 0 || field !== '') rows.push([...row, field])
    row = []
    field = ''
  }
  for (let i = 0; i < text.length; i++) {
    const char = text[i] as string
    if (isQuoted) {
      if (char !== '"') field += char
      else if (text[i + 1] === '"') field += text[++i]
      else isQuoted = false
    } else if (char === '"' && field === '') isQuoted = true
    else if (char === delimiter) {
      row.push(field)
      field = ''
    } else if (char === '\n') endRow()
    else if (char !== '\r') field += char
  }
  endRow()
  return rows
}

interface IniStyle {
  readonly isCaseSensitive: boolean
  readonly isProperties: boolean
}

function iniSections(
  text: string,
  { isCaseSensitive, isProperties }: IniStyle,
): Map<string, Map<string, string>> {
  const sections = new Map<string, Map<string, string>>()
  let current = isProperties ? sectionOf(sections, PROPERTIES) : undefined
  let last: string | undefined
  for (const line of text.split(/\r?\n/)) {
    const header = /^\[([^\]]+)\]/.exec(line)?.[1]
    if (/^\s*[#;]/.test(line) || line.trim() === '') continue
    if (header !== undefined) current = sectionOf(sections, header)
    else if (/^\s/.test(line) && last !== undefined && current !== undefined)
      current.set(last, `${current.get(last) ?? ''}\n${line.trim()}`)
    else {
      const [, name = '', value = ''] = /^([^=:]*?)\s*(?:[=:]\s*(.*?))?\s*$/.exec(line) ?? []
      last = isCaseSensitive ? name : name.toLowerCase()
      current?.set(last, value)
    }
  }
  return sections
}

function sectionOf(sections: Map<string, Map<string, string>>, name: string): Map<string, string> {
  const section = sections.get(name) ?? new Map<string, string>()
  sections.set(name, section)
  return section
}

/** %(name)s is another value of the section, %% a percent sign. */
function interpolated(
  value: string,
  entries: ReadonlyMap<string, string> | undefined,
  defaults: ReadonlyMap<string, string> | undefined,
): string {
  return value.replace(/%%|%\((\w+)\)s/g, (all, name: string | undefined) =>
    name === undefined ? '%' : (entries?.get(name) ?? defaults?.get(name) ?? all),
  )
}

function isYes(value: string | undefined): boolean {
  return value !== undefined && /^(?:true|yes|on|1)$/i.test(value)
}
