/** Which keywords, at which place, and which modules the playbooks of the suite use. */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { parseAllDocuments } from 'yaml'
import { moduleArguments } from '../../src/modules/catalogue.ts'
import type { Case } from './cases.ts'

export type Place = 'play' | 'role' | 'block' | 'task' | 'handler' | 'include' | 'import_playbook'

/** What is used → the playbooks that use it, in order. Keywords go by `place keyword`, all else by its own name. */
export interface Coverage {
  readonly keywords: ReadonlyMap<string, readonly string[]>
  /** Under the name the module has here, without its collection. */
  readonly modules: ReadonlyMap<string, readonly string[]>
  readonly meta: ReadonlyMap<string, readonly string[]>
  readonly loopControl: ReadonlyMap<string, readonly string[]>
}

export function coverageOf(cases: readonly Case[]): Coverage {
  const found = { keywords: new Map(), modules: new Map(), meta: new Map(), loopControl: new Map() }
  for (const { name, folder } of cases) {
    const note: Note = (kind, what) => {
      const names: string[] = found[kind].get(what) ?? []
      if (names.at(-1) !== name) found[kind].set(what, [...names, name])
    }
    for (const file of yamlFiles(folder)) readYaml(file, note)
  }
  return found
}

type Note = (kind: keyof Coverage, what: string) => void
type Mapping = Readonly<Record<string, unknown>>

const STATEMENTS = /^(include|import)_(tasks|role)$/
const LISTS_OF_TASKS = ['block', 'rescue', 'always', 'tasks', 'pre_tasks', 'post_tasks']

function yamlFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && /\.ya?ml$/.test(entry.name))
    .map(entry => path.join(entry.parentPath, entry.name))
    .sort()
}

function readYaml(file: string, note: Note): void {
  const values = parseAllDocuments(readFileSync(file, 'utf8'), { logLevel: 'silent' }).map(document =>
    document.toJS(),
  )
  const place = file.includes('/handlers/') ? 'handler' : 'task'
  for (const value of values) {
    if (/\/meta\/main\.ya?ml$/.test(file) && isMapping(value)) readRoles(value.dependencies, note)
    for (const entry of listOf(value)) {
      if ('hosts' in entry || 'import_playbook' in entry) readPlay(entry, note)
      else readTask(entry, place, note)
    }
  }
}

function readPlay(play: Mapping, note: Note): void {
  const place = 'import_playbook' in play ? 'import_playbook' : 'play'
  for (const key of Object.keys(play)) note('keywords', `${place} ${key}`)
  readRoles(play.roles, note)
  for (const key of LISTS_OF_TASKS) for (const task of listOf(play[key])) readTask(task, 'task', note)
  for (const handler of listOf(play.handlers)) readTask(handler, 'handler', note)
}

function readRoles(roles: unknown, note: Note): void {
  for (const role of listOf(roles)) for (const key of Object.keys(role)) note('keywords', `role ${key}`)
}

function readTask(task: Mapping, place: 'task' | 'handler', note: Note): void {
  const names = modulesOf(task)
  const isStatement = names.some(name => STATEMENTS.test(name))
  const at = 'block' in task ? 'block' : isStatement ? 'include' : place
  for (const key of Object.keys(task))
    if (canonical(key) === '') note('keywords', `${at} ${/^with_/.test(key) ? 'with_' : key}`)
  for (const name of names) note('modules', name)
  if (typeof task.meta === 'string') note('meta', task.meta)
  if (isMapping(task.loop_control)) for (const key of Object.keys(task.loop_control)) note('loopControl', key)
  for (const key of LISTS_OF_TASKS) for (const inner of listOf(task[key])) readTask(inner, place, note)
}

/** The module of a task, under its short name; one that `action` or `local_action` names, too. */
function modulesOf(task: Mapping): string[] {
  const actions = [task.action, task.local_action].flatMap(action => {
    if (typeof action === 'string') return [action.split(/\s/)[0] ?? '']
    return isMapping(action) && typeof action.module === 'string' ? [action.module] : []
  })
  return [...Object.keys(task), ...actions].map(canonical).filter(name => name !== '')
}

/** Empty when it is no module. */
function canonical(name: string): string {
  const short = shortName(name)
  return STATEMENTS.test(short) ? short : (moduleArguments(name)?.canonical ?? '')
}

function shortName(name: string): string {
  return name.split('.').at(-1) ?? name
}

function listOf(value: unknown): Mapping[] {
  return Array.isArray(value) ? value.filter(isMapping) : []
}

function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
