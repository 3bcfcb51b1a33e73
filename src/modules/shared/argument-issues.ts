/**
 * What a module would say of arguments as they are written, before any task runs. Importing this loads every module;
 * the loader gets it as a function.
 */
import { z } from 'zod'
import type { Value } from '../../base/value.ts'
import { findModule } from '../index.ts'
import { fieldsOf } from './arguments.ts'

export interface ArgumentIssue {
  /** As written; null when it is about all of them together. */
  readonly argument: string | null
  readonly message: string
}

type Given = Readonly<Record<string, Value>>

export interface Written {
  /** Arguments whose values are known. */
  readonly given: Given
  /** Of a command. */
  readonly freeText: Value | undefined
  /** There are no other arguments, so what is missing and what does not go together is told too. */
  readonly isWhole: boolean
}

export function argumentIssues(
  name: string,
  { given, freeText, isWhole }: Written,
): readonly ArgumentIssue[] {
  const module = findModule(name)
  if (module === null) return []
  const free = freeText === undefined || module.freeForm === undefined ? {} : { [module.freeForm]: freeText }
  const all = { ...free, ...given }
  return isWhole ? issuesOfAll(module.args(), all) : issuesOfEach(module.args(), all)
}

function issuesOfAll(schema: z.ZodType, given: Given): readonly ArgumentIssue[] {
  const { error } = schema.safeParse(given)
  const aliases = fieldsOf(schema)?.aliases ?? {}
  return (error?.issues ?? []).map(issue => {
    const [main, ...inside] = issue.path.map(String)
    const argument = Object.keys(given).find(key => key === main || aliases[key] === (main ?? null)) ?? null
    return { argument, message: told(argument ?? main, inside, issue.message) }
  })
}

/** Each value by itself; null is as if it were not given. */
function issuesOfEach(schema: z.ZodType, given: Given): readonly ArgumentIssue[] {
  const fields = fieldsOf(schema)
  if (fields === null) return []
  return Object.entries(given).flatMap(([argument, value]) => {
    const field = fields.shape[fields.aliases[argument] ?? argument]
    const issues =
      field === undefined || value === null ? [] : (z.safeParse(field, value).error?.issues ?? [])
    return issues.map(({ path, message }) => ({
      argument,
      message: told(argument, path.map(String), message),
    }))
  })
}

function told(argument: string | undefined, inside: readonly string[], message: string): string {
  return argument === undefined ? message : `${[argument, ...inside].join('.')}: ${message}`
}
