/**
 * postgresql_user: a role of the server, with its password and attributes.
 *
 * Args     name, password (clear, or a verifier `md5…` / `SCRAM-SHA-256$…`), role_attr_flags, conn_limit, expires, comment,
 *          no_password_changes, state, fail_on_user, login_db; login_*.
 * Changes  CREATE, ALTER, DROP ROLE; COMMENT. A password in clear is compared with the stored verifier here, and
 *          reaches the server as a verifier, so that it shows in no log.
 * Errors   pg_authid not readable with a password asked for (no_password_changes then); what PostgreSQL says.
 *          priv and groups are refused, as in community.postgresql 3 and later.
 */
import type { z } from 'zod'
import type { Dict } from '../base/value.ts'
import { type Context, defineModule, type Verdict } from './contract.ts'
import { argumentsOf, bool, choice, int, text, word } from './shared/arguments.ts'
import { refused, withoutEffect } from './shared/honoured.ts'
import { ident, isDict, LOGIN_ALIASES, literal, loginShape, lookSql, runSql } from './shared/postgres.ts'
import { askSql, type SqlEdit, sqlVerdict, unreachable } from './shared/postgres-change.ts'
import { isVerifier, md5Verifier, passwordMatches, scramVerifier } from './shared/postgres-verifier.ts'
import { fail } from './shared/results.ts'

/** Flag and the column that holds it. */
const FLAGS: Readonly<Record<string, string>> = {
  SUPERUSER: 'rolsuper',
  CREATEROLE: 'rolcreaterole',
  CREATEDB: 'rolcreatedb',
  INHERIT: 'rolinherit',
  LOGIN: 'rolcanlogin',
  REPLICATION: 'rolreplication',
  BYPASSRLS: 'rolbypassrls',
}

const gone = (instead: string) => refused(`community.postgresql 3 took it away; use ${instead}`)

const schema = () =>
  argumentsOf(
    {
      name: word(),
      password: text().optional(),
      login_db: text().default('postgres'),
      state: choice(['present', 'absent']).default('present'),
      role_attr_flags: text().default(''),
      conn_limit: int().optional(),
      expires: text().optional(),
      comment: text().optional(),
      encrypted: withoutEffect(bool().default(true), 'PostgreSQL keeps no password in clear'),
      no_password_changes: bool().default(false),
      fail_on_user: bool().default(true),
      priv: gone('postgresql_privs'),
      groups: gone('postgresql_privs with type: group'),
      ...loginShape(),
    },
    { ...LOGIN_ALIASES, user: 'name', db: 'login_db', fail_on_role: 'fail_on_user' },
  ).refine(args => flagsOf(args.role_attr_flags) !== null, {
    message: `must be of: ${Object.keys(FLAGS).join(', ')}, each also with NO before it`,
    path: ['role_attr_flags'],
  })
type Args = z.output<ReturnType<typeof schema>>

export const postgresqlUser = defineModule<Args>({
  name: 'postgresql_user',
  summary: 'A role of a PostgreSQL server',
  args: schema,
  settles: true,
  keys: args => [lookSql(args, args.login_db, lookup(args))],
  decide(args, seen, ctx): Verdict {
    const { problem, value } = askSql(args, args.login_db, { sql: lookup(args), seen })
    if (problem !== null && /permission denied for .*pg_authid/.test(problem))
      return fail(
        `the password of ${args.name} cannot be compared: ${problem}. Set no_password_changes: true`,
      )
    if (problem !== null || !isDict(value)) return unreachable(problem ?? 'no answer')
    const role = isDict(value.role) ? value.role : null
    const plan = {
      login: args,
      db: args.login_db,
      list: 'queries',
      touches: [lookSql(args, args.login_db, lookup(args))],
      result: { user: args.name },
    } as const
    if (args.state === 'absent') return role === null ? sqlVerdict({ ...plan, edits: [] }) : dropped(args)
    return sqlVerdict({ ...plan, edits: present(args, role, { method: String(value.method), ctx }) })
  },
})

function lookup(args: Args): string {
  const role = literal(args.name)
  const columns = Object.values(FLAGS).map(column => `'${column}', ${column}`)
  const asks = args.password !== undefined && !args.no_password_changes
  const password = asks ? `, 'password', (SELECT rolpassword FROM pg_authid WHERE rolname = ${role})` : ''
  const expires =
    args.expires === undefined
      ? ''
      : `, 'expires', coalesce(rolvaliduntil, 'infinity') = ${literal(args.expires)}::timestamptz`
  return `SELECT json_build_object('method', current_setting('password_encryption'), 'role', (SELECT json_build_object(
${columns.join(', ')}, 'limit', rolconnlimit, 'until', rolvaliduntil, 'comment', shobj_description(oid, 'pg_authid')${password}${expires})
FROM pg_roles WHERE rolname = ${role}))`
}

interface Server {
  /** password_encryption of the server. */
  readonly method: string
  readonly ctx: Context
}

function present(args: Args, role: Dict | null, server: Server): readonly SqlEdit[] {
  const { name } = args
  const clauses: Clause[] = [
    ...flagClauses(args, role),
    ...passwordClause(args, role, server),
    ...(args.conn_limit === undefined || (role !== null && role.limit === args.conn_limit)
      ? []
      : [
          {
            what: 'connection limit',
            from: role?.limit ?? null,
            to: args.conn_limit,
            sql: `CONNECTION LIMIT ${args.conn_limit}`,
          },
        ]),
    ...(args.expires === undefined || role?.expires === true
      ? []
      : [
          {
            what: 'expires',
            from: role?.until ?? null,
            to: args.expires,
            sql: `VALID UNTIL ${literal(args.expires)}`,
          },
        ]),
  ]
  const edits = role === null ? [created(name, clauses)] : clauses.map(clause => altered(name, clause))
  if (args.comment === undefined || args.comment === (role?.comment ?? '')) return edits
  const change = { what: 'comment', subject: name, from: role?.comment ?? null, to: args.comment }
  return [...edits, { change, sql: `COMMENT ON ROLE ${ident(name)} IS ${literal(args.comment)}` }]
}

interface Clause {
  readonly what: string
  readonly from: Dict[string]
  readonly to: Dict[string]
  readonly sql: string
  readonly shown?: string
}

/** A new role may log in, as CREATE USER has it. */
function created(name: string, clauses: readonly Clause[]): SqlEdit {
  const words = (part: (clause: Clause) => string) =>
    ['CREATE USER', ident(name), ...clauses.map(part)].join(' ')
  return {
    change: { what: 'role', subject: name, from: null, to: 'present' },
    sql: words(clause => clause.sql),
    shown: words(clause => clause.shown ?? clause.sql),
  }
}

function altered(name: string, { what, from, to, sql, shown = sql }: Clause): SqlEdit {
  const start = `ALTER USER ${ident(name)}`
  return { change: { what, subject: name, from, to }, sql: `${start} ${sql}`, shown: `${start} ${shown}` }
}

function flagClauses(args: Args, role: Dict | null): Clause[] {
  return (flagsOf(args.role_attr_flags) ?? []).flatMap(({ flag, on }) => {
    const now = role === null ? null : (role[FLAGS[flag] ?? ''] ?? null)
    return now === on ? [] : [{ what: flag.toLowerCase(), from: now, to: on, sql: on ? flag : `NO${flag}` }]
  })
}

function passwordClause(args: Args, role: Dict | null, { method, ctx }: Server): Clause[] {
  const { password, name } = args
  if (password === undefined || (role !== null && args.no_password_changes)) return []
  const stored = typeof role?.password === 'string' ? role.password : null
  if (role !== null && passwordMatches(password, name, stored)) return []
  const from = role === null ? null : 'another password'
  if (password === '') return [{ what: 'password', from, to: null, sql: 'PASSWORD NULL' }]
  return [
    {
      what: 'password',
      from,
      to: 'as given',
      sql: `PASSWORD ${literal(verifierOf(password, name, { method, ctx }))}`,
      shown: `PASSWORD '********'`,
    },
  ]
}

function verifierOf(password: string, name: string, { method, ctx }: Server): string {
  if (isVerifier(password)) return password
  // 32 letters and digits hold more chance than the 16 bytes of a salt; these are their first bytes, mixed.
  return method === 'scram-sha-256'
    ? scramVerifier(password, Buffer.from(md5Verifier(ctx.token(32), '').slice(3), 'hex'))
    : md5Verifier(password, name)
}

function dropped(args: Args): Verdict {
  const sql = `DROP USER ${ident(args.name)}`
  const action = runSql(args, args.login_db, { statements: [sql] })
  return {
    kind: 'change',
    changes: [{ what: 'role', subject: args.name, from: 'present', to: null }],
    touches: [lookSql(args, args.login_db, lookup(args))],
    result: { user: args.name, queries: [sql] },
    apply: function* () {
      const { code } = yield args.fail_on_user ? action : { ...action, ok: 'any' }
      return { user_removed: code === 0, ...(code === 0 ? {} : { changed: false }) }
    },
  }
}

/** null when a word is no flag. NOLOGIN is the flag LOGIN, off. */
function flagsOf(words: string): readonly { readonly flag: string; readonly on: boolean }[] | null {
  const flags = words
    .split(',')
    .map(word => word.trim().toUpperCase())
    .filter(word => word !== '')
    .map(word => (word in FLAGS ? { flag: word, on: true } : { flag: word.replace(/^NO/, ''), on: false }))
  return flags.every(({ flag }) => flag in FLAGS) ? flags : null
}
