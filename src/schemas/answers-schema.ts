/** The file that `vpai wizard --answers` reads. */
import type { System, Variable, VariableType } from '../wizard/variable.ts'
import { VARIABLES } from '../wizard/variables.ts'
import { bool, described, int, type JsonSchema, listOf, number, oneOf, strict, text } from './json-schema.ts'

const SYSTEMS: readonly System[] = ['vpai', 'atlas', 'homelab']

export function answersSchema(): JsonSchema {
  const systems: JsonSchema = {
    description: 'What the project sets up; vpai when not said.',
    type: ['array', 'string'],
    items: { enum: SYSTEMS },
  }
  const variables = VARIABLES.map((variable): [string, JsonSchema] => [variable.name, answerSchema(variable)])
  return strict({ systems, ...Object.fromEntries(variables) })
}

function answerSchema({ type, title, help, choices, secret }: Variable): JsonSchema {
  const hint = secret === true ? 'A secret.' : undefined
  const description = [title, help, hint].filter(line => line !== undefined).join('\n')
  return described(choices === undefined ? (TYPES[type] ?? text) : oneOf(choices), description)
}

const TYPES: Readonly<Partial<Record<VariableType, JsonSchema>>> = {
  int,
  float: number,
  bool,
  list: listOf(text),
  map: { type: ['object', 'array', 'string', 'null'], additionalProperties: text },
}
