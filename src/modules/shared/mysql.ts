/**
 * MySQL and MariaDB through the client of the host. SQL travels on standard input; the login is an option file that the
 * client reads from a descriptor, so it stands neither in a command line nor on the disk.
 */
import { quote } from '../../base/quote.ts'
import type { Value } from '../../base/value.ts'
import type { Key, ReadSeen } from '../../probes/contract.ts'
import type { RunAction } from '../contract.ts'
import { bool, int, path, text } from './arguments.ts'
import { digest } from './digest.ts'
import { only } from './honoured.ts'

/** Arguments that all mysql modules share. */
export const mysqlLoginShape = () => ({
  login_user: text().optional(),
  login_password: text().optional(),
  login_host: text().default('localhost'),
  login_port: int().default(3306),
  login_unix_socket: text().optional(),
  config_file: path().default('~/.my.cnf'),
  connect_timeout: int().default(30),
  client_cert: path().optional(),
  client_key: path().optional(),
  ca_cert: path().optional(),
  check_hostname: only(bool(), on => on, 'the host name of a certificate is always checked').optional(),
})

/** Of those that change accounts and databases. */
export const mysqlAdminShape = () => ({
  check_implicit_admin: bool().default(false),
  sql_log_bin: bool().default(true),
})

export const MYSQL_ALIASES = { ssl_cert: 'client_cert', ssl_key: 'client_key', ssl_ca: 'ca_cert' } as const

export interface MysqlLogin {
  readonly login_user?: string | undefined
  readonly login_password?: string | undefined
  readonly login_host: string
  readonly login_port: number
  readonly login_unix_socket?: string | undefined
  readonly config_file: string
  readonly connect_timeout: number
  readonly client_cert?: string | undefined
  readonly client_key?: string | undefined
  readonly ca_cert?: string | undefined
  /** Tries root without a password first. */
  readonly check_implicit_admin?: boolean
  /** Host and port of the configuration file count, where the task gives none of its own. */
  readonly config_overrides_defaults?: boolean
  /** False: what the session does goes into no binary log. */
  readonly sql_log_bin?: boolean
  readonly session_vars?: Readonly<Record<string, string>> | undefined
  /** The database to begin in. */
  readonly login_db?: string | undefined
  /** The session works in the system database, so that filters of replication see it. */
  readonly force_context?: boolean
}

export const backtick = (name: string): string => `\`${name.replaceAll('`', '``')}\``

/** The session is told to read backslashes as escapes. */
export const mysqlText = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`

/** Asks for one JSON value; `then` is a statement whose lines come behind it, when it works. */
export function lookMysql(login: MysqlLogin, sql: string, then?: string) {
  const script = [
    client('mysql'),
    call(login, `mysql_ ${FLAGS}`, `${ESCAPES}\n${sql};`),
    ...(then === undefined
      ? []
      : [
          `code=$?; [ "$code" = 0 ] || exit "$code"`,
          `{ ${call(login, `mysql_ ${FLAGS}`, `${ESCAPES}\n${then};`)}\n} 2>/dev/null`,
          'true',
        ]),
  ].join('\n')
  return {
    kind: 'read',
    name: `mysql ${digest('sha256', JSON.stringify([optionFile(login), script]))}`,
    env: { VPAI_OPTIONS: optionFile(login) },
    script,
  } as const satisfies Key
}

export type MysqlSeen =
  | { readonly problem: null; readonly value: Value; readonly lines: readonly string[] }
  | { readonly problem: string }

export function readMysql({ code, stdout, stderr }: ReadSeen): MysqlSeen {
  if (code === 127)
    return { problem: 'the mysql client is not there: install mariadb-client or mysql-client' }
  if (code !== 0) return { problem: stderr.trim() }
  const [first = '', ...lines] = stdout.trim().split('\n')
  return {
    problem: null,
    value: first === '' || first === 'NULL' ? null : (JSON.parse(first) as Value),
    lines,
  }
}

export function runMysql(login: MysqlLogin, statements: readonly string[]): RunAction {
  return {
    do: 'run',
    script: `${client('mysql')}
${options(login)}
mysql_ --defaults-file=/dev/fd/3 ${FLAGS} 3<<VPAI_OPTIONS
$o
VPAI_OPTIONS`,
    env: { VPAI_OPTIONS: optionFile(login) },
    stdin: `${[ESCAPES, ...statements.map(statement => `${statement};`)].join('\n')}\n`,
    failure: 'the server refused',
  }
}

export interface MysqlQueries {
  readonly input: string
  /** Asked afterwards; what fails of it is left out. */
  readonly types: string
  /** Stands in no query. */
  readonly mark: string
}

/** Rows as XML, a line with the mark, and what the client tells of the columns. */
export function queryMysql(login: MysqlLogin, { input, types, mark }: MysqlQueries): RunAction {
  const called = (
    flags: string,
    more = '',
  ) => `mysql_ --defaults-file=/dev/fd/3 ${flags} --binary-mode${more} 3<<VPAI_OPTIONS
$o
VPAI_OPTIONS`
  return {
    do: 'run',
    script: `${client('mysql')}
${options(login)}
${called('-B --xml')}
code=$?
printf '\\n==%s\\n' ${quote(mark)}
[ "$code" = 0 ] || exit "$code"
{ ${called('-t -f --column-type-info', ' <"$VPAI_FILES/types"')}
} 2>/dev/null
:`,
    env: { VPAI_OPTIONS: optionFile(login) },
    stdin: `${ESCAPES}\n${input}`,
    files: { types: new TextEncoder().encode(`${ESCAPES}\n${types}`) },
    ok: 'any',
  }
}

export interface MysqlProgram {
  readonly program: 'mysql' | 'mysqldump'
  /** Only the configuration file of the task counts, not those of the host. */
  readonly isRestricted: boolean
}

/** Another program of the family, with the same login: `words` come behind the option file. */
export function mysqlProgram(login: MysqlLogin, { program, isRestricted }: MysqlProgram) {
  return {
    /** Defines a function db_ that runs it. */
    script: `${client(program)}
${options(login)}
${isRestricted ? '' : HOST_FILES}
db_() { ${program}_ --defaults-file=/dev/fd/3 "$@" 3<<VPAI_OPTIONS
$o
VPAI_OPTIONS
}`,
    env: { VPAI_OPTIONS: optionFile(login) },
  }
}

/** Before all others, so that they lose. */
const HOST_FILES = `for f in /etc/mysql/my.cnf /etc/my.cnf; do
[ ! -r "$f" ] || o="!include $f
$o"; done`

const FLAGS = '-B -N -r --binary-mode'
const ESCAPES = "SET SESSION sql_mode = REPLACE(@@sql_mode, 'NO_BACKSLASH_ESCAPES', '');"

/** A function NAME_ that calls the program under whichever name the host has it. */
function client(program: 'mysql' | 'mysqldump'): string {
  const other = program === 'mysql' ? 'mariadb' : 'mariadb-dump'
  return `p=$(command -v ${program} || command -v ${other}) || { echo '${program} is not there: install mariadb-client or mysql-client' >&2; exit 127; }
${program}_() { "$p" "$@"; }`
}

function call(login: MysqlLogin, program: string, sql: string): string {
  const [name = '', ...flags] = program.split(' ')
  return `${options(login)}
${name} --defaults-file=/dev/fd/3 ${flags.join(' ')} 3<<VPAI_OPTIONS <<'VPAI_SQL'
$o
VPAI_OPTIONS
${sql}
VPAI_SQL`
}

/** What the task says comes last, so it goes before the user's own file. */
function options(login: MysqlLogin): string {
  const file = quote(login.config_file).replace(/^'?~\//, match =>
    match.startsWith("'") ? '"$HOME"/\'' : '"$HOME"/',
  )
  const admin = login.check_implicit_admin === true ? `${IMPLICIT_ADMIN}\n` : ''
  return `o=$VPAI_OPTIONS c=${file}
${admin}[ ! -r "$c" ] || o="!include $c
$o"`
}

/** What stands last in an option file counts. */
const IMPLICIT_ADMIN = `m=$(command -v mysql || command -v mariadb)
r="$o
[client]
user=root
password="
printf 'SELECT 1;' | "$m" --defaults-file=/dev/fd/3 -B >/dev/null 2>&1 3<<VPAI_ROOT && o=$r
$r
VPAI_ROOT`

function optionFile(login: MysqlLogin): string {
  const isOwn = (differs: boolean) => differs || login.config_overrides_defaults !== true
  const given = {
    user: login.login_user,
    password: login.login_password,
    ...(login.login_unix_socket === undefined
      ? {
          host: isOwn(login.login_host !== 'localhost') ? login.login_host : undefined,
          port: isOwn(login.login_port !== 3306) ? String(login.login_port) : undefined,
        }
      : { socket: login.login_unix_socket, protocol: 'socket', host: 'localhost' }),
    'ssl-cert': login.client_cert,
    'ssl-key': login.client_key,
    'ssl-ca': login.ca_cert,
  }
  const session = sessionSql(login)
  const own = {
    'connect-timeout': String(login.connect_timeout),
    database: login.login_db ?? (login.force_context ? 'mysql' : undefined),
    'init-command': session === '' ? undefined : session,
  }
  return ['[client]', ...optionLines(given), '[mysql]', ...optionLines(own)].join('\n')
}

function optionLines(options: Readonly<Record<string, string | undefined>>): string[] {
  return Object.entries(options).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}="${value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}"`],
  )
}

function sessionSql({ sql_log_bin, session_vars }: MysqlLogin): string {
  const number = /^-?\d+(\.\d+)?$/
  const vars = Object.entries(session_vars ?? {}).map(
    ([name, value]) => `SESSION ${name} = ${number.test(value) ? value : mysqlText(value)}`,
  )
  const all = [...(sql_log_bin === false ? ['SESSION sql_log_bin = 0'] : []), ...vars]
  return all.length === 0 ? '' : `SET ${all.join(', ')}`
}
