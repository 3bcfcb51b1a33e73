/** What the source knows, by kind; for modules also which of the documented arguments and choices it takes. */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { findKeyword, keywordsOf, type Level } from '../../src/config/keywords.ts'
import { MAGIC_NAMES } from '../../src/inventory/magic.ts'
import { moduleArguments, moduleNames } from '../../src/modules/catalogue.ts'
import { findModule } from '../../src/modules/index.ts'
import { moduleSchema } from '../../src/schemas/argument-schema.ts'
import { KNOWN_LOOKUPS } from '../../src/template/lookups/call-lookup.ts'
import { standardLibrary } from '../../src/template/standard-library.ts'
import { ANSIBLE, type Kind } from './lists.ts'

/** Statements are no modules here, and are there all the same. */
const STATEMENTS = ['import_playbook', 'import_role', 'import_tasks', 'include_role', 'include_tasks']

const LEVELS: readonly Level[] = ['play', 'role', 'block', 'task', 'handler', 'include', 'import_playbook']

export const KNOWN: Readonly<Record<Kind, ReadonlySet<string>>> = {
  keywords: new Set(LEVELS.flatMap(keywordsOf)),
  modules: new Set([...moduleNames(), ...STATEMENTS]),
  filters: new Set(Object.keys(standardLibrary.filters)),
  tests: new Set(Object.keys(standardLibrary.tests)),
  lookups: KNOWN_LOOKUPS,
  functions: new Set(Object.keys(standardLibrary.globals)),
  // Facts get their prefix when they are gathered. To name an interpreter is no mistake, and nobody asks for it.
  variables: new Set([...MAGIC_NAMES, ...namesInSource(), 'ansible_local', 'ansible_python_interpreter']),
}

export function standsAt(keyword: string, level: string): boolean {
  return findKeyword(keyword)?.levels.includes(level as Level) ?? false
}

export const shortName = (name: string) => name.split('.').at(-1) ?? name

export function isKnown(kind: Kind, name: string): boolean {
  return KNOWN[kind].has(kind === 'modules' ? shortName(name) : name)
}

/** Documented arguments and values that a module does not take. */
export function missingArguments(fullName: string): readonly string[] {
  const module = findModule(fullName)
  const taken = moduleArguments(fullName)
  if (module === null || taken === null || taken.args === null) return []
  const { properties = {} } = moduleSchema(module) as { properties?: Record<string, object> }
  return (ANSIBLE.modules[fullName] ?? []).flatMap(entry => {
    const [names = '', choices = ''] = entry.split('=')
    const [main = '', ...others] = names.split(',')
    if (isInternal(main) || (taken.freeForm && /^free.form$/.test(main))) return []
    if (!Object.hasOwn(properties, main)) return [main]
    const refused = refusedChoices(properties[main], choices === '' ? [] : choices.split('|'))
    const unknown = others.filter(other => !isInternal(other) && !Object.hasOwn(properties, other))
    return [...unknown, ...(refused.length === 0 ? [] : [`${main}: ${refused.join(', ')}`])]
  })
}

const isInternal = (name: string) => name === '' || name.startsWith('_')

function refusedChoices(schema: object | undefined, choices: readonly string[]): readonly string[] {
  const [words] = (schema as { anyOf?: { enum?: unknown[] }[] } | undefined)?.anyOf ?? []
  if (words?.enum === undefined) return []
  // Line ends are written as \n and \r.
  const shown = (word: unknown) => JSON.stringify(String(word)).slice(1, -1).toLowerCase()
  const taken = new Set(words.enum.map(shown))
  return choices.filter(choice => !taken.has(choice.toLowerCase()))
}

/** Names of special variables as the rooms that give them write them. */
function namesInSource(): string[] {
  const texts = ['engine', 'inventory', 'probes/facts', 'cli/wire'].flatMap(room => {
    const folder = path.resolve(import.meta.dirname, '../../src', room)
    return readdirSync(folder, { withFileTypes: true })
      .filter(file => file.isFile())
      .map(({ name }) =>
        readFileSync(path.join(folder, name), 'utf8').replaceAll(/^\s*(?:\*|\/\/|\/\*\*).*$/gm, ''),
      )
  })
  return [...texts.join('\n').matchAll(/\b(?:ansible_[a-z_]+|role_names?|role_path)\b/g)].map(
    ([name]) => name,
  )
}
