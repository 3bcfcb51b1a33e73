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
  check_hostname: bool()
    .optional()
    .refine(
      wanted => wanted !== false,
      'cannot be honoured: the host name of a certificate is always checked',
    ),
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
  readonly check_hostname?: boolean | undefined
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

/** Another program of the family, with the same login: `words` come behind the option file. */
export function mysqlProgram(login: MysqlLogin, program: 'mysql' | 'mysqldump') {
  return {
    /** Defines a function db_ that runs it. */
    script: `${client(program)}
${options(login)}
db_() { ${program}_ --defaults-file=/dev/fd/3 "$@" 3<<VPAI_OPTIONS
$o
VPAI_OPTIONS
}`,
    env: { VPAI_OPTIONS: optionFile(login) },
  }
}

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
  return `o=$VPAI_OPTIONS c=${file}
[ ! -r "$c" ] || o="!include $c
$o"`
}

function optionFile(login: MysqlLogin): string {
  const given = {
    user: login.login_user,
    password: login.login_password,
    ...(login.login_unix_socket === undefined
      ? { host: login.login_host, port: String(login.login_port) }
      : { socket: login.login_unix_socket, protocol: 'socket' }),
    'ssl-cert': login.client_cert,
    'ssl-key': login.client_key,
    'ssl-ca': login.ca_cert,
  }
  const lines = Object.entries(given).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}="${value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}"`],
  )
  return ['[client]', ...lines, '[mysql]', `connect-timeout=${login.connect_timeout}`].join('\n')
}
