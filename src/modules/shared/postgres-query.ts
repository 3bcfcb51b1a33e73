/**
 * Queries of people, sent as they are and read back with the types of their columns. psql reads each from a file into a
 * variable and hands it on with \gexec, so nothing in it is taken for a command of psql.
 */
import type { Value } from '../../base/value.ts'
import { PyFloat } from '../../base/value.ts'
import { literal } from './postgres.ts'

export interface Answer {
  readonly rows: readonly Value[]
  readonly rowcount: number
  readonly status: string
}

/** %s and %(name)s as literals, %% as a percent sign; without arguments the text stays as it is. */
export function fillIn(
  query: string,
  values: readonly unknown[] | Readonly<Record<string, unknown>> | undefined,
  literalOf: (value: unknown) => string | null = sqlOf,
): { readonly sql: string } | { readonly problem: string } {
  if (values === undefined) return { sql: query }
  let problem: string | null = null
  let next = 0
  const used = (value: unknown, name: string) => {
    const sql = value === undefined ? null : literalOf(value)
    if (sql === null) problem ??= `the query has no value for ${name}, or one that SQL cannot hold`
    return sql ?? ''
  }
  const sql = query.replace(/%(?:\((\w+)\))?([s%])/g, (_all, name: string | undefined, kind: string) => {
    if (kind === '%') return '%'
    if (Array.isArray(values)) return used(values[next++], `%s number ${next}`)
    return used(name === undefined ? undefined : Reflect.get(values, name), `%(${name})s`)
  })
  if (problem === null && Array.isArray(values) && next < values.length)
    problem = `the query takes ${next} arguments, and ${values.length} were given`
  return problem === null ? { sql } : { problem }
}

/** What psql reads for one query, which stands in the uploaded file `file`. */
export function sendQuery(query: string, file: string, mark: string): { readonly stdin: string } {
  const kind = kindOf(query)
  const load = `\\set q \`cat "$VPAI_FILES/${file}"\`\n`
  const [before, after] = kind === 'rows' ? ['SELECT row_to_json(vpai) FROM (', '\n) vpai'] : returning(kind)
  const send =
    before === ''
      ? "SELECT :'q' \\gexec\n"
      : `SELECT ${literal(before)} || :'q' || ${literal(after)} \\gexec\n`
  // Without -q psql tells the status of what has no rows.
  const form = before === '' ? '\\pset tuples_only off\n\\pset format csv\n\\set QUIET off\n' : ''
  const back = before === '' ? '\\set QUIET on\n\\pset format unaligned\n\\pset tuples_only on\n' : ''
  return { stdin: `${form === '' ? '' : '\\set QUIET on\n'}${load}${form}${send}${back}\\echo ${mark}\n` }
}

export function readAnswers(stdout: string, mark: string, queries: readonly string[]): readonly Answer[] {
  const parts = stdout.split(`${mark}\n`)
  return queries.map((query, index) => readAnswer(parts[index] ?? '', kindOf(query)))
}

/** As the status tells: anything but reading, and no row of INSERT, UPDATE or DELETE is nothing. */
/** As it is sent: without the semicolon at the end. */
export function bareQuery(query: string): string {
  return query.replace(/[\s;]+$/, '')
}

export function isChange(status: string): boolean {
  if (/^(SELECT|SHOW|EXPLAIN|VALUES|TABLE)\b/.test(status)) return false
  if (/^(INSERT|UPDATE|DELETE|MERGE)\b/.test(status)) return !/ 0$/.test(status)
  return true
}

type Kind = 'rows' | 'INSERT' | 'UPDATE' | 'DELETE' | 'other'

function kindOf(query: string): Kind {
  const plain = query.replace(/^(\s+|--[^\n]*\n|\/\*[\s\S]*?\*\/)+/, '')
  const isSingle = !/;\s*\S/.test(plain)
  if (!isSingle) return 'other'
  if (/^(SELECT|VALUES|TABLE)\b/i.test(plain) && !/\b(INTO|FOR\s+(UPDATE|SHARE))\b/i.test(plain))
    return 'rows'
  const change = /^(INSERT|UPDATE|DELETE)\b/i.exec(plain)?.[1]?.toUpperCase()
  if ((change === 'INSERT' || change === 'UPDATE' || change === 'DELETE') && /\bRETURNING\b/i.test(plain))
    return change
  return 'other'
}

function returning(kind: Kind): readonly [string, string] {
  return kind === 'other' ? ['', ''] : ['WITH vpai AS (', '\n) SELECT row_to_json(vpai) FROM vpai']
}

function readAnswer(text: string, kind: Kind): Answer {
  if (kind === 'other') return readPlain(text)
  const rows = text
    .split('\n')
    .filter(line => line !== '')
    .map(line => withFloats(JSON.parse(line)))
  const tag = kind === 'rows' ? 'SELECT' : kind === 'INSERT' ? 'INSERT 0' : kind
  return { rows, rowcount: rows.length, status: `${tag} ${rows.length}` }
}

/** CSV with a header where there are rows, and the status behind. */
function readPlain(text: string): Answer {
  const lines = text.split('\n').filter(line => line !== '')
  const status = lines.at(-1) ?? ''
  const isStatus = /^[A-Z]+( [A-Z]+)*( \d+)*$/.test(status)
  const table = isStatus ? lines.slice(0, -1) : lines
  const [head = '', ...body] = table
  const names = cells(head)
  const rows = body.map(line => Object.fromEntries(cells(line).map((cell, at) => [names[at] ?? '', cell])))
  const count = Number(/ (\d+)$/.exec(isStatus ? status : '')?.[1] ?? rows.length)
  return { rows, rowcount: count, status: isStatus ? status : table.length > 0 ? 'SELECT' : '' }
}

function cells(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
  )
}

/** JSON has one kind of number; what is whole stays a whole number. */
function withFloats(value: unknown): Value {
  if (Array.isArray(value)) return value.map(withFloats)
  if (value !== null && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withFloats(item)]))
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null
}

/** null for what SQL has no literal for. */
function sqlOf(value: unknown): string | null {
  if (value === null) return 'NULL'
  if (typeof value === 'boolean') return value ? 'true' : 'false'
  if (typeof value === 'number' || typeof value === 'bigint') return String(value)
  if (value instanceof PyFloat) return value.v.toFixed(1)
  if (typeof value === 'string') return literal(value)
  if (Array.isArray(value)) {
    const items = value.map(sqlOf)
    return items.includes(null) ? null : items.length === 0 ? `'{}'` : `ARRAY[${items.join(', ')}]`
  }
  return isSecret(value) ? literal(value.reveal()) : null
}

function isSecret(value: unknown): value is { reveal(): string } {
  return (
    value !== null && typeof value === 'object' && 'reveal' in value && typeof value.reveal === 'function'
  )
}
