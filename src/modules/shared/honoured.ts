/**
 * Arguments of Ansible's that are not carried out: those that mean nothing here are taken, with the reason for the
 * documentation; those that would change what happens are errors when the project is read, at their position.
 */
import { z } from 'zod'

const WITHOUT_EFFECT = z.registry<{ readonly reason: string }>()

/** Taken, whatever its value. The reason is a clause, and stands in docs/modules.md. */
export function withoutEffect<Schema extends z.ZodType>(schema: Schema, reason: string): Schema {
  WITHOUT_EFFECT.add(schema, { reason })
  return schema
}

/** null: it has an effect. */
export function reasonWithoutEffect(schema: z.core.$ZodType): string | null {
  return WITHOUT_EFFECT.get(schema)?.reason ?? null
}

/** An error with any value. */
export const refused = (instead: string) => z.custom<undefined>(() => false, sentence(instead)).optional()

/** Values that ask for what happens anyway are taken, all others are errors. */
export function only<Schema extends z.ZodType>(
  schema: Schema,
  isFine: (value: z.output<Schema>) => boolean,
  why: string,
) {
  return schema.refine(isFine, sentence(why))
}

/** Names of encodings that are UTF-8, or part of it. */
export const isUtf8 = (name: string): boolean => /^(utf[-_]?8|us-ascii|ascii)$/i.test(name)

const sentence = (why: string) => `cannot be honoured: ${why}`
