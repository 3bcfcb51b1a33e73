/** What stands in lists of tasks and of handlers: a task, a block, an import or an include. */
import type { Level } from '../config/keywords.ts'
import { META_WORDS } from '../config/rules/check-meta.ts'
import { ROLE_OPTIONS } from '../config/statement.ts'
import type { Module } from '../modules/contract.ts'
import { KNOWN_LOOKUPS } from '../template/lookups/call-lookup.ts'
import { fullName } from './collections.ts'
import { anything, bool, described, type JsonSchema, mapping, text } from './json-schema.ts'
import { keywordSchemas } from './keyword-schema.ts'

type Definitions = Readonly<Record<string, JsonSchema>>

export function taskDefinitions(modules: readonly Module[]): Definitions {
  return {
    task: actingSchema('task', modules),
    handler_task: actingSchema('handler', modules),
    block: closed(keywordSchemas('block')),
    include: statementSchema('include', INCLUDES),
    import: statementSchema('import', IMPORTS),
    task_or_block: chosen(['block', 'rescue', 'always'], 'block', statements('task')),
    handler: statements('handler_task'),
  }
}

/** The keys that name a module: its own name, other names, and full names. */
export function moduleKeys(modules: readonly Module[]): Record<string, JsonSchema> {
  return Object.fromEntries(
    modules.flatMap(module => {
      const names = [module.name, ...(module.aliases ?? [])]
      const schema = { $ref: `#/definitions/${module.name}_module` }
      return [...names, ...names.map(fullName)].map(name => [name, schema])
    }),
  )
}

function actingSchema(level: Level, modules: readonly Module[]): JsonSchema {
  const meta = { description: 'Tells the run what to do.', enum: META_WORDS }
  const keys = { ...moduleKeys(modules), meta, 'ansible.builtin.meta': meta }
  return closed({ ...keywordSchemas(level), ...loops(), ...keys }, otherNames(modules))
}

/** with_<lookup>; with a collection in front, any lookup. */
function loops(): Record<string, JsonSchema> {
  const about = (lookup: string) => `Run the task for each item that the lookup ${lookup} gives.`
  return Object.fromEntries(
    [...KNOWN_LOOKUPS].sort().map(lookup => [`with_${lookup}`, described(anything, about(lookup))]),
  )
}

const FULL_LOOPS = '^with_(?:ansible\\.builtin|community\\.general)\\.'

/** A module is found under any collection's name. */
function otherNames(modules: readonly Module[]): Definitions {
  const names = modules.flatMap(({ name, aliases }) => [name, ...(aliases ?? [])])
  return {
    [FULL_LOOPS]: anything,
    [`^[a-z][a-z0-9_]*\\.[a-z][a-z0-9_]*\\.(?:${names.join('|')})$`]: anything,
  }
}

function closed(properties: Definitions, patternProperties: Definitions = {}): JsonSchema {
  const patterns = Object.keys(patternProperties).length === 0 ? {} : { patternProperties }
  return { type: 'object', properties, ...patterns, additionalProperties: false }
}

const INCLUDES = ['include_tasks', 'include_role']
const IMPORTS = ['import_tasks', 'import_role']

const withFull = (names: readonly string[]) => [...names, ...names.map(fullName)]

function statementSchema(level: 'include' | 'import', names: readonly string[]): JsonSchema {
  const statement = (name: string) => targetSchema(name.endsWith('tasks'), level === 'include')
  const keys = Object.fromEntries(withFull(names).map(name => [name, statement(name)]))
  const around = level === 'include' ? loops() : {}
  return closed(
    { ...keywordSchemas(level), ...around, ...keys },
    level === 'include' ? { [FULL_LOOPS]: anything } : {},
  )
}

function targetSchema(isTasks: boolean, isInclude: boolean): JsonSchema {
  const apply = described({ $ref: '#/definitions/block' }, 'Keywords for what is included.')
  const role = Object.fromEntries(
    ROLE_OPTIONS.map(name => [name, described(OPTION_TYPES[name] ?? text, OPTION_TEXTS[name])]),
  )
  const properties = isTasks
    ? { file: described(text, 'File of tasks.') }
    : { name: described(text, 'Name of the role.'), role: described(text, 'Another name of name.'), ...role }
  return {
    description: isTasks ? 'Tasks of a file stand here.' : 'Tasks of a role stand here.',
    type: ['object', 'string'],
    properties: isInclude ? { ...properties, apply } : properties,
    additionalProperties: false,
  }
}

const OPTION_TYPES: Definitions = { public: bool, allow_duplicates: bool, rolespec_validate: bool }

const OPTION_TEXTS: Readonly<Record<string, string>> = {
  tasks_from: 'File in tasks/ instead of main.',
  vars_from: 'File in vars/ instead of main.',
  defaults_from: 'File in defaults/ instead of main.',
  handlers_from: 'File in handlers/ instead of main.',
  public: 'Variables of the role are there for what follows.',
  allow_duplicates: 'Run it again when it ran with the same parameters.',
  rolespec_validate: 'Check its argument_specs first.',
}

/** The schema of a statement is chosen by its keys, so that what is wrong with it is said once. */
function statements(other: string): JsonSchema {
  const imports = chosen(withFull(IMPORTS), 'import', { $ref: `#/definitions/${other}` })
  return { type: 'object', ...(chosen(withFull(INCLUDES), 'include', imports) as object) }
}

function chosen(keys: readonly string[], then: string, otherwise: JsonSchema): JsonSchema {
  return {
    // With its type: an editor at an empty item is to offer what stands under `else`.
    if: { type: 'object', anyOf: keys.map(key => ({ required: [key] })) },
    then: { $ref: `#/definitions/${then}` },
    else: otherwise,
  }
}

/** Values of module_defaults: arguments by module. */
export function defaultsSchema(modules: readonly Module[]): JsonSchema {
  return {
    ...(mapping as object),
    properties: moduleKeys(modules),
    patternProperties: { '\\{\\{': anything, ...otherNames(modules) },
    additionalProperties: false,
  }
}
