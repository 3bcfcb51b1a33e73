/**
 * postgresql_privs: who may do what with objects of a database; memberships of roles; default privileges.
 *
 * Args     login_db, privs (or ALL), type, objs (or ALL_IN_SCHEMA), schema, roles (or PUBLIC), target_roles, grant_option,
 *          state, fail_on_role; login_*.
 * Changes  GRANT, REVOKE, ALTER DEFAULT PRIVILEGES, when the access lists of the server do not say it yet.
 * Errors   a role, object or privilege that is not there; what PostgreSQL says.
 */
import type { Seen } from '../probes/contract.ts'
import { type Change, defineModule, type Verdict } from './contract.ts'
import { lookSql } from './shared/postgres.ts'
import { type AclObject, type AclSeen, readAcl, SOURCES } from './shared/postgres-acl.ts'
import { askSql, type SqlEdit, sqlVerdict, unreachable } from './shared/postgres-change.ts'
import {
  type Lookup,
  lookupsOf,
  type PrivsArgs,
  privsSchema,
  rolesOf,
  statementOf,
  wantedPrivileges,
} from './shared/postgres-privileges.ts'
import { fail } from './shared/results.ts'

export const postgresqlPrivs = defineModule<PrivsArgs>({
  name: 'postgresql_privs',
  summary: 'Privileges on objects of a PostgreSQL database',
  args: privsSchema,
  settles: true,
  keys: args => lookupsOf(args).map(({ sql }) => lookSql(args, args.login_db, sql)),
  decide(args, seen): Verdict {
    const edits: SqlEdit[] = []
    const warnings: string[] = []
    for (const lookup of lookupsOf(args)) {
      const found = look(args, lookup, seen)
      if (typeof found === 'string') return unreachable(found)
      const missing = rolesOf(args).filter(role => role !== 'PUBLIC' && !found.roles.includes(role))
      if (missing.length > 0 && args.fail_on_role) return fail(`Role ${missing.join(', ')} does not exist`)
      warnings.push(...missing.map(role => `Role ${role} does not exist`))
      const problem = obstacle(args, lookup, found)
      if (problem !== null) return fail(problem)
      const roles = rolesOf(args).filter(role => !missing.includes(role))
      edits.push(...editsOf(args, { lookup, found, roles }))
    }
    return sqlVerdict({ login: args, db: args.login_db, list: 'queries', edits, warnings })
  },
})

function look(args: PrivsArgs, { sql }: Lookup, seen: Seen): AclSeen | string {
  const { problem, value } = askSql(args, args.login_db, { sql, seen })
  return problem ?? readAcl(value) ?? 'no answer'
}

function obstacle(args: PrivsArgs, { names }: Lookup, found: AclSeen): string | null {
  const absent = (names ?? []).filter(name => !found.objects.some(object => object.name === name))
  if (absent.length > 0)
    return `${args.type} ${absent.join(', ')} does not exist${args.type in SOURCES ? ` in ${args.login_db}` : ''}`
  const unknown = wantedPrivileges(args, found.all).filter(privilege => !found.all.includes(privilege))
  return unknown.length === 0
    ? null
    : `${unknown.join(', ')}: no privilege of a ${args.type}; there are ${found.all.join(', ')}`
}

interface Work {
  readonly lookup: Lookup
  readonly found: AclSeen
  readonly roles: readonly string[]
}

/** One statement for each object that has a difference, for all roles: granting twice does no harm. */
function editsOf(args: PrivsArgs, { lookup, found, roles }: Work): readonly SqlEdit[] {
  const privileges = wantedPrivileges(args, found.all)
  return found.objects.flatMap(object => {
    const differing = roles.filter(role =>
      privileges.some(privilege => differs(args, object, { role, privilege })),
    )
    if (differing.length === 0) return []
    const change: Change = {
      what: 'privileges',
      subject: `${object.name === lookup.kind ? lookup.words : object.name} ${differing.join(', ')}`,
      from: held(object, differing),
      to: args.state === 'present' ? privileges.join(', ') : null,
    }
    return [{ change, sql: statementOf(args, { lookup, object, privileges, roles: differing }) }]
  })
}

function differs(
  args: PrivsArgs,
  object: AclObject,
  { role, privilege }: { readonly role: string; readonly privilege: string },
): boolean {
  const granted = object.acl.filter(one => one.role === role && one.privilege === privilege)
  if (args.state === 'absent') return granted.length > 0
  if (granted.length === 0) return true
  const grantable = granted.some(one => one.grantable)
  return args.grant_option !== undefined && grantable !== args.grant_option
}

function held(object: AclObject, roles: readonly string[]): string | null {
  const names = object.acl.filter(one => roles.includes(one.role)).map(one => one.privilege)
  return names.length === 0 ? null : [...new Set(names)].join(', ')
}
