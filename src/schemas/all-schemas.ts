/**
 * The JSON Schemas of what people write, by file name: made from the keyword tables of the config room, the zod
 * shapes of the modules, and the wizard's variables. `node scripts/schemas.mjs` writes them into schemas/.
 */
import { z } from 'zod'
import { projectSchema } from '../config/project-file.ts'
import { manifestSchema } from '../manifest/manifest-schema.ts'
import { ALL_MODULES } from '../modules/index.ts'
import { answersSchema } from './answers-schema.ts'
import { moduleSchema } from './argument-schema.ts'
import { inventoryDefinitions, inventorySchema, variablesSchema } from './inventory-schemas.ts'
import { described, fileSchema, type JsonSchema, SCALARS, strict } from './json-schema.ts'
import { keywordSchemas } from './keyword-schema.ts'
import { metaSchema, optionSchema, roleUse, specsSchema } from './role-schemas.ts'
import { defaultsSchema, taskDefinitions } from './task-schema.ts'

export function allSchemas(): Readonly<Record<string, JsonSchema>> {
  const pool = { ...SCALARS, ...language(), ...inventoryDefinitions() }
  const file = (title: string, schema: JsonSchema) => fileSchema(title, schema, pool)
  const specs = { ...(strict({ argument_specs: specsSchema() }) as object), type: ['object', 'null'] }
  return {
    'playbook.json': file('Playbook', listOfAll('play_or_import')),
    'tasks.json': file('Tasks of a role', listOfAll('task_or_block')),
    'handlers.json': file('Handlers of a role', listOfAll('handler')),
    'meta.json': file('meta/main.yml of a role', metaSchema()),
    'argument_specs.json': file('meta/argument_specs.yml of a role', specs),
    'inventory.json': file('Inventory', inventorySchema()),
    'vars.json': file('Variables of hosts, groups or roles', variablesSchema()),
    'vpai.json': { ...z.toJSONSchema(projectSchema, { io: 'input', target: 'draft-7' }), title: 'vpai.yml' },
    'service.json': {
      ...z.toJSONSchema(manifestSchema, { io: 'input', target: 'draft-7' }),
      title: 'service.yml of a role',
    },
    'answers.json': file('Answers for vpai wizard', answersSchema()),
  }
}

/** The text of a file in schemas/: a line for each definition, so that a change can be read. */
export function schemaText(schema: JsonSchema): string {
  const { definitions, ...rest } = schema as { readonly definitions?: Record<string, JsonSchema> }
  if (definitions === undefined) return `${JSON.stringify(rest, null, 1)}\n`
  const lines = Object.entries(definitions).map(([name, one]) => `"${name}":${JSON.stringify(one)}`)
  return `${JSON.stringify(rest).slice(0, -1)},\n"definitions":{\n${lines.join(',\n')}\n}}\n`
}

function listOfAll(name: string): JsonSchema {
  return { type: ['array', 'null'], items: { $ref: `#/definitions/${name}` } }
}

function language(): Readonly<Record<string, JsonSchema>> {
  const modules = ALL_MODULES.map((module): [string, JsonSchema] => [
    `${module.name}_module`,
    moduleSchema(module),
  ])
  return {
    play_or_import: {
      if: { type: 'object', anyOf: IMPORTS.map(key => ({ required: [key] })) },
      then: { $ref: '#/definitions/imported_playbook' },
      else: { $ref: '#/definitions/play' },
    },
    play: { ...(strict(keywordSchemas('play')) as object), required: ['hosts'] },
    imported_playbook: importedPlaybook(),
    role: roleUse(),
    option: optionSchema(),
    ...taskDefinitions(ALL_MODULES),
    ...Object.fromEntries(modules),
    module_defaults: defaultsSchema(ALL_MODULES),
  }
}

const IMPORTS = ['import_playbook', 'ansible.builtin.import_playbook']

function importedPlaybook(): JsonSchema {
  const file = described({ type: 'string' }, 'Playbook whose plays stand here.')
  return strict({
    ...keywordSchemas('import_playbook'),
    ...Object.fromEntries(IMPORTS.map(key => [key, file])),
  })
}
