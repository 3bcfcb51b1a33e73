/**
 * Values of arguments that are written out, by the module itself: what it would refuse in the middle of a run is an error
 * here, at its place. What holds a template is looked at when it is rendered, and so is what defaults may add to.
 */
import { isDict, PyFloat, type Value } from '../../base/value.ts'
import type { LoadContext, WrittenArguments } from '../load-context.ts'
import type { Keywords, Playbook, Task } from '../model.ts'
import { walkProject } from '../walk.ts'

export function checkValues(context: LoadContext, playbooks: readonly Playbook[]): void {
  const { argumentIssues } = context.options
  if (argumentIssues === undefined) return
  const defaults = modulesWithDefaults(context, playbooks)
  const seen = new Set<object>()
  const told = linesTold(context)
  walkProject(context, playbooks, {
    task: task => {
      // A role that is used twice has its tasks twice.
      if (seen.has(task.args)) return
      seen.add(task.args)
      if (linesOf(task).some(line => told.has(line))) return
      const written = task.module === 'meta' ? null : knownArguments(context, task)
      if (written === null) return
      const isWhole = written.isWhole && !defaults.has('any') && !defaults.has(task.module)
      for (const { argument, message } of argumentIssues(task.module, { ...written, isWhole }))
        context.report('CONFIG_ARGUMENT_VALUE', `${task.module}: ${message}`, {
          position: task.argPositions[argument ?? ''] ?? task.position,
        })
    },
  })
}

/** Where something is said of names or of the form already; what of the arguments is missing there nobody knows. */
function linesTold({ problems }: LoadContext): ReadonlySet<string> {
  const codes = ['CONFIG_UNKNOWN_ARGUMENT', 'CONFIG_ARGUMENTS_UNREADABLE', 'CONFIG_WRONG_TYPE']
  return new Set(
    problems.flatMap(({ code, position }) =>
      position !== undefined && codes.includes(code) ? [`${position.file}:${position.line}`] : [],
    ),
  )
}

function linesOf({ position, argPositions }: Task): readonly string[] {
  return [position, ...Object.values(argPositions)].map(({ file, line }) => `${file}:${line}`)
}

/** null: all of them come from a template. */
function knownArguments(context: LoadContext, { module, args, freeText }: Task): WrittenArguments | null {
  const text = freeText !== undefined && isPlain(freeText) ? freeText : undefined
  if (freeText !== undefined && context.options.knownModules(module)?.freeForm !== true) return null
  const all = Object.entries(args)
  const plain = all.filter(([, value]) => isPlain(value))
  const isWhole = plain.length === all.length && text === freeText && (all.length > 0 || text !== undefined)
  return { given: Object.fromEntries(plain), freeText: text, isWhole }
}

/** Without templates and secrets, all through. */
function isPlain(value: Value): boolean {
  if (value === null || typeof value !== 'object') return true
  if (Array.isArray(value)) return value.every(isPlain)
  if (value instanceof Map) return [...value].every(([key, item]) => isPlain(key) && isPlain(item))
  return value instanceof PyFloat || (isDict(value) && Object.values(value).every(isPlain))
}

/** Modules that module_defaults speak of anywhere; `any` where a template may say which. */
function modulesWithDefaults(context: LoadContext, playbooks: readonly Playbook[]): ReadonlySet<string> {
  const names = new Set<string>()
  const note = ({ moduleDefaults }: Keywords): void => {
    if (moduleDefaults === undefined) return
    for (const one of [moduleDefaults].flat()) {
      if (!isDict(one)) names.add('any')
      else
        for (const name of Object.keys(one)) names.add(context.options.knownModules(name)?.canonical ?? 'any')
    }
  }
  walkProject(context, playbooks, {
    play: note,
    block: note,
    task: note,
    include: include => {
      note(include)
      note(include.apply)
    },
  })
  return names
}
