/**
 * postgresql_db: a database, there or not; dumped, restored or renamed.
 *
 * Args     name, owner, template, encoding, lc_collate, lc_ctype, conn_limit, tablespace, state (present | absent | dump |
 *          restore | rename), target, target_opts, dump_extra_args, force, maintenance_db, comment; login_*.
 * Changes  CREATE, DROP, ALTER DATABASE: owner, limit, tablespace, name. A dump and a restore happen every time.
 * Errors   another encoding or locale than the database has: PostgreSQL cannot change them. What it says itself.
 */
import { quote } from '../base/quote.ts'
import type { Dict } from '../base/value.ts'
import { defineModule, type RunAction, type Verdict } from './contract.ts'
import { ident, isDict, literal, lookSql, psqlEnvironment } from './shared/postgres.ts'
import { askSql, type SqlEdit, sqlVerdict, unreachable } from './shared/postgres-change.ts'
import { type DatabaseArgs, databaseSchema, transferScript } from './shared/postgres-database.ts'
import { fail } from './shared/results.ts'

export const postgresqlDb = defineModule<DatabaseArgs>({
  name: 'postgresql_db',
  summary: 'A PostgreSQL database',
  args: databaseSchema,
  settles: 'dump and restore happen every time',
  keys: args => [lookSql(args, args.maintenance_db, lookup(args))],
  decide(args, seen): Verdict {
    const { problem, value } = askSql(args, args.maintenance_db, { sql: lookup(args), seen })
    if (problem !== null) return unreachable(problem)
    const found = isDict(value) && isDict(value.found) ? value.found : null
    const isTargetThere = isDict(value) && value.target === true
    switch (args.state) {
      case 'absent':
        return plan(args, found === null ? [] : dropped(args))
      case 'rename':
        return renamed(args, found !== null, isTargetThere)
      case 'dump':
      case 'restore':
        return transferred(args, found)
      case 'present':
        return found === null ? plan(args, [created(args)]) : altered(args, found)
    }
  },
})

function lookup({ name, target, state }: DatabaseArgs): string {
  return `SELECT json_build_object('found', (SELECT json_build_object('owner', pg_get_userbyid(datdba),
'encoding', pg_encoding_to_char(encoding), 'collate', datcollate, 'ctype', datctype, 'limit', datconnlimit,
'tablespace', spcname) FROM pg_database d JOIN pg_tablespace t ON t.oid = d.dattablespace WHERE datname = ${literal(name)}),
'target', EXISTS (SELECT FROM pg_database WHERE datname = ${literal(state === 'rename' ? target : '')}))`
}

function plan(args: DatabaseArgs, edits: readonly SqlEdit[]): Verdict {
  return sqlVerdict({
    login: args,
    db: args.maintenance_db,
    list: 'executed_commands',
    edits,
    isAtomic: false,
    touches: [lookSql(args, args.maintenance_db, lookup(args))],
    result: { db: args.name },
  })
}

function created(args: DatabaseArgs): SqlEdit {
  const words = [
    ...(args.owner === '' ? [] : [`OWNER ${ident(args.owner)}`]),
    ...(args.template === '' ? [] : [`TEMPLATE ${ident(args.template)}`]),
    ...(args.encoding === '' ? [] : [`ENCODING ${literal(args.encoding)}`]),
    ...(args.lc_collate === '' ? [] : [`LC_COLLATE ${literal(args.lc_collate)}`]),
    ...(args.lc_ctype === '' ? [] : [`LC_CTYPE ${literal(args.lc_ctype)}`]),
    ...(args.tablespace === '' ? [] : [`TABLESPACE ${ident(args.tablespace)}`]),
    ...(args.conn_limit === '' ? [] : [`CONNECTION LIMIT ${args.conn_limit}`]),
  ]
  return {
    change: { what: 'database', subject: args.name, from: null, to: 'present' },
    sql: ['CREATE DATABASE', ident(args.name), ...words].join(' '),
  }
}

function altered(args: DatabaseArgs, found: Dict): Verdict {
  const fixed = [
    ['encoding', args.encoding, found.encoding],
    ['LC_COLLATE', args.lc_collate, found.collate],
    ['LC_CTYPE', args.lc_ctype, found.ctype],
  ] as const
  for (const [what, wanted, now] of fixed) {
    if (wanted !== '' && plain(wanted) !== plain(String(now)))
      return fail(`Changing ${what} is not supported. Current ${what}: ${now}`)
  }
  const changed = [
    ['owner', args.owner, found.owner, `OWNER TO ${ident(args.owner)}`],
    ['connection limit', args.conn_limit, found.limit, `CONNECTION LIMIT ${args.conn_limit}`],
    ['tablespace', args.tablespace, found.tablespace, `SET TABLESPACE ${ident(args.tablespace)}`],
  ] as const
  const edits = changed
    .filter(([, wanted, now]) => wanted !== '' && wanted !== String(now))
    .map(([what, to, from, words]) => ({
      change: { what, subject: args.name, from: from ?? null, to },
      sql: `ALTER DATABASE ${ident(args.name)} ${words}`,
    }))
  return plan(args, edits)
}

function dropped(args: DatabaseArgs): readonly SqlEdit[] {
  const change = { what: 'database', subject: args.name, from: 'present', to: null }
  const leave = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = ${literal(args.name)} AND pid <> pg_backend_pid()`
  const drop = { change, sql: `DROP DATABASE ${ident(args.name)}` }
  if (!args.force) return [drop]
  return [
    { change: { what: 'connections', subject: args.name, from: 'open', to: 'closed' }, sql: leave },
    drop,
  ]
}

function renamed(args: DatabaseArgs, exists: boolean, isTargetThere: boolean): Verdict {
  if (exists && isTargetThere) return fail('Both the source and the target databases exist.')
  if (!exists && !isTargetThere) return fail('Both the source and the target databases do not exist.')
  if (isTargetThere) return plan(args, [])
  return plan(args, [
    {
      change: { what: 'database', subject: args.name, from: args.name, to: args.target },
      sql: `ALTER DATABASE ${ident(args.name)} RENAME TO ${ident(args.target)}`,
    },
  ])
}

function transferred(args: DatabaseArgs, found: Dict | null): Verdict {
  if (args.state === 'dump' && found === null)
    return fail(`Cannot dump database ${args.name}: it does not exist`)
  const script = transferScript(args)
  const action: RunAction = {
    do: 'run',
    script: `${found === null ? `psql -X -q -w -v ON_ERROR_STOP=1 -d ${quote(args.maintenance_db)} -f "$VPAI_FILES/create" || exit 1\n` : ''}${script}`,
    files: { create: new TextEncoder().encode(`${created(args).sql};\n`) },
    env: psqlEnvironment(args, args.name),
    failure: `the ${args.state} of ${args.name} failed`,
    timeoutS: 24 * 3600,
  }
  const [from, to] = args.state === 'dump' ? [args.name, args.target] : [args.target, args.name]
  return {
    kind: 'change',
    changes: [{ what: args.state, subject: args.name, from, to }],
    apply: [action],
    result: { executed_commands: [script.split('\n').at(-1) ?? ''], db: args.name },
    touches: [lookSql(args, args.maintenance_db, lookup(args))],
  }
}

/** UTF-8, utf8 and UTF8 are one. */
function plain(name: string): string {
  return name.toLowerCase().replaceAll('-', '')
}
