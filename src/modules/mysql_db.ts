/**
 * mysql_db: databases of a MySQL or MariaDB server, there or not; dumped or imported.
 *
 * Args     name (list, or `all` for a dump), encoding, collation, state (present | absent | dump | import), target,
 *          single_transaction, quick, ignore_tables, hex_blob, master_data, skip_lock_tables, dump_extra_args, force, chdir;
 *          login_*. use_shell, pipefail and unsafe_login_password have no meaning here: pipes are watched anyway.
 * Changes  CREATE and DROP DATABASE. A dump and an import happen every time. Encoding counts for a new database only.
 * Errors   what the server and its programs say.
 */
import type { Value } from '../base/value.ts'
import { defineModule, type RunAction, type Verdict } from './contract.ts'
import { backtick, lookMysql, mysqlText, readMysql, runMysql } from './shared/mysql.ts'
import { type MysqlDbArgs, mysqlDbSchema, mysqlTransfer } from './shared/mysql-database.ts'
import { fail } from './shared/results.ts'

export const mysqlDb = defineModule<MysqlDbArgs>({
  name: 'mysql_db',
  summary: 'Databases of a MySQL or MariaDB server',
  args: mysqlDbSchema,
  settles: 'dump and import happen every time',
  keys: args => [look(args)],
  decide(args, seen): Verdict {
    const answer = readMysql(seen.get(look(args)))
    if (answer.problem !== null) return fail(`unable to connect to database: ${answer.problem}`)
    const there = names(answer.value)
    const missing = args.name.filter(name => name !== 'all' && !there.includes(name))
    if (args.state === 'dump' || args.state === 'import') return transfer(args, missing)
    const present = args.state === 'present'
    const touched = present ? missing : args.name.filter(name => there.includes(name))
    const statements = touched.map(name =>
      present ? created(args, name) : `DROP DATABASE ${backtick(name)}`,
    )
    const result = { db: args.name.join(' '), db_list: [...args.name], executed_commands: statements }
    if (touched.length === 0) return { kind: 'ok', result }
    return {
      kind: 'change',
      changes: touched.map(name => ({
        what: 'database',
        subject: name,
        from: present ? null : 'present',
        to: present ? 'present' : null,
      })),
      apply: [runMysql(args, statements)],
      touches: [look(args)],
      result,
    }
  },
})

function look(args: MysqlDbArgs) {
  const among = args.name.map(mysqlText).join(', ')
  return lookMysql(
    args,
    `SELECT COALESCE(CONCAT('[', GROUP_CONCAT(JSON_QUOTE(schema_name)), ']'), '[]') FROM information_schema.schemata WHERE schema_name IN (${among})`,
  )
}

function names(value: Value): readonly string[] {
  return Array.isArray(value) ? value.map(String) : []
}

function created(args: MysqlDbArgs, name: string): string {
  const encoding = args.encoding === '' ? '' : ` CHARACTER SET ${mysqlText(args.encoding)}`
  const collation = args.collation === '' ? '' : ` COLLATE ${mysqlText(args.collation)}`
  return `CREATE DATABASE ${backtick(name)}${encoding}${collation}`
}

function transfer(args: MysqlDbArgs, missing: readonly string[]): Verdict {
  const target = args.target ?? ''
  if (args.state === 'dump' && missing.length > 0)
    return fail(`Cannot dump database(s) ${missing.join(', ')} - not found`)
  const { script, env, told } = mysqlTransfer(args)
  const run: RunAction = { do: 'run', script, env, failure: `the ${args.state} failed`, timeoutS: 24 * 3600 }
  const make =
    args.state === 'import' && missing.length > 0
      ? [
          runMysql(
            args,
            missing.map(name => created(args, name)),
          ),
        ]
      : []
  const [from, to] = args.state === 'dump' ? [args.name.join(' '), target] : [target, args.name.join(' ')]
  return {
    kind: 'change',
    changes: [{ what: args.state, subject: args.name.join(' '), from, to }],
    apply: [...make, run],
    touches: [look(args)],
    result: { db: args.name.join(' '), db_list: [...args.name], executed_commands: [told] },
  }
}
