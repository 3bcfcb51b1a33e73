/** `argument_specs` of a role, by entry point, and the task that checks them before the role begins. */
import { SPEC_TYPES } from '../base/argument-types.ts'
import { didYouMean } from '../base/did-you-mean.ts'
import { type Dict, isDict, type Value } from '../base/value.ts'
import { bareTask } from './bare-task.ts'
import type { Cursor } from './cursor.ts'
import type { LoadContext } from './load-context.ts'
import type { EntrySpec, RoleUse, Task } from './model.ts'
import { describe } from './value-types.ts'

/** Types and shapes that cannot be are reported; descriptions and the like are left out. */
export function readArgumentSpecs(
  context: LoadContext,
  specs: Cursor | undefined,
): ReadonlyMap<string, EntrySpec> {
  const entries = specs?.entries() ?? []
  return new Map(
    entries.map(([entry, cursor]) => {
      const options = cursor.get('options')
      if (options !== undefined) checkOptions(context, options)
      const spec: EntrySpec = {
        position: cursor.position,
        title: cursor.get('short_description')?.text,
        options: trimmed(options?.value ?? {}),
      }
      return [entry, spec]
    }),
  )
}

/** The spec of the entry point that a use begins at; undefined when there is none or it is not to be checked. */
export function specOf({ role, tasksFrom, validates }: RoleUse): EntrySpec | undefined {
  return validates ? role.argumentSpecs.get(tasksFrom.replace(/\.(?:ya?ml|json)$/, '')) : undefined
}

export function specTask(use: RoleUse, idPrefix: string): Task[] {
  const spec = specOf(use)
  if (spec === undefined) return []
  const { role, tasksFrom } = use
  const title = spec.title === undefined ? '' : ` - ${spec.title}`
  const about = { type: 'role', name: role.name, argument_spec_name: tasksFrom, path: role.path }
  const task = bareTask({
    id: `${idPrefix}${role.path} argument_specs ${tasksFrom}`,
    name: `Validating arguments against arg spec '${tasksFrom}'${title}`,
    module: 'validate_argument_spec',
    args: { argument_spec: spec.options, validate_args_context: about },
    tags: ['always'],
    position: spec.position,
    directory: `${role.path}/tasks`,
    use,
  })
  return [task]
}

function checkOptions(context: LoadContext, options: Cursor): void {
  if (options.value === null) return
  if (!options.isMapping) {
    const message = `options must be a mapping, not ${describe(options.value)}`
    context.report('CONFIG_WRONG_TYPE', message, { position: options.position })
  }
  for (const [name, option] of options.entries()) {
    if (!option.isMapping) {
      const message = `The option ${name} must be a mapping, not ${describe(option.value)}`
      context.report('CONFIG_WRONG_TYPE', message, { position: option.position })
      continue
    }
    for (const key of ['type', 'elements']) checkTypeName(context, option.get(key))
    const inner = option.get('options')
    if (inner !== undefined) checkOptions(context, inner)
  }
}

function checkTypeName(context: LoadContext, type: Cursor | undefined): void {
  if (type?.text === undefined || (SPEC_TYPES as readonly string[]).includes(type.text)) return
  context.report('CONFIG_WRONG_TYPE', `There is no type ${type.text} of an argument`, {
    position: type.position,
    hint: didYouMean(type.text, SPEC_TYPES) ?? `It is one of ${SPEC_TYPES.join(', ')}.`,
  })
}

/** What is checked; texts for people may hold braces that are no templates. What has a default is not missing. */
function trimmed(options: Value): Dict {
  if (!isDict(options)) return {}
  const kept = Object.entries(options).map(([name, option]) => {
    if (!isDict(option)) return [name, {}]
    const { type, elements, choices, aliases, apply_defaults, options: inner } = option
    const required = option.required === true && (option.default ?? null) === null
    const all = { type, elements, choices, aliases, apply_defaults, required }
    const given = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
    return [name, inner === undefined ? given : { ...given, options: trimmed(inner) }]
  })
  return Object.fromEntries(kept) as Dict
}
