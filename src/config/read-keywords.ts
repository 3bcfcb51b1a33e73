/** From the keys of a play, role, block or task to `Keywords`, and the complaints about the other keys. */
import { didYouMean } from '../base/did-you-mean.ts'
import { type Dict, isDict, Template, type Value } from '../base/value.ts'
import { checkModuleDefaults } from './check-module-defaults.ts'
import type { Cursor } from './cursor.ts'
import { checkGuard } from './guard-keyword.ts'
import { findKeyword, type Keyword, keywordsOf, type Level, SHARED_KEYWORDS } from './keywords.ts'
import { type LoadContext, placeKey } from './load-context.ts'
import type { Keywords } from './model.ts'
import { describe, isVariableName, misfit } from './value-types.ts'

/** The shared keywords that are written here. */
export function readKeywords(context: LoadContext, cursor: Cursor): Keywords {
  const keywords: Record<string, unknown> = {}
  for (const [name, item] of cursor.entries()) {
    if (!Object.hasOwn(SHARED_KEYWORDS, name) || item.value === null) continue
    if (name === 'become_user') context.becomeUsers.set(placeKey(cursor.position), item.keyPosition)
    const value = readShared(context, name, item)
    if (value !== undefined) keywords[camelCase(name)] = value
  }
  return keywords as Keywords
}

function readShared(context: LoadContext, name: string, item: Cursor): unknown {
  if (name === 'when') return conditionsOf(context, item)
  if (name === 'tags') return textsOf(item)
  if (name === 'vars') return dictOf(item)
  return item.value
}

/** `when`, `until`, `changed_when`, `failed_when`: one condition or a list of them. */
export function conditionsOf(context: LoadContext, cursor: Cursor | undefined): readonly Value[] | undefined {
  if (cursor === undefined || cursor.value === null) return undefined
  const items = cursor.itemsOrSelf()
  const conditions = items.map(item => item.value)
  context.textPositions.set(
    conditions,
    items.map(item => item.textPosition),
  )
  return conditions
}

/** `tags`, `listen`: a list, or names parted by commas. */
export function textsOf(cursor: Cursor | undefined): string[] {
  const items = cursor?.itemsOrSelf() ?? []
  return items
    .flatMap(({ value }) => (value instanceof Template ? [value.source] : String(value ?? '').split(',')))
    .map(text => text.trim())
    .filter(text => text !== '')
}

/** A mapping whose keys are plain names; what is not is reported elsewhere. */
export function dictOf(cursor: Cursor | undefined): Dict {
  if (cursor === undefined || !cursor.isMapping) return {}
  if (isDict(cursor.value)) return cursor.value
  return Object.fromEntries(cursor.entries().map(([key, item]) => [key, item.value]))
}

/** Reports keys that may not stand at this level, and values of the wrong type; `skip` is looked at elsewhere. */
export function checkKeywords(
  context: LoadContext,
  cursor: Cursor,
  { level, skip = [] }: { readonly level: Level; readonly skip?: readonly string[] },
): void {
  for (const [name, item] of cursor.entries()) {
    if (skip.includes(name)) continue
    const keyword = findKeyword(name)
    if (keyword === undefined || !keyword.levels.includes(level))
      reportUnknown(context, { name, item, level })
    else checkValue(context, { name, item, keyword })
  }
}

interface Found {
  readonly name: string
  readonly item: Cursor
}

/** For a key that is no keyword of this level. */
export function reportUnknown(context: LoadContext, { name, item, level }: Found & { level: Level }): void {
  const position = item.keyPosition
  const keyword = findKeyword(name)
  if (keyword !== undefined) {
    const hint = level === 'include' ? `Put it under apply: to give it to what is included` : undefined
    const places = keyword.levels.map(place => PLACES[place]).join(', ')
    const why = `${name} may not stand at ${PLACES[level]}; it belongs to: ${places}`
    context.report('CONFIG_KEYWORD_NOT_HERE', why, { position, hint })
    return
  }
  const hint = didYouMean(name, keywordsOf(level))
  context.report('CONFIG_UNKNOWN_KEYWORD', `${name} is no keyword of ${PLACES[level]}`, { position, hint })
}

/** Reports the value of a keyword that may stand here. */
export function checkValue(context: LoadContext, found: Found & { keyword: Keyword }): void {
  const { name, item, keyword } = found
  if (keyword.unsupported !== undefined) {
    const { why, hint } = keyword.unsupported
    const message = `${name} cannot be honoured: ${why}`
    const { keyPosition: position } = item
    if (item.value !== false) context.report('CONFIG_KEYWORD_UNSUPPORTED', message, { position, hint })
    return
  }
  const wanted = misfit(keyword.type, item.value)
  if (wanted !== undefined) {
    const message = `${name} must be ${wanted}, not ${describe(item.value)}`
    context.report('CONFIG_WRONG_TYPE', message, { position: item.position })
  } else if (keyword.words !== undefined && !item.isTemplate && item.value !== null) {
    checkWord(context, { name, item, keyword, words: keyword.words })
  } else if (name === 'guard') {
    checkGuard(context, item)
  } else if (name === 'module_defaults') {
    checkModuleDefaults(context, item)
  } else if (keyword.type === 'name') {
    checkVariableName(context, item.text ?? '', item)
  } else if (keyword.type === 'variables') {
    for (const [key, value] of item.entries()) checkVariableName(context, key, value, true)
  }
}

function checkWord(
  context: LoadContext,
  found: Found & { keyword: Keyword; words: readonly string[] },
): void {
  const { name, item, words, keyword } = found
  const word = item.text ?? String(item.value)
  if (keyword.refused?.words.includes(word)) {
    const { hint } = keyword.refused
    context.report('CONFIG_KEYWORD_UNSUPPORTED', `${name}: ${word} cannot be honoured`, {
      position: item.position,
      hint,
    })
    return
  }
  if (words.includes(word)) return
  const hint = didYouMean(word, words)
  const message = `${name} must be one of ${words.join(', ')}, not ${word}`
  context.report('CONFIG_WRONG_TYPE', message, { position: item.position, hint })
}

/** Reports a name no variable can have; points at the key when the name is one. */
export function checkVariableName(context: LoadContext, name: string, item: Cursor, isKey = false): void {
  if (isVariableName(name) || (isKey && name.includes('{{'))) return
  const usable = name.replaceAll(/\W/g, '_').replace(/^(?=\d)/, '_')
  context.report('CONFIG_BAD_VARIABLE_NAME', `"${name}" cannot be the name of a variable`, {
    position: isKey ? item.keyPosition : item.position,
    hint: isVariableName(usable)
      ? `Letters, digits and _ only, not beginning with a digit, for example ${usable}.`
      : 'Letters, digits and _ only, and no word of the template language.',
  })
}

const PLACES: Readonly<Record<Level, string>> = {
  play: 'a play',
  role: 'a role',
  block: 'a block',
  task: 'a task',
  handler: 'a handler',
  include: 'an include',
  import: 'an import',
  import_playbook: 'import_playbook',
  meta: 'meta/main.yml',
  vars_prompt: 'vars_prompt',
}

function camelCase(name: string): string {
  return name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
}
