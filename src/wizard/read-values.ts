/** Values of YAML files as answers. */
import { ProblemsError } from '../base/error.ts'
import { looksLikeTemplate, PyFloat, type Value } from '../base/value.ts'
import { readYaml } from '../yaml/read-yaml.ts'
import type { Answer } from './variable.ts'

/** A mapping's entries; anything else has none. */
export function toAnswers(value: Value): Record<string, Answer> {
  const answer = toAnswer(value)
  return answer !== null && typeof answer === 'object' && !Array.isArray(answer)
    ? { ...(answer as Record<string, Answer>) }
    : {}
}

export interface InventoryVariables {
  readonly variables: Readonly<Record<string, Answer>>
  /** Names whose value is a template. */
  readonly untouched: ReadonlySet<string>
}

/** What an earlier run, or somebody by hand, wrote to a group_vars file. Throws a ProblemsError for a broken one. */
export function readInventoryVariables(text: string, file: string): InventoryVariables {
  const document = readYaml(text, { file, templates: false })
  const broken = document.problems.filter(problem => problem.severity !== 'warning')
  if (broken.length > 0) throw new ProblemsError(broken)
  const all = toAnswers(document.value)
  const isTemplate = (value: Answer) => looksLikeTemplate(JSON.stringify(value))
  const entries = Object.entries(all)
  return {
    variables: Object.fromEntries(entries.filter(([, value]) => !isTemplate(value))),
    untouched: new Set(entries.filter(([, value]) => isTemplate(value)).map(([name]) => name)),
  }
}

function toAnswer(value: Value): Answer {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value
  if (typeof value === 'bigint') return String(value)
  if (value instanceof PyFloat) return value.v
  if (value instanceof Date) return value.toISOString()
  if (Array.isArray(value)) return value.map(toAnswer)
  const pairs: readonly (readonly [unknown, unknown])[] =
    value instanceof Map ? [...value] : Object.entries(value)
  return Object.fromEntries(pairs.map(([name, item]) => [String(name), toAnswer(item as Value)]))
}
