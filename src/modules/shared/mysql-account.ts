/** Arguments of mysql_user, and how an account proves who it is. */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Dict } from '../../base/value.ts'
import { argumentsOf, bool, choice, text, textDict, word } from './arguments.ts'
import { only } from './honoured.ts'
import { MYSQL_ALIASES, mysqlAdminShape, mysqlLoginShape, mysqlText } from './mysql.ts'
import { resourceLimits, tlsRequires } from './mysql-limits.ts'

export const mysqlUserSchema = () =>
  argumentsOf(
    {
      name: text(),
      host: word().default('localhost'),
      host_all: bool().default(false),
      password: text().optional(),
      encrypted: bool().default(false),
      plugin: word().optional(),
      plugin_hash_string: text().optional(),
      plugin_auth_string: text().optional(),
      priv: z.union([text(), textDict()], 'must be text or a mapping').optional(),
      append_privs: bool().default(false),
      subtract_privs: bool().default(false),
      tls_requires: tlsRequires().nullable().optional(),
      resource_limits: resourceLimits().optional(),
      session_vars: sessionVars().optional(),
      update_password: choice(['always', 'on_create', 'on_new_username']).default('always'),
      state: choice(['present', 'absent']).default('present'),
      force_context: bool().default(false),
      column_case_sensitive: only(
        bool(),
        on => on,
        'names of columns are taken as they are written',
      ).optional(),
      ...mysqlAdminShape(),
      ...mysqlLoginShape(),
    },
    { ...MYSQL_ALIASES, user: 'name' },
    ['tls_requires'],
  )
    .refine(args => !args.append_privs || !args.subtract_privs, 'give one of append_privs and subtract_privs')
    .refine(args => args.plugin === undefined || args.password === undefined, {
      message: 'belongs to plugin_auth_string when there is a plugin',
      path: ['password'],
    })
    .refine(args => !args.encrypted || /^\*[0-9A-Fa-f]{40}$/.test(args.password ?? ''), {
      message: 'must be a hash such as *0123…, as encrypted is set',
      path: ['password'],
    })

/** Names of variables of a session, with their values. */
const sessionVars = () =>
  textDict().refine(vars => Object.keys(vars).every(name => /^\w+$/.test(name)), 'must be names of variables')

export type MysqlUserArgs = z.output<ReturnType<typeof mysqlUserSchema>>

/** The words behind IDENTIFIED; null when the task says nothing about it. */
export function identified(args: MysqlUserArgs, isMaria: boolean): string | null {
  const { plugin, plugin_hash_string: hash, plugin_auth_string: auth, password } = args
  if (plugin !== undefined) {
    const name = /^\w+$/.test(plugin) ? plugin : mysqlText(plugin)
    if (hash !== undefined) return `WITH ${name} AS ${mysqlText(hash)}`
    if (auth === undefined) return isMaria ? `VIA ${name}` : `WITH ${name}`
    return isMaria ? `VIA ${name} USING PASSWORD(${mysqlText(auth)})` : `WITH ${name} BY ${mysqlText(auth)}`
  }
  if (password === undefined) return null
  if (isMaria) return `BY PASSWORD ${mysqlText(nativeHash(args, password))}`
  return args.encrypted
    ? `WITH mysql_native_password AS ${mysqlText(password.toUpperCase())}`
    : `BY ${mysqlText(password)}`
}

export function passwordIsRight(args: MysqlUserArgs, account: Dict): boolean {
  const stored = String(account.hash ?? '')
  const { plugin, plugin_hash_string: hash, plugin_auth_string: auth, password } = args
  if (plugin !== undefined) {
    if (account.plugin !== plugin) return false
    if (hash !== undefined) return stored === hash
    return auth === undefined || stored.toUpperCase() === nativeHash({ encrypted: false }, auth)
  }
  return password === undefined || stored.toUpperCase() === nativeHash(args, password)
}

/** mysql_native_password: a star and SHA-1 of SHA-1; an empty password has none. */
function nativeHash({ encrypted }: { readonly encrypted: boolean }, password: string): string {
  if (encrypted) return password.toUpperCase()
  if (password === '') return ''
  const inner = createHash('sha1').update(password).digest()
  return `*${createHash('sha1').update(inner).digest('hex').toUpperCase()}`
}
