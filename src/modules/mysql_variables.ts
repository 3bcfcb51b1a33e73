/**
 * mysql_variables: a global variable of the server.
 *
 * Args     variable, value (without one: only told), mode (global | persist | persist_only); login_*.
 * Changes  SET GLOBAL or PERSIST, when the running value is another.
 * Errors   a variable that is not there; what the server says. Without `mode: persist` it lasts until the next start.
 */
import type { z } from 'zod'
import { defineModule, type Verdict } from './contract.ts'
import { argumentsOf, choice, text, word } from './shared/arguments.ts'
import {
  backtick,
  lookMysql,
  MYSQL_ALIASES,
  mysqlLoginShape,
  mysqlText,
  readMysql,
  runMysql,
} from './shared/mysql.ts'
import { fail } from './shared/results.ts'

const schema = () =>
  argumentsOf(
    {
      variable: word().refine(name => /^[\w.]+$/.test(name), 'must be letters, digits, _ and dots'),
      value: text().optional(),
      mode: choice(['global', 'persist', 'persist_only']).default('global'),
      ...mysqlLoginShape(),
    },
    MYSQL_ALIASES,
  )
type Args = z.output<ReturnType<typeof schema>>

export const mysqlVariables = defineModule<Args>({
  name: 'mysql_variables',
  summary: 'A global variable of a MySQL or MariaDB server',
  args: schema,
  settles: 'persist_only leaves the running value as it is',
  keys: args => [look(args)],
  decide(args, seen): Verdict {
    const answer = readMysql(seen.get(look(args)))
    if (answer.problem !== null) return fail(`unable to connect to database: ${answer.problem}`)
    const [line] = answer.lines
    if (line === undefined) return fail(`Variable not available "${args.variable}"`)
    const now = line.split('\t').slice(1).join('\t')
    if (args.value === undefined) return { kind: 'ok', result: { msg: now } }
    if (plain(now) === plain(args.value))
      return { kind: 'ok', result: { msg: `Variable is already set to requested value.` } }
    const word = args.mode.toUpperCase()
    const value = /^-?\d+$/.test(args.value) ? args.value : mysqlText(args.value)
    const name = args.variable.split('.').map(backtick).join('.')
    const sql = `SET ${word} ${name} = ${value}`
    return {
      kind: 'change',
      changes: [{ what: 'variable', subject: args.variable, from: now, to: args.value }],
      apply: [runMysql(args, [sql])],
      touches: [look(args)],
      result: { msg: `Variable change succeeded prev_value=${now}`, queries: [sql] },
    }
  },
})

/** SHOW is known to both kinds of server: one line of name and value behind an empty answer. */
function look(args: Args) {
  return lookMysql(
    args,
    'SELECT NULL',
    `SHOW GLOBAL VARIABLES WHERE Variable_name = ${mysqlText(args.variable)}`,
  )
}

/** ON, TRUE, 1 are one. */
function plain(value: string): string {
  const word = value.trim().toLowerCase()
  return { on: '1', true: '1', off: '0', false: '0' }[word] ?? word
}
