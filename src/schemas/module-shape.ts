/** The arguments of a module, read off its schema: each with the schema of its value, and the other names they go by. */
import type { z } from 'zod'

export interface ModuleShape {
  readonly shape: Readonly<Record<string, z.core.$ZodType>>
  /** With other names. */
  readonly names: readonly string[]
  /** The main name of an argument; other names lead to one. */
  readonly mainName: (name: string) => string
}

export type Def = z.core.$ZodType['_zod']['def'] & Readonly<Record<string, unknown>>

export const defOf = (schema: z.core.$ZodType | undefined) => schema?._zod.def as Def | undefined

/** undefined: it takes any names. A schema is a preprocessing step in front of an object, perhaps with further steps around. */
export function moduleShape(schema: z.core.$ZodType): ModuleShape | undefined {
  const steps: ((value: unknown) => unknown)[] = []
  let names: readonly string[] = []
  for (let one: z.core.$ZodType | undefined = schema; one !== undefined; ) {
    const def: Def | undefined = defOf(one)
    const listed = (one as z.ZodType).meta?.()?.names
    if (names.length === 0 && Array.isArray(listed)) names = listed as string[]
    if (def?.type === 'object') {
      const shape = def.shape as ModuleShape['shape']
      return {
        shape,
        names: [...new Set([...Object.keys(shape), ...names])],
        mainName: name => renamed(steps, name),
      }
    }
    const step = defOf(def?.in as z.core.$ZodType | undefined)?.transform
    if (typeof step === 'function') steps.push(value => step(value, { issues: [] }))
    one = (def?.out ?? def?.innerType) as z.core.$ZodType | undefined
  }
  return undefined
}

/** The schema of each argument, and of the keys inside of mappings and lists of mappings: `ipam_config.subnet`. */
export function argumentSchemas(schema: z.core.$ZodType): ReadonlyMap<string, z.ZodType> {
  const found = new Map<string, z.ZodType>()
  const object = moduleShape(schema)
  for (const [name, inner] of Object.entries(object?.shape ?? {})) {
    found.set(name, inner as z.ZodType)
    for (const [key, more] of argumentSchemas(elementOf(inner))) found.set(`${name}.${key}`, more)
  }
  return found
}

/** Of a list, what is in it. */
function elementOf(schema: z.core.$ZodType): z.core.$ZodType {
  const def = defOf(schema)
  if (def?.type === 'array') return def.element as z.core.$ZodType
  const inner = (def?.innerType ?? (def?.type === 'pipe' ? def.out : undefined)) as
    | z.core.$ZodType
    | undefined
  return inner === undefined ? schema : elementOf(inner)
}

/** What the steps make of a mapping with this one name. */
function renamed(steps: readonly ((value: unknown) => unknown)[], name: string): string {
  const value = steps.reduce<object>((given, step) => attempt(step, given), { [name]: '' })
  return Object.keys(value)[0] ?? name
}

/** A step that looks at what is inside may not like a made-up value; then it changes no names. */
function attempt(step: (value: unknown) => unknown, value: object): object {
  try {
    const result = step(value)
    return typeof result === 'object' && result !== null ? result : value
  } catch {
    return value
  }
}
