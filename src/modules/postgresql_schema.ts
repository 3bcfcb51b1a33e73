/**
 * postgresql_schema: a schema of a database, and its owner.
 *
 * Args     name, login_db, owner, state, cascade_drop, comment; login_*.
 * Changes  CREATE, ALTER … OWNER, DROP SCHEMA; the comment.
 * Errors   what PostgreSQL says.
 */
import type { z } from 'zod'
import { defineModule, type Verdict } from './contract.ts'
import { argumentsOf, bool, choice, text, word } from './shared/arguments.ts'
import { ident, isDict, LOGIN_ALIASES, literal, loginShape, lookSql } from './shared/postgres.ts'
import { askSql, type SqlEdit, sqlVerdict, unreachable } from './shared/postgres-change.ts'

const schema = () =>
  argumentsOf(
    {
      name: word(),
      login_db: text().default('postgres'),
      owner: text().default(''),
      comment: text().optional(),
      state: choice(['present', 'absent']).default('present'),
      cascade_drop: bool().default(false),
      ...loginShape(),
    },
    { ...LOGIN_ALIASES, db: 'login_db', database: 'login_db', schema: 'name' },
  )
type Args = z.output<ReturnType<typeof schema>>

export const postgresqlSchema = defineModule<Args>({
  name: 'postgresql_schema',
  summary: 'A schema of a PostgreSQL database',
  args: schema,
  settles: true,
  keys: args => [lookSql(args, args.login_db, lookup(args))],
  decide(args, seen): Verdict {
    const { problem, value } = askSql(args, args.login_db, { sql: lookup(args), seen })
    if (problem !== null) return unreachable(problem)
    const found = isDict(value) ? { owner: String(value.owner), comment: String(value.comment ?? '') } : null
    return sqlVerdict({
      login: args,
      db: args.login_db,
      list: 'queries',
      edits: args.state === 'absent' ? dropped(args, found !== null) : present(args, found),
      touches: [lookSql(args, args.login_db, lookup(args))],
      result: { schema: args.name },
    })
  },
})

function lookup({ name }: Args): string {
  return `SELECT json_build_object('owner', pg_get_userbyid(nspowner), 'comment', obj_description(oid, 'pg_namespace'))
FROM pg_namespace WHERE nspname = ${literal(name)}`
}

function present(
  args: Args,
  found: { readonly owner: string; readonly comment: string } | null,
): readonly SqlEdit[] {
  const { name, owner, comment } = args
  const edits: SqlEdit[] = []
  if (found === null)
    edits.push({
      change: { what: 'schema', subject: name, from: null, to: 'present' },
      sql: `CREATE SCHEMA ${ident(name)}${owner === '' ? '' : ` AUTHORIZATION ${ident(owner)}`}`,
    })
  else if (owner !== '' && owner !== found.owner)
    edits.push({
      change: { what: 'owner', subject: name, from: found.owner, to: owner },
      sql: `ALTER SCHEMA ${ident(name)} OWNER TO ${ident(owner)}`,
    })
  if (comment !== undefined && comment !== (found?.comment ?? ''))
    edits.push({
      change: { what: 'comment', subject: name, from: found?.comment ?? null, to: comment },
      sql: `COMMENT ON SCHEMA ${ident(name)} IS ${literal(comment)}`,
    })
  return edits
}

function dropped(args: Args, exists: boolean): readonly SqlEdit[] {
  if (!exists) return []
  return [
    {
      change: { what: 'schema', subject: args.name, from: 'present', to: null },
      sql: `DROP SCHEMA ${ident(args.name)}${args.cascade_drop ? ' CASCADE' : ''}`,
    },
  ]
}
