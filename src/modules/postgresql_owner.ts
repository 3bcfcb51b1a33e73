/**
 * postgresql_owner: who owns an object, or all objects of others.
 *
 * Args     new_owner; obj_name and obj_type, or reassign_owned_by; fail_on_role, login_db; login_*.
 * Changes  ALTER … OWNER TO, REASSIGN OWNED BY (when those roles own anything in this database).
 * Errors   a role that is not there, unless fail_on_role is no; an object that is not there.
 */
import type { z } from 'zod'
import type { Value } from '../base/value.ts'
import { defineModule, type Verdict } from './contract.ts'
import { argumentsOf, bool, choice, list, text, word } from './shared/arguments.ts'
import { ident, isDict, LOGIN_ALIASES, literal, loginShape, lookSql } from './shared/postgres.ts'
import { askSql, type SqlEdit, sqlVerdict, unreachable } from './shared/postgres-change.ts'
import { OBJECT_TYPES, objectSql, ownerSql } from './shared/postgres-object.ts'
import { fail } from './shared/results.ts'

const schema = () =>
  argumentsOf(
    {
      new_owner: word(),
      obj_name: word().optional(),
      obj_type: choice(OBJECT_TYPES).optional(),
      reassign_owned_by: list().optional(),
      fail_on_role: bool().default(true),
      login_db: text().default('postgres'),
      ...loginShape(),
    },
    { ...LOGIN_ALIASES, db: 'login_db', type: 'obj_type' },
  )
    .refine(
      args => (args.obj_name === undefined) !== (args.reassign_owned_by === undefined),
      'give one of obj_name and reassign_owned_by',
    )
    .refine(
      args => (args.obj_name === undefined) === (args.obj_type === undefined),
      'obj_name and obj_type go together',
    )
type Args = z.output<ReturnType<typeof schema>>

export const postgresqlOwner = defineModule<Args>({
  name: 'postgresql_owner',
  summary: 'Who owns an object of a PostgreSQL database',
  args: schema,
  settles: true,
  keys: args => [lookSql(args, args.login_db, lookup(args))],
  decide(args, seen): Verdict {
    const { problem, value } = askSql(args, args.login_db, { sql: lookup(args), seen })
    if (problem !== null) return unreachable(problem)
    const found = isDict(value) ? value : {}
    const missing = textsOf(found.missing)
    const [first] = missing
    if (first !== undefined && args.fail_on_role) return fail(`Role ${first} does not exist`)
    const warnings = missing.map(role => `Role ${role} does not exist, pass`)
    if (missing.includes(args.new_owner)) return { kind: 'ok', result: { queries: [] }, warnings }
    const edits = args.obj_name === undefined ? reassigned(args, found, missing) : given(args, found)
    if (typeof edits === 'string') return fail(edits)
    return sqlVerdict({
      login: args,
      db: args.login_db,
      list: 'queries',
      edits,
      warnings,
      touches: [lookSql(args, args.login_db, lookup(args))],
    })
  },
})

const SELF = ['CURRENT_USER', 'SESSION_USER', 'CURRENT_ROLE']
const others = ({ reassign_owned_by: roles = [] }: Args): readonly string[] => roles
const role = (name: string): string => (SELF.includes(name.toUpperCase()) ? name : ident(name))

/** Which of the roles are not there, whose the object is, and what the others own. */
function lookup(args: Args): string {
  const roles = [args.new_owner, ...others(args)].filter(name => !SELF.includes(name.toUpperCase()))
  const named = `ARRAY[${roles.map(literal).join(', ')}]::text[]`
  const owners = others(args).map(name =>
    SELF.includes(name.toUpperCase()) ? `${name}::text` : literal(name),
  )
  const { obj_name: name, obj_type: type } = args
  const owner = name === undefined || type === undefined ? 'NULL' : `(${ownerSql(type, name)})`
  return `SELECT json_build_object('missing', (SELECT coalesce(json_agg(r), '[]') FROM unnest(${named}) r
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = r)), 'owner', ${owner}, 'owned', (SELECT count(*) FROM pg_shdepend d
JOIN pg_roles o ON o.oid = d.refobjid WHERE d.deptype = 'o' AND d.refclassid = 'pg_authid'::regclass
AND d.dbid IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
AND o.rolname = ANY(ARRAY[${owners.join(', ')}]::text[])))`
}

function reassigned(
  args: Args,
  found: { readonly [key: string]: Value },
  missing: readonly string[],
): readonly SqlEdit[] {
  const from = others(args).filter(name => !missing.includes(name))
  if (from.length === 0 || Number(found.owned) === 0) return []
  return [
    {
      change: { what: 'owner', subject: 'everything', from: from.join(', '), to: args.new_owner },
      sql: `REASSIGN OWNED BY ${from.map(role).join(', ')} TO ${role(args.new_owner)}`,
    },
  ]
}

function given(args: Args, found: { readonly [key: string]: Value }): readonly SqlEdit[] | string {
  const { obj_name: name = '', obj_type: type = 'table', new_owner: to } = args
  if (typeof found.owner !== 'string') return `there is no ${type} ${name}`
  if (found.owner === to) return []
  return [
    {
      change: { what: 'owner', subject: name, from: found.owner, to },
      sql: `ALTER ${objectSql(type, name)} OWNER TO ${role(to)}`,
    },
  ]
}

function textsOf(value: Value | undefined): readonly string[] {
  return Array.isArray(value) ? value.map(String) : []
}
