/**
 * mysql_user: an account of a MySQL or MariaDB server, with its password and privileges.
 *
 * Args     name, host, password (clear, or its hash with encrypted), update_password, plugin with plugin_hash_string or
 *          plugin_auth_string, priv (text or mapping), append_privs, subtract_privs, host_all, tls_requires,
 *          resource_limits, session_vars, force_context, sql_log_bin, check_implicit_admin, state; login_*.
 * Changes  CREATE, ALTER, DROP USER; GRANT and REVOKE. A password is compared with the stored hash here; MariaDB gets the
 *          hash, so that it shows in no log.
 * Errors   what the server says; host_all for an account that is not there.
 */
import type { Dict } from '../base/value.ts'
import type { Seen } from '../probes/contract.ts'
import { type Change, defineModule, type Verdict } from './contract.ts'
import { lookMysql, mysqlText, readMysql, runMysql } from './shared/mysql.ts'
import { identified, type MysqlUserArgs, mysqlUserSchema, passwordIsRight } from './shared/mysql-account.ts'
import { LIMIT_COLUMNS, requirementEdit, resourceEdit } from './shared/mysql-limits.ts'
import { grantSql, privilegeEdits, readGrants, readPrivileges } from './shared/mysql-privileges.ts'
import { isDict } from './shared/postgres.ts'
import { fail } from './shared/results.ts'

export const mysqlUser = defineModule<MysqlUserArgs>({
  name: 'mysql_user',
  summary: 'An account of a MySQL or MariaDB server',
  args: mysqlUserSchema,
  settles:
    'a password in clear of another plugin than mysql_native_password is set every time, unless update_password says on_create',
  keys: args => [args.host_all ? hostsKey(args) : look(args)],
  decide(args, seen): Verdict {
    const hosts = hostsOf(args, seen)
    if (typeof hosts === 'string') return fail(hosts)
    const each = hosts.map(host => ({ ...args, host }))
    const missing = each.map(look).filter(key => !seen.has(key))
    if (missing.length > 0) return { kind: 'ask', keys: missing }
    const edits: Edit[] = []
    for (const one of each) {
      const found = foundOf(one, seen)
      if (typeof found === 'string') return fail(`unable to connect to database: ${found}`)
      const needed = one.state === 'absent' ? dropped(one, found) : present(one, found)
      if (typeof needed === 'string') return fail(needed)
      edits.push(...needed)
    }
    const result = {
      user: args.name,
      msg: edits.length === 0 ? 'User unchanged' : 'User changed',
      password_changed: edits.some(edit => edit.setsPassword),
    }
    if (edits.length === 0) return { kind: 'ok', result }
    return {
      kind: 'change',
      changes: edits.map(edit => edit.change),
      apply: [
        runMysql(
          args,
          edits.flatMap(edit => edit.sql),
        ),
      ],
      touches: [...(args.host_all ? [hostsKey(args)] : []), ...each.map(look)],
      result,
    }
  },
})

/** Where the account may come from; a sentence when that cannot be told. */
function hostsOf(args: MysqlUserArgs, seen: Seen): readonly string[] | string {
  if (!args.host_all) return [args.host]
  const answer = readMysql(seen.get(hostsKey(args)))
  if (answer.problem !== null) return `unable to connect to database: ${answer.problem}`
  const hosts = Array.isArray(answer.value) ? answer.value.map(String) : []
  if (hosts.length === 0 && args.state === 'present')
    return `there is no account ${args.name}; host_all changes accounts that are there, and makes none`
  return hosts
}

function hostsKey(args: MysqlUserArgs) {
  return lookMysql(
    args,
    `SELECT COALESCE(CONCAT('[', GROUP_CONCAT(JSON_QUOTE(host)), ']'), '[]') FROM mysql.user WHERE user = ${mysqlText(args.name)}`,
  )
}

interface Found {
  readonly isMaria: boolean
  /** null: there is no such account. */
  readonly account: Dict | null
  readonly grants: readonly string[]
}

interface Edit {
  readonly change: Change
  readonly sql: readonly string[]
  readonly setsPassword?: boolean
}

const accountOf = (args: MysqlUserArgs) => `${mysqlText(args.name)}@${mysqlText(args.host)}`

function look(args: MysqlUserArgs) {
  return lookMysql(
    args,
    `SELECT JSON_OBJECT('maria', VERSION() LIKE '%MariaDB%', 'account', (SELECT JSON_OBJECT('hash', authentication_string, 'plugin', plugin, ${LIMIT_COLUMNS})
FROM mysql.user WHERE user = ${mysqlText(args.name)} AND host = ${mysqlText(args.host)}))`,
    `SHOW GRANTS FOR ${accountOf(args)}`,
  )
}

function foundOf(args: MysqlUserArgs, seen: Seen): Found | string {
  const answer = readMysql(seen.get(look(args)))
  if (answer.problem !== null) return answer.problem
  if (!isDict(answer.value)) return 'no answer'
  const { maria, account } = answer.value
  // MariaDB gives an inner object as text.
  const inner = typeof account === 'string' ? (JSON.parse(account) as Dict) : account
  return {
    isMaria: maria === 1 || maria === true,
    account: isDict(inner) ? inner : null,
    grants: answer.lines,
  }
}

function present(args: MysqlUserArgs, found: Found): readonly Edit[] | string {
  const account = accountOf(args)
  const edits: Edit[] = []
  const auth = identified(args, found.isMaria)
  if (found.account === null)
    edits.push({
      change: { what: 'account', subject: account, from: null, to: 'present' },
      sql: [`CREATE USER ${account}${auth === null ? '' : ` IDENTIFIED ${auth}`}`],
      setsPassword: auth !== null,
    })
  else if (auth !== null && args.update_password === 'always' && !passwordIsRight(args, found.account))
    edits.push({
      change: { what: 'password', subject: account, from: 'another password', to: 'as given' },
      sql: [`ALTER USER ${account} IDENTIFIED ${auth}`],
      setsPassword: true,
    })
  edits.push(
    ...requirementEdit(args.tls_requires, found.account, account),
    ...resourceEdit(args.resource_limits, found.account, account),
  )
  if (args.priv === undefined) return edits
  const wanted = readPrivileges(args.priv)
  if (typeof wanted === 'string') return wanted
  const mode = args.append_privs ? 'append' : args.subtract_privs ? 'subtract' : 'exact'
  const held = readGrants(found.account === null ? [] : found.grants)
  for (const edit of privilegeEdits(wanted, held, mode)) {
    const words = [...(held.get(edit.place) ?? [])].filter(word => word !== 'USAGE').join(', ')
    const to = [...(wanted.get(edit.place) ?? [])].join(', ')
    edits.push({
      change: {
        what: 'privileges',
        subject: `${edit.place} ${account}`,
        from: words === '' ? null : words,
        to: mode === 'subtract' || to === '' ? null : to,
      },
      sql: grantSql(edit, account),
    })
  }
  return edits
}

function dropped(args: MysqlUserArgs, found: Found): readonly Edit[] {
  if (found.account === null) return []
  const account = accountOf(args)
  return [
    {
      change: { what: 'account', subject: account, from: 'present', to: null },
      sql: [`DROP USER ${account}`],
    },
  ]
}
