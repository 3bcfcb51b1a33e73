/**
 * Queries of people, sent to MySQL and MariaDB as they are and read back with the types of their columns. The client tells
 * rows as XML, which keeps NULL and line ends apart from texts; of the types it tells only in another form, so it is asked
 * for them a second time, with none of the rows.
 */
import { Secret } from '../../base/secret.ts'
import { PyFloat, type Value } from '../../base/value.ts'
import { mysqlText } from './mysql.ts'

export interface MysqlAnswer {
  readonly rows: readonly Readonly<Record<string, Value>>[]
  readonly rowcount: number
  /** The server noted that it was so already. */
  readonly isNote: boolean
}

/** As SQL writes it; null for what it has no literal for. */
export function mysqlLiteral(value: unknown): string | null {
  if (value === null) return 'NULL'
  if (typeof value === 'boolean') return value ? '1' : '0'
  if (typeof value === 'number' || typeof value === 'bigint') return String(value)
  if (value instanceof PyFloat) return value.v.toFixed(1)
  if (typeof value === 'string') return mysqlText(value)
  if (value instanceof Secret) return mysqlText(value.reveal())
  if (!Array.isArray(value)) return null
  const items = value.map(mysqlLiteral)
  return items.includes(null) ? null : `(${items.join(',')})`
}

/** What the client reads. `mark` stands in no query. */
export function mysqlInput(queries: readonly string[], mark: string, isTransaction: boolean): string {
  const end = `\n${delimiterOf(mark)}\n`
  return [
    `DELIMITER ${delimiterOf(mark)}\n`,
    isTransaction ? `START TRANSACTION${end}` : '',
    ...queries.map(
      query => `${query}${end}SELECT ROW_COUNT() AS ${COUNT}, '${mark}' AS ${MARK}${end}SHOW WARNINGS${end}`,
    ),
    isTransaction ? `COMMIT${end}` : '',
  ].join('')
}

/** The same for the types: nothing of what it asks is carried out. */
export function mysqlTypesInput(queries: readonly string[], mark: string): string {
  const end = `\n${delimiterOf(mark)}\n`
  const asked = queries.map((query, at) => {
    const hasRows = /^[\s(]*(SELECT|WITH|VALUES|TABLE)\b/i.test(query) && !/\bINTO\b/i.test(query)
    const ask = hasRows ? `SELECT * FROM (\n${query}\n) vpai LIMIT 0${end}` : ''
    return `${ask}SELECT '${mark} ${at}' AS ${MARK}${end}`
  })
  return `DELIMITER ${delimiterOf(mark)}\n${asked.join('')}`
}

/** The client knows none that are longer than 15 letters. */
const delimiterOf = (mark: string): string => `//${mark.slice(-12)}`

/** One answer for each query that was carried out. */
export function readMysqlAnswers(
  xml: string,
  mark: string,
  types: readonly ReadonlyMap<string, string>[],
): readonly MysqlAnswer[] {
  const answers: MysqlAnswer[] = []
  let first: readonly Row[] | null = null
  let isMarked = false
  for (const { statement, rows } of resultSets(xml)) {
    const count = rows[0]?.get(MARK) === mark ? Number(rows[0].get(COUNT)) : null
    const last = answers.at(-1)
    if (count !== null) {
      const typed = (first ?? []).map(row => typedRow(row, types[answers.length] ?? new Map()))
      answers.push({
        rows: typed,
        rowcount: first === null || count >= 0 ? count : typed.length,
        isNote: false,
      })
      first = null
    } else if (isMarked && last !== undefined && statement === 'SHOW WARNINGS') {
      answers[answers.length - 1] = { ...last, isNote: rows.some(isNote) }
    } else first ??= rows
    isMarked = count !== null
  }
  return answers
}

/** Of each query: the type of each column, by its name. */
export function readMysqlTypes(
  text: string,
  mark: string,
  count: number,
): readonly ReadonlyMap<string, string>[] {
  const types = Array.from({ length: count }, () => new Map<string, string>())
  let at = 0
  let field = ''
  for (const line of text.split('\n')) {
    const [, name] = /^Field\s+\d+:\s+`(.*)`$/.exec(line) ?? []
    const [, type] = /^Type:\s+(\w+)/.exec(line) ?? []
    const [, done] = new RegExp(`^\\|\\s+${mark} (\\d+)\\s+\\|$`).exec(line) ?? []
    if (name !== undefined) field = name
    else if (type !== undefined) types[at]?.set(field, type)
    else if (done !== undefined) at = Number(done) + 1
  }
  return types
}

const COUNT = 'vpai_count'
const MARK = 'vpai_mark'

type Row = ReadonlyMap<string, string | null>

interface ResultSet {
  readonly statement: string
  readonly rows: readonly Row[]
}

function resultSets(xml: string): readonly ResultSet[] {
  return [...xml.matchAll(/<resultset statement="([^"]*)"[^>]*>([\s\S]*?)<\/resultset>/g)].map(
    ([, statement = '', body = '']) => ({
      statement: plain(statement).trim(),
      rows: [...body.matchAll(/<row>([\s\S]*?)<\/row>/g)].map(([, row = '']) => rowOf(row)),
    }),
  )
}

function rowOf(row: string): Row {
  const fields = row.matchAll(/<field name="([^"]*)"(?: xsi:nil="true" \/>|>([\s\S]*?)<\/field>)/g)
  return new Map(
    [...fields].map(([, name = '', value]) => [plain(name), value === undefined ? null : plain(value)]),
  )
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', amp: '&', apos: "'" }
const plain = (text: string): string => text.replace(/&(\w+);/g, (all, name: string) => ENTITIES[name] ?? all)

/** A database or table that was there already, or was not there any more. */
const isNote = (row: Row): boolean =>
  ['1007', '1008', '1050', '1051', '1973', '1974'].includes(row.get('Code') ?? '')

function typedRow(row: Row, types: ReadonlyMap<string, string>): Readonly<Record<string, Value>> {
  return Object.fromEntries([...row].map(([name, value]) => [name, typed(value, types.get(name) ?? '')]))
}

function typed(value: string | null, type: string): Value {
  if (value === null) return null
  if (/^(TINY|SHORT|LONG|LONGLONG|INT24|YEAR)$/.test(type)) {
    const number = Number(value)
    return Number.isSafeInteger(number) ? number : BigInt(value)
  }
  if (/^(FLOAT|DOUBLE|DECIMAL|NEWDECIMAL)$/.test(type)) {
    const number = Number(value)
    return Number.isInteger(number) ? new PyFloat(number) : number
  }
  return /^(DATETIME|TIMESTAMP)$/.test(type) ? value.replace(' ', 'T') : value
}
