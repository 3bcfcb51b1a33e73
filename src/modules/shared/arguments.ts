/**
 * Pieces of module schemas that take what Ansible takes: `yes` for true, a comma text for a list,
 * a number where a text is wanted. Wrong values are refused with a sentence, never bent.
 */
import { z } from 'zod'
import { Secret } from '../../base/secret.ts'
import { PyFloat } from '../../base/value.ts'

/**
 * A strict object: unknown keys are refused, null counts as not given but for the names in `nullable`, aliases
 * become the main name. `names` of its meta lists all.
 */
export function argumentsOf<Shape extends z.ZodRawShape>(
  shape: Shape,
  aliases: Readonly<Record<string, string>> = {},
  nullable: readonly string[] = [],
) {
  const strict = z.strictObject(shape)
  ALIASES.set(strict, aliases)
  const schema = z.preprocess(value => tidy(value, aliases, nullable), strict)
  return schema.meta({ names: [...Object.keys(shape), ...Object.keys(aliases)] })
}

const ALIASES = new WeakMap<object, Readonly<Record<string, string>>>()

export interface Fields {
  readonly shape: z.ZodRawShape
  /** Main names by alias. */
  readonly aliases: Readonly<Record<string, string>>
}

/** Of a schema that argumentsOf made, also with conditions added: what each argument takes. Null for others. */
export function fieldsOf(schema: z.ZodType): Fields | null {
  const strict = schema instanceof z.ZodPipe ? schema.out : null
  return strict instanceof z.ZodObject ? { shape: strict.shape, aliases: ALIASES.get(strict) ?? {} } : null
}

function tidy(
  value: unknown,
  aliases: Readonly<Record<string, string>>,
  nullable: readonly string[],
): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value
  const entries = value instanceof Map ? [...value] : Object.entries(value)
  const given = entries.filter(
    ([name, item]) => item !== undefined && (item !== null || nullable.includes(name)),
  )
  const names = new Set(given.map(([name]) => name))
  return Object.fromEntries(
    given.map(([name, item]) => {
      const main = Object.hasOwn(aliases, name) ? aliases[name]! : name
      return [main !== name && names.has(main) ? name : main, item]
    }),
  )
}

/** Text; numbers, booleans and secrets become text as Python would print them. */
export const text = () => z.preprocess(asText, z.string('must be text'))

/** Text that is not empty. */
export const word = () => z.preprocess(asText, z.string('must be text').min(1, 'must not be empty'))

/** A path; a leading ~ is left for the host to expand. */
export const path = () => z.preprocess(asText, z.string('must be a path').min(1, 'must not be empty'))

export const bool = () => z.preprocess(asBool, z.boolean('must be yes or no'))

export const int = () => z.preprocess(asNumber, z.int('must be a whole number'))

export const float = () => z.preprocess(asNumber, z.number('must be a number'))

/** A list of texts; a comma text and a single value are lists too. */
export const list = () => listOf(text())

export const listOf = <Item extends z.ZodType>(item: Item) =>
  z.preprocess(asList, z.array(item, 'must be a list'))

/** One of a few words; a boolean where `yes` or `no` is among them counts as that word. */
export const choice = <const Words extends readonly [string, ...string[]]>(words: Words) =>
  z.preprocess(value => asChoice(value, words), z.enum(words, `must be one of: ${words.join(', ')}`))

/** A mapping from names to values. */
export const dict = () => z.preprocess(asDict, z.record(z.string(), z.unknown(), 'must be a mapping'))

/** A mapping from names to texts. */
export const textDict = () => z.preprocess(asDict, z.record(z.string(), text(), 'must be a mapping'))

/** Permission bits. Text is octal (`0644`, `u=rw` is not taken); a number is the bits themselves, as YAML reads 0644. */
export const octal = () =>
  z.preprocess(
    value => (typeof value === 'string' && /^(0o)?[0-7]{1,5}$/.test(value) ? parseOctal(value) : value),
    z.int('must be octal permission bits, such as "0644"').min(0).max(0o7777),
  )

/** User or group: a name, or a numeric id as number or text. */
export const owner = () => z.union([z.int().min(0), z.string().min(1)], 'must be a name or an id')

/** null for anything that is not one of Ansible's booleans. */
export function parseBool(value: unknown): boolean | null {
  if (typeof value === 'boolean') return value
  const plain = String(value).trim().toLowerCase()
  if (['yes', 'on', '1', 'true', 't', 'y', '1.0'].includes(plain)) return true
  if (['no', 'off', '0', 'false', 'f', 'n', '0.0'].includes(plain)) return false
  return null
}

function asText(value: unknown): unknown {
  if (value instanceof Secret) return value.reveal()
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (value instanceof PyFloat) return value.v.toFixed(1)
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : value
}

function asBool(value: unknown): unknown {
  const scalar = value instanceof PyFloat ? value.v : value instanceof Secret ? value.reveal() : value
  if (typeof scalar !== 'string' && typeof scalar !== 'number') return scalar
  return parseBool(scalar) ?? scalar
}

function asNumber(value: unknown): unknown {
  if (value instanceof PyFloat) return value.v
  if (typeof value === 'bigint') return Number(value)
  return typeof value === 'string' && /^\s*[-+]?\d+(\.\d+)?\s*$/.test(value) ? Number(value) : value
}

function asList(value: unknown): unknown {
  if (Array.isArray(value)) return value
  if (typeof value === 'string') {
    return value === '' ? [] : value.split(',').map(item => item.trim())
  }
  return value !== null &&
    typeof value === 'object' &&
    !(value instanceof Secret) &&
    !(value instanceof PyFloat)
    ? value
    : [value]
}

function asChoice(value: unknown, words: readonly string[]): unknown {
  if (typeof value === 'boolean') {
    return words.find(item => parseBool(item) === value) ?? (value ? 'True' : 'False')
  }
  return asText(value)
}

function asDict(value: unknown): unknown {
  return value instanceof Map
    ? Object.fromEntries([...value].map(([key, item]) => [String(key), item]))
    : value
}

function parseOctal(digits: string): number {
  return Number.parseInt(digits.replace(/^0o/, ''), 8)
}
