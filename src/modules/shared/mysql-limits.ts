/** What a MySQL account has to fulfil and may use: REQUIRE and WITH of ALTER USER, beside what mysql.user tells. */
import { z } from 'zod'
import type { Dict } from '../../base/value.ts'
import type { Change } from '../contract.ts'
import { int, text } from './arguments.ts'
import { mysqlText } from './mysql.ts'

const capitals = (value: unknown): unknown =>
  value !== null && typeof value === 'object' && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).map(([name, item]) => [name.toUpperCase(), item]))
    : value

/** SSL or X509, whatever stands behind them; or SUBJECT, ISSUER and CIPHER. */
export const tlsRequires = () =>
  z.preprocess(
    capitals,
    z
      .strictObject({
        SSL: z.unknown().optional(),
        X509: z.unknown().optional(),
        SUBJECT: text().optional(),
        ISSUER: text().optional(),
        CIPHER: text().optional(),
      })
      .refine(
        wanted => !('SSL' in wanted || 'X509' in wanted) || Object.keys(wanted).length === 1,
        'SSL and X509 stand alone',
      ),
  )
export type TlsRequires = z.output<ReturnType<typeof tlsRequires>>

export const resourceLimits = () =>
  z.preprocess(
    capitals,
    z.strictObject({
      MAX_QUERIES_PER_HOUR: int().optional(),
      MAX_UPDATES_PER_HOUR: int().optional(),
      MAX_CONNECTIONS_PER_HOUR: int().optional(),
      MAX_USER_CONNECTIONS: int().optional(),
    }),
  )
export type ResourceLimits = z.output<ReturnType<typeof resourceLimits>>

/** Members of a JSON object of SQL, for the two functions below. */
export const LIMIT_COLUMNS = `'ssl_type', CONVERT(ssl_type USING utf8mb4), 'CIPHER', CONVERT(ssl_cipher USING utf8mb4),
'ISSUER', CONVERT(x509_issuer USING utf8mb4), 'SUBJECT', CONVERT(x509_subject USING utf8mb4),
'MAX_QUERIES_PER_HOUR', max_questions, 'MAX_UPDATES_PER_HOUR', max_updates,
'MAX_CONNECTIONS_PER_HOUR', max_connections, 'MAX_USER_CONNECTIONS', max_user_connections`

export interface LimitEdit {
  readonly change: Change
  readonly sql: readonly string[]
}

/** `wanted` null: nothing is required. `found` null: a new account. */
export function requirementEdit(
  wanted: TlsRequires | null | undefined,
  found: Dict | null,
  account: string,
): readonly LimitEdit[] {
  if (wanted === undefined) return []
  const to = requirement(wanted ?? {})
  const from = found === null ? 'NONE' : requirement(requiredNow(found))
  const change: Change = { what: 'tls', subject: account, from, to }
  return from === to ? [] : [{ change, sql: [`ALTER USER ${account} REQUIRE ${to}`] }]
}

function requirement(wanted: TlsRequires): string {
  if ('SSL' in wanted) return 'SSL'
  if ('X509' in wanted) return 'X509'
  const parts = (['SUBJECT', 'ISSUER', 'CIPHER'] as const).flatMap(name => {
    const value = wanted[name]
    return value === undefined ? [] : [`${name} ${mysqlText(value)}`]
  })
  return parts.length === 0 ? 'NONE' : parts.join(' AND ')
}

function requiredNow(found: Dict): TlsRequires {
  if (found.ssl_type === 'ANY') return { SSL: null }
  if (found.ssl_type === 'X509') return { X509: null }
  if (found.ssl_type !== 'SPECIFIED') return {}
  const given = (name: string) =>
    found[name] === '' || found[name] == null ? undefined : String(found[name])
  return { SUBJECT: given('SUBJECT'), ISSUER: given('ISSUER'), CIPHER: given('CIPHER') }
}

export function resourceEdit(
  wanted: ResourceLimits | undefined,
  found: Dict | null,
  account: string,
): readonly LimitEdit[] {
  const differ = Object.entries(wanted ?? {}).filter(
    ([name, limit]) => limit !== undefined && limit !== Number(found?.[name] ?? 0),
  )
  if (differ.length === 0) return []
  const shown = (value: (name: string) => unknown) =>
    differ.map(([name]) => `${name} ${value(name)}`).join(' ')
  const to = differ.map(([name, limit]) => `${name} ${limit}`).join(' ')
  const change: Change = {
    what: 'limits',
    subject: account,
    from: found === null ? null : shown(name => found[name] ?? 0),
    to,
  }
  return [{ change, sql: [`ALTER USER ${account} WITH ${to}`] }]
}
