/** JSON Schema of a module's arguments, from its zod shape; looser where the shape's steps bend what YAML gives. */
import type { z } from 'zod'
import type { Module } from '../modules/contract.ts'
import { argumentText } from './argument-texts.ts'
import {
  annotated,
  anything,
  bool,
  int,
  type JsonSchema,
  listOf,
  mapping,
  number,
  oneOf,
  template,
  text,
} from './json-schema.ts'
import { type Def, defOf, moduleShape } from './module-shape.ts'

/** The value of a module's key in a task. Nothing is required there: `args` and `module_defaults` give arguments too. */
export function moduleSchema(module: Module): JsonSchema {
  const found = moduleShape(module.args())
  const about = { description: `${module.summary}.`, type: ['object', 'string', 'null'] }
  if (found === undefined) return about
  const { shape, names, mainName } = found
  const properties = Object.fromEntries(
    names.map(name => {
      const main = mainName(name)
      const also = main === name ? undefined : `Another name of ${main}.`
      return [name, argumentSchema(shape[main], also ?? argumentText(module.name, name, names))]
    }),
  )
  return { ...about, properties, additionalProperties: false }
}

function argumentSchema(schema: z.core.$ZodType | undefined, note: string | undefined): JsonSchema {
  const { def, isRequired, fallback, description } = unwrap(schema)
  const words = [note ?? description, isRequired && note === undefined ? 'Required.' : undefined]
  const about = words.filter(word => word !== undefined).join(' ')
  return annotated(valueSchema(def), { description: about === '' ? undefined : about, default: fallback })
}

interface Unwrapped {
  readonly def: Def | undefined
  readonly isRequired: boolean
  readonly fallback: unknown
  readonly description: string | undefined
}

function unwrap(schema: z.core.$ZodType | undefined): Unwrapped {
  let isRequired = true
  let fallback: unknown
  let description: string | undefined
  let one = schema
  for (;;) {
    const def = defOf(one)
    description ??= (one as z.ZodType | undefined)?.description
    if (def?.type === 'optional' || def?.type === 'nullable') isRequired = false
    else if (def?.type === 'default' || def?.type === 'prefault') {
      isRequired = false
      fallback ??= def.defaultValue
    } else if (def?.type === 'pipe') {
      // Steps come before the schema they prepare for, or behind the one they change.
      const out = def.out as z.core.$ZodType
      one = defOf(out)?.type === 'transform' ? (def.in as z.core.$ZodType) : out
      continue
    } else return { def, isRequired, fallback, description }
    one = def.innerType as z.core.$ZodType
  }
}

function valueSchema(def: Def | undefined): JsonSchema {
  switch (def?.type) {
    case 'string':
      return text
    case 'boolean':
      return bool
    case 'number':
      return isWhole(def) ? int : number
    case 'enum':
      return oneOf(Object.values(def.entries as object).map(String))
    case 'literal':
      return oneOf((def.values as unknown[]).map(String))
    case 'array':
      return listOf(argumentSchema(def.element as z.core.$ZodType, ''))
    case 'record':
      return { ...(mapping as object), additionalProperties: inner(def.valueType) }
    case 'object':
      return objectSchema(def)
    case 'union':
      return { anyOf: [...(def.options as z.core.$ZodType[]).map(inner), template, { type: 'null' }] }
    default:
      return anything
  }
}

const inner = (schema: unknown): JsonSchema => argumentSchema(schema as z.core.$ZodType, '')

function isWhole(def: Def): boolean {
  return def.format === 'safeint' || String(def.check) === 'number_format'
}

function objectSchema(def: Def): JsonSchema {
  const shape = Object.entries(def.shape as Readonly<Record<string, z.core.$ZodType>>)
  const isStrict = defOf(def.catchall as z.core.$ZodType | undefined)?.type === 'never'
  return {
    ...(mapping as object),
    properties: Object.fromEntries(shape.map(([name, item]) => [name, argumentSchema(item, undefined)])),
    additionalProperties: !isStrict,
  }
}
