/**
 * Which module a task calls. A task has exactly one key that is no keyword; `action:` and `local_action:`
 * name the module in their value instead.
 */
import { nearestName } from '../base/did-you-mean.ts'
import { Template } from '../base/value.ts'
import type { Cursor } from './cursor.ts'
import { isTaskKeyword, keywordsOf, type Level } from './keywords.ts'
import type { LoadContext, ModuleInfo } from './load-context.ts'
import { reportUnknown } from './read-keywords.ts'

export interface TaskAction {
  /** Canonical short name. */
  readonly module: string
  readonly info: ModuleInfo
  /** Arguments as written: mapping, free text or nothing. */
  readonly value: Cursor
  /** Set for `action: copy src=a`: the text behind the module's name. */
  readonly text: string | undefined
  /** Keys of the value that are no arguments. */
  readonly skip: readonly string[]
  readonly isLocal: boolean
}

/** The action of a task; undefined, with a problem, when there is none or it is not clear. */
export function findAction(context: LoadContext, cursor: Cursor, level: Level): TaskAction | undefined {
  const written = cursor.get('action') ?? cursor.get('local_action')
  const others = cursor.entries().filter(([key]) => !isTaskKeyword(key))
  if (written !== undefined) {
    for (const [name, item] of others) reportUnknown(context, { name, item, level })
    return readAction(context, written, cursor.get('action') === undefined)
  }
  const known = others.flatMap(([name, item]) => {
    const info = findModule(context, name)
    return info === undefined ? [] : [{ name, item, info }]
  })
  const [first, second] = known
  for (const [name, item] of others) {
    const isModule = known.some(module => module.name === name)
    if (!isModule) reportStranger(context, { name, item, level, hasModule: first !== undefined })
  }
  if (first === undefined) {
    if (others.length === 0) reportNoModule(context, cursor)
    return undefined
  }
  if (second !== undefined) {
    context.report(
      'CONFIG_TWO_MODULES',
      `A task calls one module; this one has ${first.name} and ${second.name}`,
      {
        position: second.item.keyPosition,
        hint: 'Make a second task. Is a line indented too little?',
      },
    )
    return undefined
  }
  const { info, item } = first
  return { module: info.canonical, info, value: item, text: undefined, skip: [], isLocal: false }
}

/** Statements that the loader and the engine carry out themselves. */
const STATEMENTS = new Map<string, boolean>([
  ['include_tasks', true],
  ['import_tasks', true],
  ['include_role', false],
  ['import_role', false],
  ['import_playbook', true],
  ['include', true],
  ['meta', true],
])

const COLLECTIONS = /^(?:ansible\.(?:builtin|legacy|posix)|community\.(?:general|docker))\./

/** The module behind a short or full name. */
export function findModule(context: LoadContext, name: string): ModuleInfo | undefined {
  const short = name.replace(COLLECTIONS, '')
  const freeForm = STATEMENTS.get(short)
  if (freeForm !== undefined) return { canonical: short, args: null, freeForm }
  return context.options.knownModules(short) ?? context.options.knownModules(name) ?? undefined
}

function readAction(context: LoadContext, written: Cursor, isLocal: boolean): TaskAction | undefined {
  const named = written.get('module')
  const text = sourceText(written)
  const [, word = '', rest = ''] = /^\s*(\S+)\s*([\s\S]*)$/.exec(text ?? '') ?? []
  const name = named?.text ?? word
  const info = name === '' ? undefined : findModule(context, name)
  if (info === undefined) {
    if (name === '') {
      context.report('CONFIG_NO_MODULE', 'The action names no module', { position: written.position })
    } else reportUnknownModule(context, name, named ?? written)
    return undefined
  }
  const skip = named === undefined ? [] : ['module']
  return { module: info.canonical, info, value: written, text: named ? undefined : rest, skip, isLocal }
}

/** Text of a scalar, template or not. */
export function sourceText(cursor: Cursor): string | undefined {
  const { value } = cursor
  if (value instanceof Template) return value.source
  return typeof value === 'string' ? value : undefined
}

interface Stranger {
  readonly name: string
  readonly item: Cursor
  readonly level: Level
  readonly hasModule: boolean
}

/** A key that is neither keyword nor module: beside a module it is meant as keyword, else as either. */
function reportStranger(context: LoadContext, { name, item, level, hasModule }: Stranger): void {
  const isNearKeyword = nearestName(name, keywordsOf(level)) !== undefined
  const isNearModule = nearestName(name, context.options.suggestModules) !== undefined
  if (hasModule || (isNearKeyword && !isNearModule)) reportUnknown(context, { name, item, level })
  else reportUnknownModule(context, name, item, true)
}

function reportUnknownModule(context: LoadContext, name: string, item: Cursor, isKey = false): void {
  const short = name.replace(COLLECTIONS, '')
  const near = nearestName(short, context.options.suggestModules)
  context.report('CONFIG_UNKNOWN_MODULE', `There is no module ${name}`, {
    position: isKey ? item.keyPosition : item.position,
    hint: near === undefined ? 'docs/modules.md lists the modules.' : `Did you mean ${near}?`,
  })
}

function reportNoModule(context: LoadContext, cursor: Cursor): void {
  context.report('CONFIG_NO_MODULE', 'This task calls no module', {
    position: cursor.position,
    hint: 'A task needs one key that names a module, for example copy: or command:.',
  })
}
