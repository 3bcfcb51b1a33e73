/**
 * postgresql_ext: an extension of a database.
 *
 * Args     name, login_db, schema, version (or latest), state, cascade; login_*.
 * Changes  CREATE, ALTER … UPDATE, ALTER … SET SCHEMA, DROP EXTENSION.
 * Errors   what PostgreSQL says; a version that is not offered.
 */
import type { z } from 'zod'
import { defineModule, type Verdict } from './contract.ts'
import { argumentsOf, bool, choice, text, word } from './shared/arguments.ts'
import { ident, isDict, LOGIN_ALIASES, literal, loginShape, lookSql } from './shared/postgres.ts'
import { askSql, type SqlEdit, sqlVerdict, unreachable } from './shared/postgres-change.ts'
import { fail } from './shared/results.ts'

const schema = () =>
  argumentsOf(
    {
      name: word(),
      login_db: word(),
      schema: text().optional(),
      version: text().optional(),
      state: choice(['present', 'absent']).default('present'),
      cascade: bool().default(false),
      ...loginShape(),
    },
    { ...LOGIN_ALIASES, db: 'login_db', ext: 'name' },
  )
type Args = z.output<ReturnType<typeof schema>>

export const postgresqlExt = defineModule<Args>({
  name: 'postgresql_ext',
  summary: 'An extension of a PostgreSQL database',
  args: schema,
  settles: true,
  keys: args => [lookSql(args, args.login_db, lookup(args))],
  decide(args, seen): Verdict {
    const { problem, value } = askSql(args, args.login_db, { sql: lookup(args), seen })
    if (problem !== null || !isDict(value)) return unreachable(problem ?? 'no answer')
    const installed = value.installed === null ? null : String(value.installed)
    const plan = {
      login: args,
      db: args.login_db,
      list: 'queries',
      touches: [lookSql(args, args.login_db, lookup(args))],
    } as const
    const versions = {
      ...{ db: args.login_db, ext: args.name },
      ...{ prev_version: installed ?? '', version: args.version ?? installed ?? '' },
    }
    if (args.state === 'absent')
      return sqlVerdict({
        ...plan,
        edits: installed === null ? [] : [drop(args, installed)],
        result: versions,
      })
    const known = value.default !== null
    if (installed === null && !known)
      return fail(`the server does not have the extension ${args.name}: install its package`)
    const wanted = args.version === 'latest' ? String(value.default) : args.version
    return sqlVerdict({
      ...plan,
      edits: edits(args, { installed, wanted, schema: String(value.schema ?? '') }),
      result: versions,
    })
  },
})

function lookup({ name }: Args): string {
  return `SELECT json_build_object(
'installed', (SELECT extversion FROM pg_extension WHERE extname = ${literal(name)}),
'schema', (SELECT nspname FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE extname = ${literal(name)}),
'default', (SELECT default_version FROM pg_available_extensions WHERE name = ${literal(name)}))`
}

interface Found {
  readonly installed: string | null
  /** undefined: whichever is there. */
  readonly wanted: string | undefined
  readonly schema: string
}

function edits(args: Args, { installed, wanted, schema }: Found): readonly SqlEdit[] {
  const { name } = args
  const cascade = args.cascade ? ' CASCADE' : ''
  if (installed === null) {
    const words = [
      ...(args.schema === undefined ? [] : [` SCHEMA ${ident(args.schema)}`]),
      ...(wanted === undefined ? [] : [` VERSION ${literal(wanted)}`]),
    ].join('')
    return [
      {
        change: { what: 'extension', subject: name, from: null, to: wanted ?? 'present' },
        sql: `CREATE EXTENSION ${ident(name)}${words === '' ? '' : ` WITH${words}`}${cascade}`,
      },
    ]
  }
  const list: SqlEdit[] = []
  if (wanted !== undefined && wanted !== installed)
    list.push({
      change: { what: 'version', subject: name, from: installed, to: wanted },
      sql: `ALTER EXTENSION ${ident(name)} UPDATE TO ${literal(wanted)}`,
    })
  if (args.schema !== undefined && args.schema !== schema)
    list.push({
      change: { what: 'schema', subject: name, from: schema, to: args.schema },
      sql: `ALTER EXTENSION ${ident(name)} SET SCHEMA ${ident(args.schema)}`,
    })
  return list
}

function drop(args: Args, installed: string): SqlEdit {
  return {
    change: { what: 'extension', subject: args.name, from: installed, to: null },
    sql: `DROP EXTENSION ${ident(args.name)}${args.cascade ? ' CASCADE' : ''}`,
  }
}
