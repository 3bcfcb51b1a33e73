/** Objects that have an owner: how they are named in ALTER, and whose they are. */
import { ident, literal, qualified } from './postgres.ts'

export const OBJECT_TYPES = [
  'aggregate',
  'database',
  'function',
  'matview',
  'procedure',
  'routine',
  'schema',
  'sequence',
  'table',
  'tablespace',
  'view',
] as const
export type ObjectType = (typeof OBJECT_TYPES)[number]

const RELATIONS: Readonly<Record<string, { readonly kinds: string; readonly words: string }>> = {
  matview: { kinds: 'm', words: 'MATERIALIZED VIEW' },
  sequence: { kinds: 'S', words: 'SEQUENCE' },
  table: { kinds: 'rpf', words: 'TABLE' },
  view: { kinds: 'v', words: 'VIEW' },
}

/** As it stands behind ALTER. */
export function objectSql(type: ObjectType, name: string): string {
  const relation = RELATIONS[type]
  if (relation !== undefined) return `${relation.words} ${qualified(name)}`
  if (type === 'database' || type === 'schema' || type === 'tablespace')
    return `${type.toUpperCase()} ${ident(name)}`
  return `${type.toUpperCase()} ${routine(name)}`
}

/** One SELECT of one name; no row where there is no such object. */
export function ownerSql(type: ObjectType, name: string): string {
  const relation = RELATIONS[type]
  if (relation !== undefined)
    return `SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = to_regclass(${literal(qualified(name))}) AND relkind = ANY(string_to_array('${relation.kinds.split('').join(',')}', ',')::"char"[])`
  if (type === 'database')
    return `SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = ${literal(name)}`
  if (type === 'schema')
    return `SELECT pg_get_userbyid(nspowner) FROM pg_namespace WHERE nspname = ${literal(name)}`
  if (type === 'tablespace')
    return `SELECT pg_get_userbyid(spcowner) FROM pg_tablespace WHERE spcname = ${literal(name)}`
  const oid = name.includes('(') ? 'to_regprocedure' : 'to_regproc'
  return `SELECT pg_get_userbyid(proowner) FROM pg_proc WHERE oid = ${oid}(${literal(routine(name))})`
}

/** The types of arguments stand as they are written: they are words of SQL. */
function routine(name: string): string {
  const at = name.indexOf('(')
  return at < 0 ? qualified(name) : `${qualified(name.slice(0, at).trim())}${name.slice(at)}`
}
