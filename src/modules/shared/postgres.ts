/**
 * PostgreSQL through the psql of the host. SQL travels on standard input, the password in the environment of psql:
 * neither stands in a command line. What is looked up comes back as JSON.
 */
import type { Dict, Value } from '../../base/value.ts'
import type { Key, ReadSeen } from '../../probes/contract.ts'
import type { RunAction } from '../contract.ts'
import { bool, choice, int, path, text, textDict } from './arguments.ts'
import { digest } from './digest.ts'
import { withoutEffect } from './honoured.ts'

/** Arguments that all postgresql modules share. */
export const loginShape = () => ({
  login_user: text().default('postgres'),
  login_password: text().default(''),
  login_host: text().default(''),
  login_port: int().default(5432),
  login_unix_socket: text().default(''),
  ssl_mode: choice(['allow', 'disable', 'prefer', 'require', 'verify-ca', 'verify-full']).default('prefer'),
  ssl_cert: path().optional(),
  ssl_key: path().optional(),
  ca_cert: path().optional(),
  connect_params: textDict().default({}),
  session_role: text().optional(),
  trust_input: withoutEffect(bool().default(true), 'names and values are always quoted'),
})

export const LOGIN_ALIASES = {
  login: 'login_user',
  host: 'login_host',
  port: 'login_port',
  unix_socket: 'login_unix_socket',
  ssl_rootcert: 'ca_cert',
} as const

export interface Login {
  readonly login_user: string
  readonly login_password: string
  readonly login_host: string
  readonly login_port: number
  readonly login_unix_socket: string
  readonly ssl_mode: string
  readonly ssl_cert?: string | undefined
  readonly ssl_key?: string | undefined
  readonly ca_cert?: string | undefined
  readonly connect_params: Readonly<Record<string, string>>
  readonly session_role?: string | undefined
}

/** An SQL identifier, whatever it holds. */
export const ident = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** Parts of a dotted name, each quoted; parts that are quoted already stay together. */
export function qualified(name: string): string {
  const parts = name.match(/"(?:[^"]|"")*"|[^."]+/g) ?? [name]
  return parts.map(part => (part.startsWith('"') ? part : ident(part))).join('.')
}

/** An SQL literal; a backslash means itself whatever the server's settings are. */
export function literal(text: string): string {
  const doubled = text.replaceAll("'", "''")
  return doubled.includes('\\') ? `E'${doubled.replaceAll('\\', '\\\\')}'` : `'${doubled}'`
}

/** A look at the server: `sql` is one SELECT of one JSON value. Its text must hold no secret. */
export function lookSql(login: Login, db: string, sql: string) {
  const env = psqlEnvironment(login, db)
  return {
    kind: 'read',
    name: `psql ${digest('sha256', JSON.stringify([env, login.session_role, sql]))}`,
    env,
    script: psql(` <<'VPAI_SQL'\n${preamble(login)}${sql};\nVPAI_SQL`),
  } as const satisfies Key
}

/** What was seen; `problem` when the server could not be asked. */
export type SqlSeen =
  | { readonly problem: null; readonly value: Value }
  | { readonly problem: string; readonly value: null }

export function readSql({ code, stdout, stderr }: ReadSeen): SqlSeen {
  if (code === 127)
    return { problem: 'psql is not there: install the package postgresql-client', value: null }
  if (code !== 0) return { problem: sqlComplaint(stderr), value: null }
  const text = stdout.trim()
  return { problem: null, value: text === '' ? null : (JSON.parse(text) as Value) }
}

/** Statements one after the other; the first that fails ends it. `isAtomic`: all or none of them. */
export function runSql(
  login: Login,
  db: string,
  { statements, isAtomic = false }: { readonly statements: readonly string[]; readonly isAtomic?: boolean },
): RunAction {
  const body = statements.map(statement => `${statement};`)
  return {
    do: 'run',
    script: psql(),
    stdin: `${preamble(login)}${[...(isAtomic ? ['BEGIN;'] : []), ...body, ...(isAtomic ? ['COMMIT;'] : [])].join('\n')}\n`,
    env: psqlEnvironment(login, db),
    failure: 'PostgreSQL refused',
  }
}

/** Without the file names and line numbers of psql. */
export function sqlComplaint(stderr: string): string {
  return stderr.trim().replace(/^psql:(<stdin>|-):\d+: /gm, '')
}

export function isDict(value: Value | undefined): value is Dict {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

/** Also for pg_dump and its kin. */
export function psqlEnvironment(login: Login, db: string): Readonly<Record<string, string>> {
  const { connect_params: more } = login
  const host = login.login_unix_socket || login.login_host
  const given = {
    PGHOST: more.host ?? host,
    PGPORT: more.port ?? String(login.login_port),
    PGUSER: more.user ?? login.login_user,
    PGPASSWORD: more.password ?? login.login_password,
    PGDATABASE: more.dbname ?? db,
    PGSSLMODE: more.sslmode ?? login.ssl_mode,
    PGSSLCERT: login.ssl_cert ?? '',
    PGSSLKEY: login.ssl_key ?? '',
    PGSSLROOTCERT: login.ca_cert ?? '',
    PGCONNECT_TIMEOUT: more.connect_timeout ?? '30',
    PGCLIENTENCODING: 'UTF8',
  }
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== ''))
}

/**
 * Never asks for a password; reads no ~/.psqlrc. psql's copy of the line with the error in it is left out: it is cut short,
 * and a part of a secret is not known as one. `document`: SQL as a here-document, when it is not on standard input.
 */
function psql(document = ''): string {
  return `command -v psql >/dev/null || { echo 'psql is not there: install the package postgresql-client' >&2; exit 127; }
{ e=$(LC_ALL=C psql -X -q -A -t -w -v ON_ERROR_STOP=1 -f - 2>&1 >&3 3>&-); } 3>&1${document}
c=$?
[ -z "$e" ] || printf '%s\\n' "$e" | sed -e '/^LINE [0-9]*: /{' -e '$!N' -e d -e '}' >&2
exit "$c"`
}

function preamble(login: Login): string {
  return login.session_role === undefined ? '' : `SET ROLE ${ident(login.session_role)};\n`
}
