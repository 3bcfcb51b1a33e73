/**
 * postgresql_info: what a server holds: databases, roles, settings, …
 *
 * Args     filter (names of what to tell; `!name` leaves out), login_db; login_*.
 * Changes  nothing.
 * Errors   a server that cannot be reached. Databases that refuse the login are told without what is inside.
 */
import { z } from 'zod'
import type { Dict, Value } from '../base/value.ts'
import { defineModule, type Verdict } from './contract.ts'
import { argumentsOf, list, text } from './shared/arguments.ts'
import { globPattern } from './shared/glob.ts'
import { isDict, LOGIN_ALIASES, loginShape, lookSql } from './shared/postgres.ts'
import { askSql, unreachable } from './shared/postgres-change.ts'
import { DATABASE_SQL, SUBSETS, type Subset, serverSql } from './shared/postgres-info-sql.ts'
import { inBytes } from './shared/postgres-setting.ts'

/** A word of the filter is a pattern as the shell has them. */
const subsetsLike = (word: string): readonly Subset[] => {
  const pattern = globPattern(word)
  return SUBSETS.filter(name => pattern.test(name))
}

const schema = () =>
  argumentsOf(
    {
      filter: list()
        .pipe(
          z.array(
            z
              .string()
              .refine(
                name => subsetsLike(name.replace(/^!/, '')).length > 0,
                `must be among: ${SUBSETS.join(', ')}`,
              ),
          ),
        )
        .default([]),
      login_db: text().default('postgres'),
      ...loginShape(),
    },
    { ...LOGIN_ALIASES, db: 'login_db' },
  )
type Args = z.output<ReturnType<typeof schema>>

export const postgresqlInfo = defineModule<Args>({
  name: 'postgresql_info',
  summary: 'What a PostgreSQL server holds',
  args: schema,
  settles: true,
  keys: args => [lookSql(args, args.login_db, serverSql(subsetsOf(args)))],
  decide(args, seen): Verdict {
    const { problem, value } = askSql(args, args.login_db, { sql: serverSql(subsetsOf(args)), seen })
    if (problem !== null || !isDict(value)) return unreachable(problem ?? 'no answer')
    const names = isDict(value.databases) ? Object.keys(value.databases) : []
    const inside = names.map(name => lookSql(args, name, DATABASE_SQL))
    const missing = inside.filter(key => !seen.has(key))
    if (missing.length > 0) return { kind: 'ask', keys: missing }
    const databases = names.map(name => {
      const within = askSql(args, name, { sql: DATABASE_SQL, seen }).value
      return [name, { ...dictOf(dictOf(value.databases)[name]), ...withVersions(dictOf(within)) }]
    })
    return {
      kind: 'ok',
      result: {
        ...value,
        ...(value.version === undefined ? {} : { version: versionOf(dictOf(value.version)) }),
        ...(value.settings === undefined ? {} : { settings: settingsOf(dictOf(value.settings)) }),
        ...(value.databases === undefined ? {} : { databases: Object.fromEntries(databases) }),
      },
    }
  },
})

const dictOf = (value: Value | undefined): Dict => (isDict(value) ? value : {})

/** Without any word all of them; what is left out counts only where nothing is asked for. */
function subsetsOf({ filter }: Args): readonly Subset[] {
  const like = (words: readonly string[]) => new Set(words.flatMap(subsetsLike))
  const wanted = like(filter.filter(word => !word.startsWith('!')))
  if (wanted.size > 0) return SUBSETS.filter(name => wanted.has(name))
  const unwanted = like(filter.filter(word => word.startsWith('!')).map(word => word.slice(1)))
  return SUBSETS.filter(name => !unwanted.has(name))
}

function versionOf({ raw, number, full }: Dict): Dict {
  const value = Number(number)
  return {
    raw: raw ?? '',
    full: String(full).split(' ')[0] ?? '',
    major: Math.floor(value / 10_000),
    minor: value % 10_000,
  }
}

function settingsOf(settings: Dict): Dict {
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => {
      const setting = dictOf(value)
      const bytes = inBytes({ setting: String(setting.setting), unit: String(setting.unit) })
      return [name, bytes === null ? setting : { ...setting, val_in_bytes: bytes }]
    }),
  )
}

function withVersions(inside: Dict): Dict {
  const extensions = Object.entries(dictOf(inside.extensions)).map(([name, value]) => {
    const { extversion, ...extension } = dictOf(value)
    const raw = String(extversion)
    const [major = '', minor = ''] = raw.split('.')
    const number = (part: string) => (/^\d+$/.test(part) ? Number(part) : null)
    return [name, { ...extension, extversion: { major: number(major), minor: number(minor), raw } }]
  })
  return inside.extensions === undefined ? inside : { ...inside, extensions: Object.fromEntries(extensions) }
}
