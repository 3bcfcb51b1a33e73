/** `service.yml` of a role to services. All problems at once, each with its place; nothing is thrown. */
import type { Position, Problem } from '../base/error.ts'
import { type Dict, isMapping, Template, type Value } from '../base/value.ts'
import { manifestProblem } from './manifest-problem.ts'
import { manifestSchema } from './manifest-schema.ts'
import { isTemplate, NO_MANIFEST, PIN, type RoleManifest, type Service } from './service.ts'

export interface ManifestSource {
  /** As read, with Template where a template is written. */
  readonly value: Value
  /** Of the value at a path; of its deepest parent that is there. */
  readonly positionAt: (path: readonly (string | number)[]) => Position
  /** Of the key. */
  readonly keyPositionAt: (path: readonly (string | number)[]) => Position
  readonly role: string
}

export interface ReadManifest {
  readonly manifest: RoleManifest
  readonly problems: readonly Problem[]
}

export function readManifest(source: ManifestSource): ReadManifest {
  const written = plain(source.value)
  const parsed = manifestSchema.safeParse(written)
  if (!parsed.success) {
    const problems = parsed.error.issues.flatMap(issue => manifestProblem(issue, { source, written }))
    return { manifest: NO_MANIFEST, problems }
  }
  const { networks, services } = parsed.data
  return {
    manifest: {
      networks,
      services: Object.entries(services).map(([name, one]) => service(name, one, source)),
    },
    problems: [],
  }
}

function service(
  name: string,
  one: Omit<Service, 'name' | 'role' | 'positionOf' | 'value'>,
  source: ManifestSource,
): Service {
  const { positionAt, role } = source
  const at = (path: readonly (string | number)[]) => positionAt(['services', name, ...path])
  const { image, env_file: files } = one
  const lifted = withTemplates(one as unknown as Value, [], at) as Dict
  const value: Dict = {
    ...lifted,
    name,
    role,
    env_file: Array.isArray(files) ? (lifted.env_file ?? []) : [lifted.env_file ?? null],
    pin: image,
    image: PIN.test(image) ? new Template(`{{ image_${image} }}`, at(['image'])) : image,
    container: new Template(`{{ project_name }}_${name}`, at([])),
  }
  return { ...one, name, role, value, positionOf: (...path) => at(path) }
}

/** What zod made of the file, defaults among it, with its templates as templates again. */
function withTemplates(
  value: Value,
  path: readonly (string | number)[],
  at: (path: readonly (string | number)[]) => Position,
): Value {
  if (isTemplate(value)) return new Template(value, at(path))
  if (Array.isArray(value))
    return value.map((item: Value, index) => withTemplates(item, [...path, index], at))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value as Dict).filter(([, item]) => item !== undefined)
  return Object.fromEntries(entries.map(([key, item]) => [key, withTemplates(item, [...path, key], at)]))
}

/** For zod: templates as their text, mappings as objects, whole floats as numbers. */
function plain(value: Value): unknown {
  if (value instanceof Template) return value.source
  if (Array.isArray(value)) return value.map(plain)
  if (isMapping(value)) {
    const entries: [unknown, Value][] = value instanceof Map ? [...value] : Object.entries(value)
    return Object.fromEntries(entries.map(([key, item]) => [String(key), plain(item)]))
  }
  return typeof value === 'object' && value !== null ? value.valueOf() : value
}
