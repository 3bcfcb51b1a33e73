/**
 * mysql_query: SQL on a MySQL or MariaDB server, with its rows as the result.
 *
 * Args     query (one or a list), positional_args or named_args (%s, %(name)s), login_db, single_transaction; login_*.
 *          The text reaches the server as it is: commands of the client have no meaning in it.
 * Changes  rows inserted, updated, replaced or deleted; whatever is created, dropped, altered, renamed or truncated, but
 *          what was so already. Check mode leaves all of it out.
 * Errors   what the server says; of a single transaction nothing is kept then. Values of SHOW are texts.
 */
import { z } from 'zod'
import { Secret } from '../base/secret.ts'
import { defineModule, type Result, type Verdict } from './contract.ts'
import { argumentsOf, bool, dict, listOf, text } from './shared/arguments.ts'
import { MYSQL_ALIASES, mysqlLoginShape, queryMysql } from './shared/mysql.ts'
import {
  type MysqlAnswer,
  mysqlInput,
  mysqlLiteral,
  mysqlTypesInput,
  readMysqlAnswers,
  readMysqlTypes,
} from './shared/mysql-query.ts'
import { bareQuery, fillIn } from './shared/postgres-query.ts'
import { fail, failedResult } from './shared/results.ts'

const schema = () =>
  argumentsOf(
    {
      query: z.union([text(), listOf(text())], 'must be text or a list of texts').optional(),
      positional_args: listOf(z.unknown()).optional(),
      named_args: dict().optional(),
      login_db: text().optional(),
      single_transaction: bool().default(false),
      ...mysqlLoginShape(),
    },
    MYSQL_ALIASES,
  )
    .refine(args => args.query !== undefined, { message: 'is needed', path: ['query'] })
    .refine(
      args => args.positional_args === undefined || args.named_args === undefined,
      'give one of positional_args and named_args',
    )
type Args = z.output<ReturnType<typeof schema>>

export const mysqlQuery = defineModule<Args>({
  name: 'mysql_query',
  summary: 'SQL on a MySQL or MariaDB server',
  args: schema,
  settles: 'what a query does is not known',
  keys: () => [],
  decide(args, _seen, ctx): Verdict {
    const queries: string[] = []
    const written = [args.query ?? ''].flat()
    for (const query of written) {
      const filled = fillIn(query, args.positional_args ?? args.named_args, mysqlLiteral)
      if ('problem' in filled) return fail(filled.problem)
      queries.push(bareQuery(filled.sql))
    }
    const mark = `vpai${ctx.token(24)}`
    // Inside a literal a secret may be written in another way, and the server cuts what it repeats.
    const values = Object.values(args.positional_args ?? args.named_args ?? {})
    const isSecret = [...written, ...values].some(one =>
      ctx.taints(one instanceof Secret ? one.reveal() : String(one)),
    )
    const shown = isSecret ? written : queries
    return {
      kind: 'opaque',
      summary: `runs ${queries.length === 1 ? 'a query' : `${queries.length} queries`}`,
      apply: function* () {
        const output = yield queryMysql(args, {
          input: mysqlInput(queries, mark, args.single_transaction),
          types: mysqlTypesInput(queries, mark),
          mark,
        })
        const [xml = '', types = ''] = output.stdout.split(`\n==${mark}\n`)
        const known = readMysqlTypes(types, mark, queries.length)
        const answers = readMysqlAnswers(xml, mark, known)
        if (output.code !== 0) return failedQuery(shown[answers.length] ?? '', output.stderr, isSecret)
        return { ...resultOf(queries, answers), executed_queries: shown }
      },
    }
  },
})

/** The client repeats what it was sent in front of what the server says. */
function failedQuery(query: string, stderr: string, isSecret: boolean): Result {
  const whole = stderr.slice(Math.max(0, stderr.search(/^ERROR /m))).trim()
  const said = isSecret ? whole.replace(/'[\s\S]*/, '…') : whole
  const isSent = / at line \d+/.test(whole)
  const what = isSent ? `Cannot execute SQL '${query}'` : 'unable to connect to database'
  return failedResult(`${what}: ${said}`, { changed: false })
}

function resultOf(queries: readonly string[], answers: readonly MysqlAnswer[]): Result {
  return {
    changed: queries.some((query, at) => isChange(query, answers[at])),
    query_result: answers.map(({ rows }) => [...rows]),
    rowcount: answers.map(({ rowcount }) => rowcount),
  }
}

function isChange(query: string, answer: MysqlAnswer | undefined): boolean {
  if (answer === undefined) return false
  if (/^\s*(INSERT|UPDATE|DELETE|REPLACE)\b/i.test(query)) return answer.rowcount > 0
  return /^\s*(CREATE|DROP|ALTER|RENAME|TRUNCATE)\b/i.test(query) && !answer.isNote
}
