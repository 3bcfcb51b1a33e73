/**
 * JSON Schema (draft 7, which every editor reads) in the few pieces that the schemas are made of. What YAML
 * and templates make of a value is part of each piece: `yes` is true, "8080" a number, a template anything,
 * and a key without a value counts as not given.
 */
export type JsonSchema = boolean | { readonly [key: string]: unknown }

export const DRAFT = 'http://json-schema.org/draft-07/schema#'

const TEMPLATE = '\\{[{%#]'
const YES_OR_NO =
  '^(?:[Yy]es|YES|[Nn]o|NO|[Tt]rue|TRUE|[Ff]alse|FALSE|[Oo]n|ON|[Oo]ff|OFF|[YyNnTtFf01]|[01]\\.0)$'

export const anything: JsonSchema = {}

export const template: JsonSchema = { type: 'string', pattern: TEMPLATE }

export const text: JsonSchema = { type: ['string', 'number', 'boolean', 'null'] }

export const bool: JsonSchema = { $ref: '#/definitions/bool' }

export const int: JsonSchema = { $ref: '#/definitions/int' }

export const number: JsonSchema = { $ref: '#/definitions/number' }

/** What the references above stand for. */
export const SCALARS: Readonly<Record<string, JsonSchema>> = {
  bool: {
    type: ['boolean', 'string', 'number', 'null'],
    pattern: `${YES_OR_NO}|${TEMPLATE}`,
    minimum: 0,
    maximum: 1,
  },
  int: { type: ['integer', 'string', 'null'], pattern: `^\\s*[-+]?\\d+\\s*$|${TEMPLATE}` },
  number: {
    type: ['number', 'string', 'null'],
    pattern: `^\\s*[-+]?\\d+(?:\\.\\d+)?%?\\s*$|${TEMPLATE}`,
  },
}

/** A mapping with any keys, or a template that gives one. */
export const mapping: JsonSchema = { type: ['object', 'string', 'null'], pattern: TEMPLATE }

/** A list, where one value and a text with commas are lists too. */
export function listOf(items: JsonSchema): JsonSchema {
  return { type: ['array', 'string', 'number', 'boolean', 'null'], items }
}

/** One of these words; `yes` and `no` may be written as booleans, numbers without quotes. */
export function oneOf(words: readonly string[]): JsonSchema {
  const booleans = words.some(word => /^(?:yes|no|true|false|on|off)$/i.test(word)) ? [true, false] : []
  const numbers = words.filter(word => /^\d+(?:\.\d+)?$/.test(word)).map(Number)
  return { anyOf: [{ enum: [...words, ...booleans, ...numbers, null] }, template] }
}

/** A mapping with these keys and no others. */
export function strict(properties: Readonly<Record<string, JsonSchema>>): JsonSchema {
  return { type: 'object', properties, additionalProperties: false }
}

/** The same with a description, which editors show, or a default. What stands beside a reference counts for nothing. */
export function annotated(
  schema: JsonSchema,
  notes: { readonly description?: string | undefined; readonly default?: unknown },
): JsonSchema {
  const given = Object.fromEntries(Object.entries(notes).filter(([, value]) => value !== undefined))
  if (typeof schema === 'boolean' || Object.keys(given).length === 0) return schema
  return '$ref' in schema ? { ...given, allOf: [schema] } : { ...given, ...schema }
}

export function described(schema: JsonSchema, description: string | undefined): JsonSchema {
  return annotated(schema, { description })
}

/**
 * A file that stands by itself: with those of the definitions that it leads to. References from one file to another
 * would be shorter, but editors that resolve them for two files at once get them wrong.
 */
export function fileSchema(
  title: string,
  schema: JsonSchema,
  pool: Readonly<Record<string, JsonSchema>>,
): JsonSchema {
  const needed = new Set<string>()
  const follow = (one: unknown) => {
    for (const [, name = ''] of JSON.stringify(one).matchAll(/"#\/definitions\/(\w+)"/g)) {
      if (needed.has(name)) continue
      needed.add(name)
      follow(pool[name])
    }
  }
  follow(schema)
  const definitions = Object.fromEntries([...needed].sort().map(name => [name, pool[name]]))
  const whole = '$ref' in (schema as object) ? { allOf: [schema] } : (schema as object)
  return { $schema: DRAFT, title, ...whole, ...(needed.size === 0 ? {} : { definitions }) }
}
