/** Lists of tasks: each item becomes a task, a block or an include; static imports become blocks. */
import type { Value } from '../base/value.ts'
import type { Cursor } from './cursor.ts'
import { findKeyword, isTaskKeyword, type Level } from './keywords.ts'
import type { LoadContext, Scope } from './load-context.ts'
import { loadStatement } from './load-statement.ts'
import type { Block, Node, Task } from './model.ts'
import {
  checkKeywords,
  checkValue,
  conditionsOf,
  readKeywords,
  reportUnknown,
  textsOf,
} from './read-keywords.ts'
import { readLoop } from './read-loop.ts'
import { idOf } from './statement.ts'
import { findAction, type TaskAction } from './task-action.ts'
import { readArguments } from './task-arguments.ts'
import { describe } from './value-types.ts'

/** The nodes of a list; nothing for null. What cannot be read is reported and left out. */
export function loadTasks(context: LoadContext, cursor: Cursor | undefined, scope: Scope): Node[] {
  if (cursor === undefined || cursor.value === null) return []
  if (!cursor.isList) {
    context.report('CONFIG_NOT_A_LIST', `Tasks must be a list, not ${describe(cursor.value)}`, {
      position: cursor.position,
      hint: 'Begin each task with "- ".',
    })
    return []
  }
  return cursor.items().flatMap(item => loadNode(context, item, scope))
}

function loadNode(context: LoadContext, cursor: Cursor, scope: Scope): Node[] {
  if (!context.count(cursor.position)) return []
  if (!cursor.isMapping) {
    context.report('CONFIG_NOT_A_MAPPING', `A task must be a mapping, not ${describe(cursor.value)}`, {
      position: cursor.position,
      hint: 'Write a module and its arguments, for example: command: uptime',
    })
    return []
  }
  context.refuseDuplicates(cursor)
  const isBlock = ['block', 'rescue', 'always'].some(key => cursor.get(key) !== undefined)
  if (isBlock) return loadBlock(context, cursor, scope)
  const level: Level = scope.inHandlers ? 'handler' : 'task'
  const action = findAction(context, cursor, level)
  if (action === undefined) {
    checkTaskKeys(context, cursor, level)
    return []
  }
  const statement = loadStatement(context, { cursor, action, scope })
  return statement ?? [loadTask(context, { cursor, action, scope })]
}

function loadBlock(context: LoadContext, cursor: Cursor, scope: Scope): Node[] {
  const { position } = cursor
  if (scope.inHandlers) {
    context.report('CONFIG_BLOCK_IN_HANDLERS', 'A block cannot be a handler', {
      position,
      hint: 'Give each handler the same listen: instead, and notify that.',
    })
    return []
  }
  checkKeywords(context, cursor, { level: 'block' })
  const block = cursor.get('block')
  if (block === undefined) {
    const [stray] = ['rescue', 'always'].flatMap(key => cursor.get(key) ?? [])
    context.report('CONFIG_BLOCK_MISSING', 'rescue and always need a block beside them', {
      position: stray?.keyPosition ?? position,
    })
  } else if (block.value === null || (block.isList && block.items().length === 0)) {
    context.report('CONFIG_BLOCK_EMPTY', 'This block has no tasks', { position: block.keyPosition })
  }
  const inner: Scope = { ...scope, notify: [...scope.notify, ...notifyOf(cursor)] }
  const node: Block = {
    kind: 'block',
    position,
    ...readKeywords(context, cursor),
    name: cursor.get('name')?.value,
    block: loadList(context, block, inner),
    rescue: loadList(context, cursor.get('rescue'), inner),
    always: loadList(context, cursor.get('always'), inner),
    use: undefined,
    directory: scope.directory,
  }
  return [node]
}

/** A list whose type checkKeywords has looked at already. */
function loadList(context: LoadContext, cursor: Cursor | undefined, scope: Scope): Node[] {
  return cursor?.isList ? loadTasks(context, cursor, scope) : []
}

interface WrittenTask {
  readonly cursor: Cursor
  readonly action: TaskAction
  readonly scope: Scope
}

function loadTask(context: LoadContext, { cursor, action, scope }: WrittenTask): Task {
  const level: Level = scope.inHandlers ? 'handler' : 'task'
  checkTaskKeys(context, cursor, level)
  checkUntil(context, cursor)
  if (scope.inHandlers) checkReachable(context, cursor)
  const id = idOf(cursor, scope)
  for (const item of cursor.get('notify')?.itemsOrSelf() ?? []) {
    context.notifyPositions.set(`${id} ${item.text}`, item.position)
  }
  return {
    kind: 'task',
    id,
    position: cursor.position,
    ...readKeywords(context, cursor),
    ...(action.isLocal ? { delegateTo: 'localhost' } : {}),
    name: cursor.get('name')?.value,
    module: action.module,
    ...readArguments(context, action, cursor.get('args')),
    loop: readLoop(context, cursor),
    register: cursor.get('register')?.text,
    until: conditionsOf(context, cursor.get('until')),
    retries: cursor.get('retries')?.value,
    delay: cursor.get('delay')?.value,
    changedWhen: conditionsOf(context, cursor.get('changed_when')),
    failedWhen: conditionsOf(context, cursor.get('failed_when')),
    notify: [...scope.notify, ...notifyOf(cursor)],
    listen: textsOf(cursor.get('listen')),
    async: cursor.get('async')?.value,
    poll: cursor.get('poll')?.value,
    use: scope.use,
    directory: scope.directory,
  }
}

/** The keywords of a task; the module's key, and what findAction has complained about, are left alone. */
export function checkTaskKeys(context: LoadContext, cursor: Cursor, level: Level): void {
  for (const [name, item] of cursor.entries()) {
    const keyword = findKeyword(name)
    if (keyword?.levels.includes(level)) checkValue(context, { name, item, keyword })
    else if (isMisplaced(name, level)) reportUnknown(context, { name, item, level })
  }
}

/** A keyword of some task that this kind of task does not take. Other keys are the module's business. */
function isMisplaced(name: string, level: Level): boolean {
  const isLoop = name.startsWith('with_')
  if (isLoop) return level === 'import'
  return isTaskKeyword(name)
}

function checkUntil(context: LoadContext, cursor: Cursor): void {
  const delay = cursor.get('delay')
  if (delay === undefined || cursor.get('until') !== undefined || cursor.get('retries') !== undefined) return
  const message = 'delay has no effect without until or retries'
  context.report('CONFIG_UNTIL_MISSING', message, { position: delay.keyPosition, severity: 'warning' })
}

function checkReachable(context: LoadContext, cursor: Cursor): void {
  if (cursor.get('name') !== undefined || cursor.get('listen') !== undefined) return
  context.report('CONFIG_HANDLER_NAME_MISSING', 'Nobody can notify a handler without name and listen', {
    position: cursor.position,
    hint: 'Give it a name.',
    severity: 'warning',
  })
}

function notifyOf(cursor: Cursor): Value[] {
  return (cursor.get('notify')?.itemsOrSelf() ?? []).map(item => item.value)
}
