/**
 * postgresql_ping: does the server answer, and which version is it.
 *
 * Args     login_db; login_*.
 * Errors   none: a server that cannot be reached is `is_available: false` and a warning, as in Ansible.
 */
import type { z } from 'zod'
import { defineModule, type Verdict } from './contract.ts'
import { argumentsOf, text } from './shared/arguments.ts'
import { isDict, LOGIN_ALIASES, loginShape, lookSql } from './shared/postgres.ts'
import { askSql } from './shared/postgres-change.ts'

const schema = () =>
  argumentsOf({ login_db: text().default('postgres'), ...loginShape() }, { ...LOGIN_ALIASES, db: 'login_db' })
type Args = z.output<ReturnType<typeof schema>>

const SQL = `SELECT json_build_object('raw', version(), 'number', current_setting('server_version_num')::int,
'full', current_setting('server_version'))`

export const postgresqlPing = defineModule<Args>({
  name: 'postgresql_ping',
  summary: 'Does a PostgreSQL server answer',
  args: schema,
  settles: true,
  keys: args => [lookSql(args, args.login_db, SQL)],
  decide(args, seen): Verdict {
    const { problem, value } = askSql(args, args.login_db, { sql: SQL, seen })
    if (problem !== null || !isDict(value)) {
      const message = problem ?? 'no answer'
      return {
        kind: 'ok',
        result: { is_available: false, server_version: {}, conn_err_msg: message },
        warnings: [`PostgreSQL server is unavailable: ${message}`],
      }
    }
    const number = Number(value.number)
    const [major, minor] = [Math.floor(number / 10_000), number % 10_000]
    const server_version = {
      major,
      minor,
      full: String(value.full).split(' ')[0] ?? '',
      raw: value.raw ?? '',
    }
    return { kind: 'ok', result: { is_available: true, server_version, conn_err_msg: '' } }
  },
})
