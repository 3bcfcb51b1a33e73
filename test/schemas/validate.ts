import { Ajv, type ErrorObject } from 'ajv'
import { isDict, isMapping, PyFloat, Template, type Value } from '../../src/base/value.ts'
import { allSchemas } from '../../src/schemas/all-schemas.ts'
import { readYaml } from '../../src/yaml/read-yaml.ts'

const ajv = new Ajv({ allErrors: true, allowUnionTypes: true, strictTypes: false, strictRequired: false })
for (const [name, schema] of Object.entries(allSchemas())) ajv.addSchema(schema as object, name)

/** What the schema says against a YAML text; nothing when all is well. */
export function complaints(schema: string, text: string, file: string): string[] {
  const { value } = readYaml(text, { file, templates: true })
  const validate = ajv.getSchema(schema)
  if (validate === undefined) throw new Error(`no schema ${schema}`)
  return validate(plain(value)) === true ? [] : (validate.errors ?? []).map(shown)
}

function shown({ instancePath, message, params }: ErrorObject): string {
  return `${instancePath} ${message} ${JSON.stringify(params)}`
}

/** As an editor's YAML reader has it: a template is the text that it is written as. */
function plain(value: Value): unknown {
  if (value instanceof Template) return value.source
  if (value instanceof PyFloat) return value.v
  if (value instanceof Date) return value.toISOString()
  if (typeof value === 'bigint') return Number(value)
  if (Array.isArray(value)) return value.map(plain)
  if (!isMapping(value)) return typeof value === 'object' && value !== null ? String(value) : value
  const entries: [unknown, Value][] = value instanceof Map ? [...value] : Object.entries(value)
  return Object.fromEntries(entries.map(([key, item]) => [String(key), plain(item)]))
}

/** Which schema a file of a project has: by its place, and where that leaves it open by what it holds. */
export function schemaOf(file: string, text: string): string | undefined {
  if (!/\.ya?ml$/.test(file) || /(^|\/)(files|templates)\//.test(file)) return undefined
  const placed = PLACES.find(([place]) => place.test(file))?.[1]
  if (placed !== undefined) return placed
  const { value } = readYaml(text, { file, templates: true })
  const [first] = Array.isArray(value) ? value : []
  if (!isDict(first)) return undefined
  return 'hosts' in first || Object.keys(first).some(key => key.endsWith('import_playbook'))
    ? 'playbook.json'
    : 'tasks.json'
}

const PLACES: readonly (readonly [RegExp, string])[] = [
  [/(^|\/)site\.yml$/, 'playbook.json'],
  [/(^|\/)vpai\.yml$/, 'vpai.json'],
  [/(^|\/)answers\.yml$/, 'answers.json'],
  [/(^|\/)roles\/[^/]+\/service\.yml$/, 'service.json'],
  [/(^|\/)meta\/argument_specs\.yml$/, 'argument_specs.json'],
  [/(^|\/)meta\/main\.yml$/, 'meta.json'],
  [/(^|\/)(group_vars|host_vars|defaults|vars)\//, 'vars.json'],
  [/(^|\/)handlers\//, 'handlers.json'],
  [/(^|\/)tasks\//, 'tasks.json'],
  [/(^|\/)(inventory\/|hosts\.yml$)/, 'inventory.json'],
]
