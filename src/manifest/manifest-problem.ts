/** What zod found wrong, as people read it: where, what, and what to write. */
import { z } from 'zod'
import { didYouMean } from '../base/did-you-mean.ts'
import type { Problem } from '../base/error.ts'
import { manifestSchema } from './manifest-schema.ts'
import type { ManifestSource } from './read-manifest.ts'

type Path = readonly (string | number)[]

export function manifestProblem(
  issue: z.core.$ZodIssue,
  { source, written }: { readonly source: ManifestSource; readonly written: unknown },
): Problem[] {
  const path = issue.path.map(step => (typeof step === 'number' ? step : String(step)))
  if (issue.code === 'unrecognized_keys') return issue.keys.map(key => unknownKey(key, path, source))
  const [parent, key] = [path.slice(0, -1), path.at(-1)]
  const position = source.positionAt(path)
  const hint = describedAt(path)
  if (key !== undefined && isMissing(written, path)) {
    const what = MISSING[String(key)] ?? (parent[2] === 'limits' ? LIMITS : undefined)
    const code = what?.code ?? 'MANIFEST_INVALID'
    const message = `${shownPath(parent)} has no ${key}${what === undefined ? '' : `: ${what.why}`}`
    return [{ code, message, position, hint }]
  }
  if (issue.code === 'invalid_key') {
    const message = issue.issues.map(({ message }) => message).join('; ')
    return [
      {
        code: 'MANIFEST_INVALID',
        message: `${shownPath(path)}: ${message}`,
        position: source.keyPositionAt(path),
      },
    ]
  }
  return [{ code: 'MANIFEST_INVALID', message: `${shownPath(path)}: ${issue.message}`, position, hint }]
}

interface Missing {
  readonly code: string
  readonly why: string
}

const LIMITS: Missing = {
  code: 'MANIFEST_LIMITS_MISSING',
  why: 'in every environment a service has limits of memory and CPU',
}

/** Keys that nobody may leave out, and why. */
const MISSING: Readonly<Record<string, Missing>> = {
  limits: LIMITS,
  healthcheck: { code: 'MANIFEST_HEALTH_MISSING', why: 'without it nobody knows whether it came up' },
}

function unknownKey(key: string, path: Path, source: ManifestSource): Problem {
  const keys = keysAt(path)
  return {
    code: 'MANIFEST_UNKNOWN_KEY',
    message: `${shownPath(path)} has no key ${key}`,
    hint: didYouMean(key, keys) ?? `Its keys: ${keys.join(', ')}.`,
    position: source.keyPositionAt([...path, key]),
  }
}

function isMissing(written: unknown, path: Path): boolean {
  let value = written
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return true
    value = Object.entries(value).find(([key]) => key === String(step))?.[1]
  }
  return false
}

/** services.redis.ports[0].host */
function shownPath(path: Path): string {
  const steps = path.map(step => (typeof step === 'number' ? `[${step}]` : `.${step}`))
  return steps.length === 0 ? 'service.yml' : steps.join('').slice(1)
}

function describedAt(path: Path): string | undefined {
  for (let depth = path.length; depth > 0; depth--) {
    const found = schemasOn(path.slice(0, depth)).findLast(({ description }) => description !== undefined)
    if (found !== undefined) return found.description
  }
  return undefined
}

function keysAt(path: Path): string[] {
  const found = schemasOn(path).at(-1)
  return found instanceof z.ZodObject ? Object.keys(found.shape) : []
}

/** The schema at a path, in each of its wrappings, outermost first. */
function schemasOn(path: Path): z.ZodType[] {
  let layers = unwrapped(manifestSchema)
  for (const step of path) {
    const inner = below(layers.at(-1), step)
    if (inner === undefined) return []
    layers = unwrapped(inner)
  }
  return layers
}

function below(schema: z.ZodType | undefined, step: string | number): unknown {
  if (schema instanceof z.ZodObject)
    return Object.entries(schema.shape).find(([key]) => key === String(step))?.[1]
  if (schema instanceof z.ZodRecord) return schema.valueType
  return schema instanceof z.ZodArray ? schema.element : undefined
}

function unwrapped(schema: unknown): z.ZodType[] {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodOptional)
    return [schema, ...unwrapped(schema.unwrap())]
  return schema instanceof z.ZodType ? [schema] : []
}
