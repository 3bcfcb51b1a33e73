/** Entries of `roles:`, `meta/main.yml` and `meta/argument_specs.yml`. */
import { SPEC_TYPES } from '../base/argument-types.ts'
import { META_KEYS } from '../config/load-role.ts'
import { anything, bool, described, type JsonSchema, listOf, strict, text } from './json-schema.ts'
import { keywordSchemas } from './keyword-schema.ts'

/** Keys that are no keywords are parameters of the role, so none is unknown. */
export function roleUse(): JsonSchema {
  const name = described(text, 'Name of the role.')
  return { type: ['object', 'string'], properties: keywordSchemas('role', { role: name, name }) }
}

export function metaSchema(): JsonSchema {
  const known: Readonly<Record<string, JsonSchema>> = {
    dependencies: described(
      { type: ['array', 'null'], items: { $ref: '#/definitions/role' } },
      'Roles that run before this one.',
    ),
    allow_duplicates: described({ type: 'boolean' }, 'Run again when it ran with the same parameters.'),
    galaxy_info: described({ type: ['object', 'null'] }, 'What Ansible Galaxy shows; of no effect.'),
    argument_specs: specsSchema(),
    collections: described(listOf(text), 'Accepted; modules are found without it.'),
  }
  const properties = Object.fromEntries(META_KEYS.map(key => [key, known[key] ?? anything]))
  return { ...(strict(properties) as object), type: ['object', 'null'] }
}

/** What the role takes, by entry point (main is tasks/main.yml). */
export function specsSchema(): JsonSchema {
  const about = 'What the role takes, by the name of a file of tasks.'
  return { description: about, type: ['object', 'null'], additionalProperties: entry }
}

const words: JsonSchema = { type: ['string', 'array'], items: text }

const options: JsonSchema = {
  description: 'Variables of the role, by name.',
  type: ['object', 'null'],
  additionalProperties: { $ref: '#/definitions/option' },
}

const entry: JsonSchema = {
  type: ['object', 'null'],
  properties: {
    short_description: described(text, 'Shown while the arguments are checked.'),
    description: described(words, 'What the role does from here.'),
    version_added: text,
    author: words,
    options,
  },
}

export function optionSchema(): JsonSchema {
  return {
    type: 'object',
    properties: {
      type: described({ enum: [...SPEC_TYPES] }, 'Type of the value; str when not said.'),
      elements: described({ enum: [...SPEC_TYPES] }, 'Type of the items of a list.'),
      required: described(bool, 'The role does not begin without it.'),
      default: described(anything, 'What the role does by itself; set it in defaults/ too.'),
      choices: described({ type: 'array' }, 'The only values that are taken.'),
      aliases: described(listOf(text), 'Other names of the variable.'),
      description: described(words, 'What it is for.'),
      options,
      apply_defaults: described(bool, 'Check what is within also when nothing is given.'),
      version_added: text,
    },
  }
}
