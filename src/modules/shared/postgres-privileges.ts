/** Arguments of postgresql_privs, what is to be looked up for them, and the statements. */
import type { z } from 'zod'
import { argumentsOf, bool, choice, text, word } from './arguments.ts'
import { ident, LOGIN_ALIASES, loginShape } from './postgres.ts'
import { type AclObject, aclSql, defaultAclSql, membershipSql, SOURCES } from './postgres-acl.ts'

const TYPES = [
  'table',
  'sequence',
  'function',
  'procedure',
  'database',
  'default_privs',
  'foreign_data_wrapper',
  'foreign_server',
  'group',
  'language',
  'tablespace',
  'schema',
  'type',
  'partition table',
] as const

export const privsSchema = () =>
  argumentsOf(
    {
      login_db: word(),
      state: choice(['present', 'absent']).default('present'),
      privs: text().optional(),
      type: choice(TYPES).default('table'),
      objs: text().optional(),
      schema: text().optional(),
      roles: word(),
      target_roles: text().optional(),
      grant_option: bool().optional(),
      fail_on_role: bool().default(true),
      ...loginShape(),
    },
    {
      ...LOGIN_ALIASES,
      db: 'login_db',
      database: 'login_db',
      priv: 'privs',
      obj: 'objs',
      role: 'roles',
      admin_option: 'grant_option',
      password: 'login_password',
    },
  )
    .refine(
      args => (args.type === 'group') === (args.privs === undefined),
      'privs belong to every type but group',
    )
    .refine(args => args.objs !== undefined || args.type === 'database', {
      message: 'is needed',
      path: ['objs'],
    })
    .refine(args => args.target_roles === undefined || args.type === 'default_privs', {
      message: 'belongs to type default_privs',
      path: ['target_roles'],
    })
    .refine(args => args.type !== 'default_privs' || kindsOf(args.objs ?? '').length > 0, {
      message: `of default_privs are of: ${Object.keys(DEFAULTS).join(', ')}, ALL_DEFAULT`,
      path: ['objs'],
    })

export type PrivsArgs = z.output<ReturnType<typeof privsSchema>>

/** Kinds of future objects, with the letter of pg_default_acl. */
const DEFAULTS: Readonly<Record<string, string>> = {
  TABLES: 'r',
  SEQUENCES: 'S',
  FUNCTIONS: 'f',
  TYPES: 'T',
  SCHEMAS: 'n',
}

export interface Lookup {
  readonly sql: string
  /** Objects that must be there; null: whichever are. */
  readonly names: readonly string[] | null
  /** Of default privileges: letter and word of the kind, and whose future objects. */
  readonly kind?: string
  readonly words?: string
  readonly target?: string | null
}

export function lookupsOf(args: PrivsArgs): readonly Lookup[] {
  const roles = rolesOf(args)
  const objs = split(args.objs ?? args.login_db)
  if (args.type === 'group') return [{ sql: membershipSql(objs, roles), names: objs }]
  if (args.type === 'default_privs') {
    const targets = args.target_roles === undefined ? [null] : split(args.target_roles)
    return targets.flatMap(target =>
      kindsOf(args.objs ?? '').map(words => {
        const kind = DEFAULTS[words]!
        const schema = words === 'SCHEMAS' ? null : schemaOf(args)
        return { sql: defaultAclSql(kind, { target, schema, roles }), names: null, kind, words, target }
      }),
    )
  }
  const names = args.objs === 'ALL_IN_SCHEMA' ? null : objs.map(name => objectName(args, name))
  return [{ sql: aclSql(args.type, { schema: args.schema ?? 'public', names, roles }), names }]
}

export function rolesOf(args: PrivsArgs): readonly string[] {
  return split(args.roles).map(role => (role.toUpperCase() === 'PUBLIC' ? 'PUBLIC' : role))
}

/** ALL written out; TEMP and its like under their whole name. */
export function wantedPrivileges(args: PrivsArgs, all: readonly string[]): readonly string[] {
  if (args.privs === undefined) return ['MEMBER']
  const wanted = split(args.privs).map(one => one.toUpperCase())
  if (wanted.some(one => one === 'ALL' || one === 'ALL PRIVILEGES')) return all
  return wanted.map(one => (one === 'TEMP' ? 'TEMPORARY' : one))
}

export interface Statement {
  readonly lookup: Lookup
  readonly object: AclObject
  readonly privileges: readonly string[]
  readonly roles: readonly string[]
}

export function statementOf(args: PrivsArgs, { lookup, object, privileges, roles }: Statement): string {
  const who = roles.map(role => (role === 'PUBLIC' ? role : ident(role))).join(', ')
  const option = args.type === 'group' ? 'ADMIN OPTION' : 'GRANT OPTION'
  const what =
    args.type === 'group' ? object.shown : `${privileges.join(', ')} ON ${place(args, lookup, object)}`
  const start = args.type === 'default_privs' ? `${defaultsWords(args, lookup)} ` : ''
  if (args.state === 'absent') return `${start}REVOKE ${what} FROM ${who}`
  const grant = `${start}GRANT ${what} TO ${who}`
  if (args.grant_option === true) return `${grant} WITH ${option}`
  return args.grant_option === false ? `${grant}; ${start}REVOKE ${option} FOR ${what} FROM ${who}` : grant
}

function place(args: PrivsArgs, lookup: Lookup, object: AclObject): string {
  return lookup.words ?? `${SOURCES[args.type]?.word} ${object.shown}`
}

function defaultsWords(args: PrivsArgs, { target, words }: Lookup): string {
  const schema = words === 'SCHEMAS' ? null : schemaOf(args)
  return [
    'ALTER DEFAULT PRIVILEGES',
    ...(target === null || target === undefined ? [] : [`FOR ROLE ${ident(target)}`]),
    ...(schema === null ? [] : [`IN SCHEMA ${ident(schema)}`]),
  ].join(' ')
}

/** `not-specified` is Ansible's word for every schema. */
function schemaOf(args: PrivsArgs): string | null {
  const schema = args.schema ?? 'public'
  return schema === 'not-specified' ? null : schema
}

function kindsOf(objs: string): readonly string[] {
  const wanted = split(objs).map(one => one.toUpperCase())
  if (wanted.includes('ALL_DEFAULT')) return ['TABLES', 'SEQUENCES', 'FUNCTIONS', 'TYPES']
  return wanted.every(one => one in DEFAULTS) ? wanted : []
}

/** Arguments of a function are parted by colons, since commas part functions. */
function objectName(args: PrivsArgs, name: string): string {
  if (args.type !== 'function' && args.type !== 'procedure') return name
  return name.includes('(') ? name.replace(/\s*:\s*/g, ', ').replace(/\(\s+/, '(') : `${name}()`
}

function split(text: string): readonly string[] {
  return text
    .split(',')
    .map(one => one.trim())
    .filter(one => one !== '')
}
