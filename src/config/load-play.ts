/** One play of a playbook. */
import type { Value } from '../base/value.ts'
import type { Cursor } from './cursor.ts'
import type { LoadContext, Scope } from './load-context.ts'
import { flattenHandlers } from './load-handlers.ts'
import { expandUse, readRoleUse, type UsedRole } from './load-role-use.ts'
import { loadTasks } from './load-tasks.ts'
import type { Node, Play, Task, VarsPrompt } from './model.ts'
import { checkKeywords, checkVariableName, readKeywords, reportUnknown } from './read-keywords.ts'
import { readVariables } from './role-files.ts'
import { searchedHint, searchLocalFile } from './search-files.ts'
import { describe } from './value-types.ts'

/** Where a play stands. */
export interface PlayPlace {
  readonly file: string
  readonly directory: string
  readonly idPrefix: string
}

export function loadPlay(context: LoadContext, cursor: Cursor, place: PlayPlace): Play | undefined {
  context.refuseDuplicates(cursor)
  checkKeywords(context, cursor, { level: 'play' })
  const hosts = readHosts(context, cursor)
  const added: Task[] = []
  const scope = playScope(place, tasks => added.push(...tasks))
  const uses = listOf(cursor.get('roles')).map(item => loadRoleEntry(context, item, scope))
  const nodes = (key: string): Node[] => {
    const list = cursor.get(key)
    return list?.isList ? loadTasks(context, list, scope) : []
  }
  const sections = { preTasks: nodes('pre_tasks'), tasks: nodes('tasks'), postTasks: nodes('post_tasks') }
  const handlers = cursor.get('handlers')
  const own = handlers?.isList ? loadTasks(context, handlers, { ...scope, inHandlers: true }) : []
  const user = cursor.get('user')?.value
  return {
    ...(user === undefined ? {} : { remoteUser: user }),
    ...readKeywords(context, cursor),
    position: cursor.position,
    name: cursor.get('name')?.value,
    hosts,
    gatherFacts: cursor.get('gather_facts')?.value,
    gatherSubset: cursor.get('gather_subset')?.value,
    gatherTimeout: cursor.get('gather_timeout')?.value,
    factPath: cursor.get('fact_path')?.value,
    serial: cursor.get('serial')?.value,
    strategy: cursor.get('strategy')?.value,
    order: cursor.get('order')?.value,
    maxFailPercentage: cursor.get('max_fail_percentage')?.value,
    forceHandlers: cursor.get('force_handlers')?.value,
    varsFiles: readVarsFiles(context, cursor.get('vars_files'), place),
    varsPrompt: readPrompts(context, cursor.get('vars_prompt')),
    ...sections,
    roles: uses.flatMap(use => use.blocks),
    // A name that several handlers have means the last: the play's own, then those of imported roles.
    handlers: [...uses.flatMap(use => use.handlers), ...flattenHandlers(own, undefined), ...added],
    directory: place.directory,
    file: place.file,
  }
}

function playScope({ file, directory, idPrefix }: PlayPlace, addHandlers: Scope['addHandlers']): Scope {
  return {
    use: undefined,
    directory,
    importers: [],
    playbookDirectory: directory,
    chain: [file],
    idPrefix,
    inHandlers: false,
    notify: [],
    addHandlers,
  }
}

function loadRoleEntry(context: LoadContext, item: Cursor, scope: Scope): UsedRole {
  const use = readRoleUse(context, item, scope)
  return use === undefined ? { blocks: [], handlers: [] } : expandUse(context, use, { scope })
}

function readHosts(context: LoadContext, cursor: Cursor): Value {
  const hosts = cursor.get('hosts')
  if (hosts === undefined) {
    context.report('CONFIG_HOSTS_MISSING', 'This play does not say which hosts it is for', {
      position: cursor.position,
      hint: 'Add hosts: and a group or a host of the inventory, or all.',
    })
    return null
  }
  const items = hosts.itemsOrSelf()
  const isEmpty =
    items.length === 0 || items.some(item => item.value === null || String(item.value).trim() === '')
  if (isEmpty) {
    context.report('CONFIG_HOSTS_EMPTY', 'hosts names no host', {
      position: hosts.value === null ? hosts.keyPosition : hosts.position,
      hint: 'Write a group or a host of the inventory, or all.',
    })
  }
  return hosts.value
}

/** Each entry is a file, or a list of files of which the first that exists counts. */
function readVarsFiles(context: LoadContext, cursor: Cursor | undefined, place: PlayPlace): Value[] {
  const entries = cursor?.itemsOrSelf() ?? []
  for (const entry of entries) {
    const names = entry.itemsOrSelf()
    if (names.some(name => name.isTemplate)) continue
    const searches = names.map(name => {
      const where = { folder: 'vars', role: undefined, directories: [place.directory, '.'] }
      return searchLocalFile(context, name.text ?? '', where)
    })
    const found = searches.find(search => search.found !== undefined)?.found
    if (found !== undefined) readVariables(context, found)
    else {
      const message = `There is no file ${names.map(name => name.text ?? describe(name.value)).join(' or ')}`
      const hint = searchedHint(searches.flatMap(search => search.searched))
      context.report('CONFIG_FILE_NOT_FOUND', message, { position: entry.position, hint })
    }
  }
  return entries.map(entry => entry.value)
}

export const PROMPT_KEYS = [
  'name',
  'prompt',
  'default',
  'private',
  'confirm',
  'encrypt',
  'salt',
  'salt_size',
  'unsafe',
]

function readPrompts(context: LoadContext, cursor: Cursor | undefined): VarsPrompt[] {
  return listOf(cursor).flatMap(item => {
    for (const [name, value] of item.entries()) {
      if (!PROMPT_KEYS.includes(name)) reportUnknown(context, { name, item: value, level: 'vars_prompt' })
    }
    const name = item.get('name')
    if (name?.text === undefined) {
      context.report('CONFIG_BAD_VARIABLE_NAME', 'A prompt needs the name of a variable', {
        position: item.position,
      })
      return []
    }
    checkVariableName(context, name.text, name)
    const saltSize = item.get('salt_size')
    checkPrompt(context, item, saltSize)
    const prompt: VarsPrompt = {
      position: item.position,
      name: name.text,
      prompt: item.get('prompt')?.value ?? name.text,
      default: item.get('default')?.value,
      private: !isNo(item.get('private')),
      confirm: isYes(item.get('confirm')),
      encrypt: item.get('encrypt')?.text,
      salt: item.get('salt')?.text,
      saltSize: saltSize === undefined ? undefined : Number(saltSize.text),
      unsafe: isYes(item.get('unsafe')),
    }
    return [prompt]
  })
}

const isYes = (item: Cursor | undefined) => /^(?:true|yes|on|1)$/i.test(String(item?.value))
const isNo = (item: Cursor | undefined) => /^(?:false|no|off|0)$/i.test(String(item?.value))

function checkPrompt(context: LoadContext, item: Cursor, size: Cursor | undefined): void {
  for (const key of ['private', 'confirm', 'unsafe']) {
    const flag = item.get(key)
    if (flag === undefined || isYes(flag) || isNo(flag)) continue
    const message = `${key} must be true or false, not ${describe(flag.value)}`
    context.report('CONFIG_WRONG_TYPE', message, { position: flag.position })
  }
  if (size === undefined || /^\d+$/.test(size.text ?? '')) return
  const message = `salt_size must be a whole number, not ${describe(size.value)}`
  context.report('CONFIG_WRONG_TYPE', message, { position: size.position })
}

function listOf(cursor: Cursor | undefined): Cursor[] {
  return cursor?.items() ?? []
}
