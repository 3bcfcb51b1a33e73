/** The frame of modules that ask PostgreSQL one thing and then run statements. */
import type { Key, Seen } from '../../probes/contract.ts'
import type { Change, Result, Verdict } from '../contract.ts'
import { type Login, lookSql, readSql, runSql, type SqlSeen } from './postgres.ts'
import { fail } from './results.ts'

export interface SqlEdit {
  readonly change: Change
  readonly sql: string
  /** What results show instead, when the statement holds a secret. */
  readonly shown?: string
}

export interface SqlPlan {
  readonly login: Login
  readonly db: string
  readonly edits: readonly SqlEdit[]
  /** Name of the list of statements in the result. */
  readonly list: 'queries' | 'query' | 'executed_commands'
  readonly result?: Result
  readonly touches?: readonly Key[]
  readonly warnings?: readonly string[]
  /** All statements in one transaction; not for CREATE DATABASE and its like. */
  readonly isAtomic?: boolean
}

export function askSql(
  login: Login,
  db: string,
  { sql, seen }: { readonly sql: string; readonly seen: Seen },
): SqlSeen {
  return readSql(seen.get(lookSql(login, db, sql)))
}

export function sqlVerdict(plan: SqlPlan): Verdict {
  const { edits, warnings = [], isAtomic = true } = plan
  const result = { ...plan.result, [plan.list]: edits.map(edit => edit.shown ?? edit.sql) }
  if (edits.length === 0) return { kind: 'ok', result, warnings }
  return {
    kind: 'change',
    changes: edits.map(edit => edit.change),
    apply: [runSql(plan.login, plan.db, { statements: edits.map(edit => edit.sql), isAtomic })],
    result,
    warnings,
    ...(plan.touches === undefined ? {} : { touches: plan.touches }),
  }
}

export function unreachable(problem: string): Verdict {
  return fail(`unable to connect to database: ${problem}`)
}
