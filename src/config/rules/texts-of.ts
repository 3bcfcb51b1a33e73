/** The templates and expressions that a play, block, task or include holds, each with its place. */
import type { Position } from '../../base/error.ts'
import { isMapping, Template, type Value } from '../../base/value.ts'
import type { LoadContext } from '../load-context.ts'
import type { Block, Include, Keywords, Play, Task } from '../model.ts'
import { NEAREST_KEYWORDS } from '../nearest-keywords.ts'
import type { Text } from './analyse-text.ts'

/** Every template below a value. */
export function templatesOf(value: Value | undefined, fallback: Position): Text[] {
  if (value === null || typeof value !== 'object') return []
  if (value instanceof Template) {
    return [{ source: value.source, position: value.position ?? fallback, kind: 'text' }]
  }
  if (Array.isArray(value)) return value.flatMap((item: Value) => templatesOf(item, fallback))
  if (!isMapping(value)) return []
  const items = value instanceof Map ? [...value.values()] : Object.values(value)
  return items.flatMap(item => templatesOf(item, fallback))
}

export function textsOfPlay(context: LoadContext, play: Play): Text[] {
  const { position } = play
  const own = [play.hosts, play.name, play.serial, play.gatherFacts, play.varsFiles, play.forceHandlers]
  return [...keywordTexts(context, play, position), ...own.flatMap(value => templatesOf(value, position))]
}

export function textsOfBlock(context: LoadContext, block: Block): Text[] {
  const { position } = block
  const params = templatesOf(block.use?.params, position)
  return [...keywordTexts(context, block, position), ...templatesOf(block.name, position), ...params]
}

export function textsOfInclude(context: LoadContext, include: Include): Text[] {
  const { position, loop, name, target, options } = include
  const own = [name, target, options, loop?.value, loop?.control.label]
  return [
    ...keywordTexts(context, include, position),
    ...keywordTexts(context, include.apply, position),
    ...own.flatMap(value => templatesOf(value, position)),
  ]
}

export function textsOfTask(context: LoadContext, task: Task): Text[] {
  const { position, loop } = task
  const { name, args, freeText, notify, retries, delay, async, poll } = task
  const own = [
    name,
    args,
    freeText,
    notify,
    retries,
    delay,
    async,
    poll,
    loop?.value,
    loop?.control.label,
    loop?.control.pause,
  ]
  const conditions = [task.until, task.changedWhen, task.failedWhen, loop?.control.breakWhen]
  return [
    ...keywordTexts(context, task, position),
    ...own.flatMap(value => templatesOf(value, position)),
    ...conditions.flatMap(list => conditionTexts(context, list, position)),
    ...argumentTexts(context, task),
  ]
}

/** Arguments that are expressions without braces. */
function argumentTexts(context: LoadContext, { module, args, argPositions, position }: Task): Text[] {
  if (module === 'assert') {
    const { that } = args
    const place = argPositions.that ?? position
    return conditionTexts(context, Array.isArray(that) ? that : that === undefined ? [] : [that], place)
  }
  if (module === 'debug') {
    return conditionTexts(context, args.var === undefined ? [] : [args.var], argPositions.var ?? position)
  }
  return []
}

function keywordTexts(context: LoadContext, keywords: Keywords, position: Position): Text[] {
  const values = SHARED.flatMap(name => {
    const value = keywords[name]
    return value === undefined ? [] : templatesOf(value, position)
  })
  return [...values, ...conditionTexts(context, keywords.when, position)]
}

const SHARED = ['vars', 'environment', ...NEAREST_KEYWORDS, 'moduleDefaults'] as const

/** A condition is an expression, or a template that gives one. */
function conditionTexts(
  context: LoadContext,
  list: readonly Value[] | undefined,
  fallback: Position,
): Text[] {
  const positions = list === undefined ? [] : (context.textPositions.get(list) ?? [])
  return (list ?? []).flatMap((condition, index): Text[] => {
    if (condition instanceof Template) return templatesOf(condition, fallback)
    if (typeof condition !== 'string') return []
    return [{ source: condition, position: positions[index] ?? fallback, kind: 'expression' }]
  })
}
