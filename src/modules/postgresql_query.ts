/**
 * postgresql_query: SQL on a database, with its rows as the result.
 *
 * Args     query (one or a list), positional_args or named_args (%s, %(name)s), login_db, autocommit, encoding, search_path;
 *          login_*. The text reaches the server as it is: psql's own `\` commands and variables have no meaning in it.
 * Changes  as the status says: rows inserted, updated or deleted, and everything but reading. Check mode leaves it out.
 * Errors   what PostgreSQL says; then nothing of the list is kept, but with autocommit.
 */
import { z } from 'zod'
import type { Value } from '../base/value.ts'
import { defineModule, type Result, type Verdict } from './contract.ts'
import { argumentsOf, bool, dict, list, listOf, text } from './shared/arguments.ts'
import { ident, LOGIN_ALIASES, literal, loginShape, runSql, sqlComplaint } from './shared/postgres.ts'
import { bareQuery, fillIn, isChange, readAnswers, sendQuery } from './shared/postgres-query.ts'
import { fail, failedResult } from './shared/results.ts'

const schema = () =>
  argumentsOf(
    {
      query: z.union([text(), listOf(text())], 'must be text or a list of texts').optional(),
      positional_args: listOf(z.unknown()).optional(),
      named_args: dict().optional(),
      login_db: text().default('postgres'),
      autocommit: bool().default(false),
      encoding: text().optional(),
      search_path: list().default([]),
      ...loginShape(),
    },
    { ...LOGIN_ALIASES, db: 'login_db' },
  )
    .refine(args => args.query !== undefined, { message: 'is needed', path: ['query'] })
    .refine(
      args => args.positional_args === undefined || args.named_args === undefined,
      'give one of positional_args and named_args',
    )
type Args = z.output<ReturnType<typeof schema>>

export const postgresqlQuery = defineModule<Args>({
  name: 'postgresql_query',
  summary: 'SQL on a PostgreSQL database',
  args: schema,
  settles: 'what a query does is not known',
  keys: () => [],
  decide(args, _seen, ctx): Verdict {
    const queries: string[] = []
    const written = [args.query ?? ''].flat()
    for (const query of written) {
      const filled = fillIn(query, args.positional_args ?? args.named_args)
      if ('problem' in filled) return fail(filled.problem)
      queries.push(bareQuery(filled.sql))
    }
    const mark = `vpai-${ctx.token(24)}`
    return {
      kind: 'opaque',
      summary: `runs ${queries.length === 1 ? 'a query' : `${queries.length} queries`} on ${args.login_db}`,
      apply: function* () {
        const action = runSql(args, args.login_db, { statements: settings(args) })
        const parts = queries.map((query, index) => sendQuery(query, `q${index}`, mark))
        const [begin, end] = args.autocommit ? ['', ''] : ['BEGIN;\n', 'COMMIT;\n']
        const output = yield {
          ...action,
          stdin: `${action.stdin}${begin}${parts.map(part => part.stdin).join('')}${end}`,
          files: Object.fromEntries(
            queries.map((query, index) => [`q${index}`, new TextEncoder().encode(query)]),
          ),
          ok: 'any',
        }
        if (output.code !== 0)
          return failedResult(`Cannot execute SQL: ${sqlComplaint(output.stderr)}`, {
            query: queries.at(-1) ?? '',
            changed: false,
          })
        return { ...resultOf(queries, readAnswers(output.stdout, mark, queries)), query_list: written }
      },
    }
  },
})

function settings(args: Args): readonly string[] {
  return [
    ...(args.encoding === undefined ? [] : [`SET client_encoding = ${literal(args.encoding)}`]),
    ...(args.search_path.length === 0 ? [] : [`SET search_path = ${args.search_path.map(ident).join(', ')}`]),
  ]
}

type Answer = ReturnType<typeof readAnswers>[number]

function resultOf(queries: readonly string[], answers: readonly Answer[]): Result {
  const last = answers.at(-1)
  const all: Value[] = answers.map(rowsOf)
  return {
    changed: answers.some(answer => isChange(answer.status)),
    query: queries.at(-1) ?? '',
    query_result: last === undefined ? [] : rowsOf(last),
    query_all_results: all,
    rowcount: answers.reduce((sum, { rowcount }) => sum + rowcount, 0),
    statusmessage: last?.status ?? '',
  }
}

/** A statement that gives no rows by its kind has {}, as psycopg has nothing to fetch there. */
function rowsOf({ status, rows }: Answer): Value {
  return rows.length === 0 && !/^(SELECT|SHOW|EXPLAIN|FETCH|VALUES)\b/.test(status) ? {} : [...rows]
}
