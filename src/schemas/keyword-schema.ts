/** JSON Schema of keywords, from the tables of the config room. */
import { findKeyword, type Keyword, keywordsOf, type Level, type ValueType } from '../config/keywords.ts'
import { PROMPT_KEYS } from '../config/load-play.ts'
import { CONTROLS } from '../config/read-loop.ts'
import {
  anything,
  bool,
  described,
  int,
  type JsonSchema,
  listOf,
  mapping,
  number,
  oneOf,
  strict,
  text,
} from './json-schema.ts'
import { KEYWORD_TEXTS, LOOP_TEXTS, PROMPT_TEXTS } from './keyword-texts.ts'

/** By name, what may stand at a level; `own` replaces what is known of a keyword's value only where it stands. */
export function keywordSchemas(
  level: Level,
  own: Readonly<Record<string, JsonSchema>> = {},
): Record<string, JsonSchema> {
  const names = keywordsOf(level).filter(name => findKeyword(name)?.levels.includes(level))
  return Object.fromEntries(
    names.flatMap(name => {
      const keyword = findKeyword(name)
      if (keyword === undefined) return []
      const schema = own[name] ?? SPECIAL[name] ?? keywordSchema(keyword)
      return [[name, described(schema, KEYWORD_TEXTS[name])]]
    }),
  )
}

function keywordSchema({ type, words, refused, unsupported }: Keyword): JsonSchema {
  if (unsupported !== undefined) return { enum: [false, null] }
  if (words === undefined) return TYPES[type]
  return oneOf(words.filter(word => !refused?.words.includes(word)))
}

const conditions: JsonSchema = { type: ['string', 'boolean', 'array', 'number', 'null'] }

/** Names of variables; a template may make one. */
const variables: JsonSchema = {
  type: ['object', 'null'],
  propertyNames: { pattern: '^[A-Za-z_][A-Za-z0-9_]*$|\\{\\{' },
}

const TYPES: Readonly<Record<ValueType, JsonSchema>> = {
  any: anything,
  bool,
  int,
  number,
  text,
  texts: listOf(text),
  list: { type: ['array', 'null'] },
  dict: { type: ['object', 'null'] },
  dicts: { type: ['object', 'array', 'string', 'null'], items: mapping },
  variables,
  name: { type: ['string', 'null'], pattern: '^[A-Za-z_][A-Za-z0-9_]*$' },
}

const nullable = (schema: JsonSchema): JsonSchema => ({
  ...(schema as object),
  type: ['object', 'null'],
})

const CONTROL_TYPES: Readonly<Record<string, JsonSchema>> = {
  pause: number,
  extended: bool,
  extended_allitems: bool,
  break_when: conditions,
}

const loopControl = nullable(
  strict(
    Object.fromEntries(CONTROLS.map(key => [key, described(CONTROL_TYPES[key] ?? text, LOOP_TEXTS[key])])),
  ),
)

const PROMPT_TYPES: Readonly<Record<string, JsonSchema>> = {
  default: anything,
  private: bool,
  confirm: bool,
  unsafe: bool,
  salt_size: int,
}

const prompts: JsonSchema = {
  type: ['array', 'null'],
  items: {
    ...(strict(
      Object.fromEntries(
        PROMPT_KEYS.map(key => [key, described(PROMPT_TYPES[key] ?? text, PROMPT_TEXTS[key])]),
      ),
    ) as object),
    required: ['name'],
  },
}

/** A time is a number of seconds, or a text with its unit; what a template makes is not looked at. */
const guard: JsonSchema = {
  ...(strict({
    within: described(
      { type: ['string', 'integer'] },
      'How long after the change one must have logged in, e.g. 90s.',
    ),
    paths: described(listOf(text), 'Files and folders to put back besides.'),
    via: described(listOf(text), 'Addresses at which one must be able to log in: host, host:port, :port.'),
    undo: described(text, 'Command that undoes what files do not tell.'),
    always: described(bool, 'false: only for tasks that are known to be risky.'),
  }) as object),
  type: ['object', 'boolean', 'string', 'null'],
}

const nested = (items: JsonSchema): JsonSchema => ({
  type: ['array', 'string', 'null'],
  items: { anyOf: [items, { type: 'array', items }] },
})

const list = (ref: string): JsonSchema => ({ type: ['array', 'null'], items: { $ref: ref } })

const TASKS = '#/definitions/task_or_block'

const DEFAULTS = { $ref: '#/definitions/module_defaults' }

/** Keywords whose values have a shape of their own. */
const SPECIAL: Readonly<Record<string, JsonSchema>> = {
  when: conditions,
  until: conditions,
  changed_when: conditions,
  failed_when: conditions,
  loop_control: loopControl,
  guard,
  vars_prompt: prompts,
  vars_files: nested(text),
  serial: { type: ['integer', 'string', 'array', 'null'], items: { type: ['integer', 'string'] } },
  block: list(TASKS),
  rescue: list(TASKS),
  always: list(TASKS),
  tasks: list(TASKS),
  pre_tasks: list(TASKS),
  post_tasks: list(TASKS),
  handlers: list('#/definitions/handler'),
  roles: list('#/definitions/role'),
  loop: { type: ['array', 'string', 'null'] },
  action: { type: ['string', 'object'] },
  local_action: { type: ['string', 'object'] },
  module_defaults: { anyOf: [DEFAULTS, { type: 'array', items: DEFAULTS }] },
}
