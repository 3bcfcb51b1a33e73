/** What the server's access lists say about objects of one kind, as one SELECT of one JSON value. */
import type { Value } from '../../base/value.ts'
import { isDict, literal } from './postgres.ts'

/** `kind` is the letter of acldefault(); `word` stands in GRANT … ON. */
interface Source {
  readonly kind: string
  readonly word: string
  /** Gives name, shown (quoted for SQL), acl and owner of each object. */
  readonly rows: (schema: string) => string
}

const relations = (kinds: string) => (schema: string) =>
  `SELECT relname AS name, format('%I.%I', nspname, relname) AS shown, relacl AS acl, relowner AS owner
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE relkind IN (${kinds}) AND nspname = ${literal(schema)}`

const routines = (schema: string) =>
  `SELECT proname || '(' || oidvectortypes(proargtypes) || ')' AS name,
format('%I.%I(%s)', nspname, proname, pg_get_function_identity_arguments(p.oid)) AS shown, proacl AS acl, proowner AS owner
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE nspname = ${literal(schema)}`

const plain =
  (table: string, prefix: string, name = `${prefix}name`) =>
  () =>
    `SELECT ${name} AS name, format('%I', ${name}) AS shown, ${prefix}acl AS acl, ${prefix}owner AS owner FROM ${table}`

export const SOURCES: Readonly<Record<string, Source>> = {
  table: { kind: 'r', word: 'TABLE', rows: relations("'r', 'v', 'm', 'f', 'p'") },
  'partition table': { kind: 'r', word: 'TABLE', rows: relations("'p'") },
  sequence: { kind: 's', word: 'SEQUENCE', rows: relations("'S'") },
  function: { kind: 'f', word: 'FUNCTION', rows: routines },
  procedure: { kind: 'f', word: 'PROCEDURE', rows: routines },
  database: {
    kind: 'd',
    word: 'DATABASE',
    rows: () =>
      `SELECT datname AS name, format('%I', datname) AS shown, datacl AS acl, datdba AS owner FROM pg_database`,
  },
  schema: { kind: 'n', word: 'SCHEMA', rows: plain('pg_namespace', 'nsp') },
  language: { kind: 'l', word: 'LANGUAGE', rows: plain('pg_language', 'lan') },
  tablespace: { kind: 't', word: 'TABLESPACE', rows: plain('pg_tablespace', 'spc') },
  foreign_data_wrapper: {
    kind: 'F',
    word: 'FOREIGN DATA WRAPPER',
    rows: plain('pg_foreign_data_wrapper', 'fdw'),
  },
  foreign_server: { kind: 'S', word: 'FOREIGN SERVER', rows: plain('pg_foreign_server', 'srv') },
  type: {
    kind: 'T',
    word: 'TYPE',
    rows: schema => `SELECT typname AS name, format('%I.%I', nspname, typname) AS shown, typacl AS acl, typowner AS owner
FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE nspname = ${literal(schema)}`,
  },
}

export interface Granted {
  readonly role: string
  readonly privilege: string
  readonly grantable: boolean
}

export interface AclObject {
  readonly name: string
  /** Quoted for SQL. */
  readonly shown: string
  readonly acl: readonly Granted[]
}

export interface AclSeen {
  readonly objects: readonly AclObject[]
  /** What ALL means for this kind on this server. */
  readonly all: readonly string[]
  /** Which of the asked roles there are. */
  readonly roles: readonly string[]
}

/** `names` null: all objects of the schema. */
export function aclSql(
  type: string,
  {
    schema,
    names,
    roles,
  }: { readonly schema: string; readonly names: readonly string[] | null; readonly roles: readonly string[] },
): string {
  const { kind, rows } = SOURCES[type]!
  const among = names === null ? '' : ` WHERE name = ANY (${texts(names)})`
  return `SELECT json_build_object('objects', (SELECT json_agg(json_build_object('name', name, 'shown', shown, 'acl',
${exploded(`coalesce(acl, acldefault('${kind}', owner))`)})) FROM (${rows(schema)}) o${among}),
${rest(kind, roles)})`
}

/** Memberships: the object is the role that others get, its privilege is being a member. */
export function membershipSql(groups: readonly string[], roles: readonly string[]): string {
  return `SELECT json_build_object('objects', (SELECT json_agg(json_build_object('name', rolname, 'shown', format('%I', rolname), 'acl',
(SELECT json_agg(json_build_array(pg_get_userbyid(member), 'MEMBER', admin_option)) FROM pg_auth_members m WHERE m.roleid = g.oid)))
FROM pg_roles g WHERE rolname = ANY (${texts(groups)})), 'all', json_build_array('MEMBER'), ${existing(roles)})`
}

/** Default privileges: an object is a kind of future object, of one role (null: the one who asks). */
export function defaultAclSql(
  kind: string,
  {
    target,
    schema,
    roles,
  }: { readonly target: string | null; readonly schema: string | null; readonly roles: readonly string[] },
): string {
  const own = target === null ? 'current_user' : literal(target)
  const space = schema === null ? '0' : `(SELECT oid FROM pg_namespace WHERE nspname = ${literal(schema)})`
  // Without an entry, a schema adds nothing and the database has what is built in.
  const none = schema === null ? `acldefault('${kind === 'S' ? 's' : kind}', r.oid)` : 'NULL'
  return `SELECT json_build_object('objects', json_build_array(json_build_object('name', '${kind}', 'shown', '', 'acl', (
SELECT ${exploded(`coalesce((SELECT defaclacl FROM pg_default_acl WHERE defaclrole = r.oid AND defaclobjtype = '${kind}'
AND defaclnamespace = ${space}), ${none})`)} FROM pg_roles r WHERE rolname = ${own}))), ${rest(kind === 'S' ? 's' : kind, roles)})`
}

export function readAcl(value: Value): AclSeen | null {
  if (!isDict(value)) return null
  const texts = (item: Value | undefined) => (Array.isArray(item) ? item.map(String) : [])
  const objects = Array.isArray(value.objects) ? value.objects.filter(isDict) : []
  return {
    all: texts(value.all),
    roles: texts(value.roles),
    objects: objects.map(({ name, shown, acl }) => ({
      name: String(name),
      shown: String(shown),
      acl: Array.isArray(acl) ? acl.map(readGrant) : [],
    })),
  }
}

function readGrant(item: Value): Granted {
  const [role, privilege, grantable] = Array.isArray(item) ? item : []
  return { role: String(role), privilege: String(privilege), grantable: grantable === true }
}

function exploded(acl: string): string {
  return `(SELECT json_agg(json_build_array(CASE grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(grantee) END,
privilege_type, is_grantable)) FROM aclexplode(${acl}))`
}

function rest(kind: string, roles: readonly string[]): string {
  return `'all', (SELECT json_agg(DISTINCT privilege_type) FROM aclexplode(acldefault('${kind}', 10))), ${existing(roles)}`
}

function existing(roles: readonly string[]): string {
  return `'roles', (SELECT json_agg(rolname) FROM pg_roles WHERE rolname = ANY (${texts(roles)}))`
}

function texts(items: readonly string[]): string {
  return `ARRAY[${items.map(literal).join(', ')}]::text[]`
}
