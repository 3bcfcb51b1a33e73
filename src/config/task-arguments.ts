/** Arguments of a task: mapping or free text, with `args:` merged in below them. */
import { didYouMean } from '../base/did-you-mean.ts'
import type { Position } from '../base/error.ts'
import { looksLikeTemplate, Template, type Value } from '../base/value.ts'
import type { Cursor } from './cursor.ts'
import type { LoadContext } from './load-context.ts'
import type { Task } from './model.ts'
import { dictOf } from './read-keywords.ts'
import { splitArguments } from './split-arguments.ts'
import { sourceText, type TaskAction } from './task-action.ts'
import { describe } from './value-types.ts'

export type TaskArguments = Pick<Task, 'args' | 'freeText' | 'argPositions'>

/** Reads and checks the names; what cannot be read is reported and left out. */
export function readArguments(
  context: LoadContext,
  action: TaskAction,
  extra: Cursor | undefined,
): TaskArguments {
  const written = readWritten(context, action)
  const positions: Record<string, Position> = Object.create(null)
  for (const [key, item] of extra?.entries() ?? []) {
    positions[key] = item.position
    checkName(context, action, { key, position: item.keyPosition })
  }
  return {
    args: { ...dictOf(extra), ...written.args },
    freeText: written.freeText,
    argPositions: { ...positions, ...written.argPositions },
  }
}

function readWritten(context: LoadContext, action: TaskAction): TaskArguments {
  const { value, skip } = action
  const text = action.text ?? sourceText(value)
  if (text !== undefined) return readText(context, action, text)
  if (value.value === null) return { args: {}, freeText: undefined, argPositions: {} }
  if (!value.isMapping) {
    const message = `The arguments of ${action.module} must be a mapping, not ${describe(value.value)}`
    context.report('CONFIG_WRONG_TYPE', message, { position: value.position })
    return { args: {}, freeText: undefined, argPositions: {} }
  }
  const args: [string, Value][] = []
  const argPositions: Record<string, Position> = Object.create(null)
  for (const [key, item] of value.entries()) {
    if (skip.includes(key)) continue
    args.push([key, item.value])
    argPositions[key] = item.position
    if (Array.isArray(item.value)) {
      const positions = item.items().map(part => part.textPosition)
      context.textPositions.set(item.value, positions)
    }
    checkName(context, action, { key, position: item.keyPosition })
  }
  return { args: Object.fromEntries(args), freeText: undefined, argPositions: { ...argPositions } }
}

/** Arguments that may stand as key=value inside the free text of commands. */
const COMMAND_ARGUMENTS = new Set([
  'creates',
  'removes',
  'chdir',
  'executable',
  'warn',
  'stdin',
  'stdin_add_newline',
  'strip_empty_ends',
])

function readText(context: LoadContext, action: TaskAction, text: string): TaskArguments {
  const { position } = action.value
  const start = action.value.textPosition
  const whole = sourceText(action.value) ?? text
  const toValue = (part: string): Value =>
    looksLikeTemplate(part) ? new Template(part, placeIn(whole, part, start)) : part
  const { freeForm } = action.info
  const split = splitArguments(text, key => !freeForm || COMMAND_ARGUMENTS.has(key))
  // A shell script may hold a lone apostrophe, for example in a comment: it is text all the same.
  if (freeForm && !split.isBalanced) {
    return { args: {}, freeText: toValue(text), argPositions: { _raw_params: position } }
  }
  if (!split.isBalanced) {
    context.report('CONFIG_ARGUMENTS_UNREADABLE', 'A quote or a template tag does not end here', {
      position,
      hint: 'Write the arguments as a mapping, one on each line.',
    })
    return { args: {}, freeText: undefined, argPositions: {} }
  }
  const isWholeTemplate = /^\s*\{\{[\s\S]*\}\}\s*$/.test(text)
  if (!freeForm && split.rest !== '' && !isWholeTemplate) {
    context.report('CONFIG_ARGUMENTS_UNREADABLE', `${action.module} takes no free text: ${split.rest}`, {
      position,
      hint: 'Write its arguments as key: value below it, or as key=value.',
    })
  }
  const args: [string, Value][] = []
  const argPositions: Record<string, Position> = Object.create(null)
  for (const [key, part] of split.pairs) {
    args.push([key, toValue(part)])
    argPositions[key] = position
    checkName(context, action, { key, position })
  }
  const keepsRest = (freeForm || isWholeTemplate) && split.rest !== ''
  if (keepsRest) argPositions._raw_params = position
  const freeText = keepsRest ? toValue(split.rest) : undefined
  return { args: Object.fromEntries(args), freeText, argPositions: { ...argPositions } }
}

/** Where a part of the text stands; the start, when escapes were taken out of it. */
function placeIn(text: string, part: string, start: Position): Position {
  const before = text.slice(0, Math.max(0, text.indexOf(part))).split('\n')
  const column = start.column + before.at(-1)!.length
  return { file: start.file, line: start.line + before.length - 1, column }
}

function checkName(
  context: LoadContext,
  { module, info }: TaskAction,
  { key, position }: { readonly key: string; readonly position: Position },
): void {
  if (info.args === null || info.args.includes(key) || looksLikeTemplate(key)) return
  context.report('CONFIG_UNKNOWN_ARGUMENT', `${module} has no argument ${key}`, {
    position,
    hint: didYouMean(key, info.args) ?? `It takes: ${info.args.join(', ')}`,
  })
}
