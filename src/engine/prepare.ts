/** From a written task to a module with checked arguments, for one host and one item. No host is touched. */
import type { z } from 'zod'
import { VpaiError } from '../base/error.ts'
import { type Dict, isDict, isMapping, OMIT, type Value } from '../base/value.ts'
import type { Task } from '../config/model.ts'
import { splitArguments } from '../config/split-arguments.ts'
import type { Context, LocalFile, LocalNeed, Module } from '../modules/contract.ts'
import type { Key } from '../probes/contract.ts'
import type { Templar } from '../template/index.ts'
import { moduleDefaultsFor } from './frame.ts'
import type { HostState } from './host-state.ts'
import type { Identity } from './ports.ts'
import { findDirectories } from './search-path.ts'
import { type Place, scopeOf, templarOf } from './variables.ts'

export interface Ready {
  readonly module: Module
  readonly args: unknown
  readonly context: Context
  readonly keys: readonly Key[]
  readonly templar: Templar
}

export interface Setting {
  readonly place: Place
  readonly task: Task
  readonly locals: Dict
  readonly templar: Templar
  /** A guess about a later task: nothing impure may run. */
  readonly ahead: boolean
}

/** Variables and renderer of one task on one host; `locals` are loop variables. */
export function settingOf(place: Place, task: Task, options: { locals: Dict; ahead: boolean }): Setting {
  const templar = templarOf(place, scopeOf(place, options.locals, options.ahead), options.ahead)
  return { place, task, locals: options.locals, templar, ahead: options.ahead }
}

/** Do all conditions around and on the task hold? The first that does not is named. */
export function firstFalse(setting: Setting): string | null {
  for (const condition of setting.place.frame.when) {
    if (!setting.templar.condition(condition)) return String(condition)
  }
  return null
}

/** `target`: the host that is acted on; not the task's own when it is delegated. */
export function prepare(setting: Setting, identity: Identity, target: HostState): Ready {
  const { place, task, templar } = setting
  const module = place.world.module(task.module)
  if (!module)
    throw new VpaiError('MODULE_UNKNOWN', `there is no module ${task.module}`, { position: task.position })
  const args = checkedArguments(module, argumentsOf(setting, module), task)
  const user = identity.user ?? target.loginUser ?? ''
  const context = contextOf(setting, module, { args, user })
  return { module, args, context, keys: module.keys(args, context), templar }
}

function argumentsOf({ place, task, templar }: Setting, module: Module): Dict {
  const defaults = moduleDefaultsFor(
    place.frame.moduleDefaults.map(level => templar.value(level)),
    task.module,
  )
  const given = rendered(task.args, templar)
  // What is omitted does not fall back on a default either.
  return withoutOmitted({ ...defaults, ...freeArguments(task, module, templar), ...given })
}

function rendered(args: Dict, templar: Templar): Dict {
  return Object.fromEntries(Object.entries(args).map(([key, raw]) => [key, templar.value(raw)]))
}

function withoutOmitted(args: Dict): Dict {
  return Object.fromEntries(
    Object.entries(args)
      .filter(([, one]) => (one as unknown) !== OMIT)
      .map(([key, one]) => [key, withoutOmittedInside(one)]),
  )
}

function withoutOmittedInside(value: Value): Value {
  if (Array.isArray(value)) return value.filter(one => one !== OMIT).map(withoutOmittedInside)
  return isDict(value) ? withoutOmitted(value) : value
}

/** `command: ls -l` or `file: path=/x state=touch`; a whole mapping from a template is taken as it is. */
function freeArguments(task: Task, module: Module, templar: Templar): Dict {
  if (task.freeText === undefined) return {}
  const value = templar.value(task.freeText)
  if (isMapping(value)) return value instanceof Map ? Object.fromEntries(value) : (value as Dict)
  if (module.freeForm) return { [module.freeForm]: value }
  return Object.fromEntries(splitArguments(String(value), () => true).pairs)
}

function checkedArguments(module: Module, args: Dict, task: Task): unknown {
  const parsed = (module.args() as z.ZodType).safeParse(args)
  if (parsed.success) return parsed.data
  const lines = parsed.error.issues.map(issue => {
    const path = issue.path.join('.')
    return path ? `${path}: ${issue.message}` : issue.message
  })
  const first = parsed.error.issues[0]?.path[0]
  throw new VpaiError('MODULE_ARGUMENTS', `${module.name}: ${lines.join('; ')}`, {
    position: task.argPositions[String(first)] ?? task.position,
  })
}

function contextOf(
  setting: Setting,
  module: Module,
  { args, user }: { args: unknown; user: string },
): Context {
  const { place, templar } = setting
  const { world, host } = place
  let files: Map<string, LocalFile> | null = null
  const scope = scopeOf(place, setting.locals, setting.ahead)
  return {
    check: checkMode(setting),
    diff: flag(setting, place.frame.nearest.diff, world.options.diff),
    host: host.name,
    user,
    local: name => {
      files ??= new Map((module.local?.(args) ?? []).map(need => [need.name, localFile(setting, need)]))
      const file = files.get(name)
      if (!file) throw new VpaiError('MODULE_LOCAL', `${module.name} has no local file ${name}`)
      return file
    },
    evaluate: expression => templar.expression(expression),
    test: condition => templar.condition(condition),
    variable: name => {
      const raw = scope.get(name)
      return raw === undefined ? undefined : templar.value(raw)
    },
    environment: environmentOf(setting),
    now: () => new Date(world.clock.now()),
    token: world.token,
    taints: text => world.secrets.taints(text),
  }
}

export function checkMode(setting: Setting): boolean {
  return flag(setting, setting.place.frame.nearest.checkMode, setting.place.world.options.check)
}

/** A keyword that is a boolean or a template of one. */
export function flag({ templar }: Setting, value: Value | undefined, otherwise: boolean): boolean {
  if (value === undefined || value === null) return otherwise
  const rendered = templar.value(value)
  if (typeof rendered === 'boolean') return rendered
  return /^(yes|true|on|1)$/i.test(String(rendered))
}

export function environmentOf({ place, templar }: Setting): Record<string, string> {
  const merged: Record<string, string> = {}
  for (const level of place.frame.environment.flatMap(one => templar.value(one) as Value)) {
    if (!isDict(level)) continue
    for (const [key, value] of Object.entries(level)) {
      if ((value as unknown) !== OMIT) merged[key] = templar.text(value)
    }
  }
  return merged
}

function localFile(setting: Setting, need: LocalNeed): LocalFile {
  const { place, task } = setting
  const where = findDirectories(
    place,
    need.kind === 'template' ? 'templates' : need.kind === 'vars' ? 'vars' : 'files',
  )
  const found = place.world.files.find(need, where)
  if (found.kind === 'missing' && !need.optional) {
    throw new VpaiError('LOCAL_FILE_MISSING', `${need.path} was not found`, {
      hint: `Looked in: ${found.searched.join(', ')}`,
      position: task.argPositions[need.name] ?? task.position,
    })
  }
  if (need.kind !== 'template' || found.kind !== 'file') return found
  const scope = scopeOf(place, { ...setting.locals, ...templateVars(found.path) }, setting.ahead)
  const templates = templarOf(place, scope, setting.ahead)
  const text = templates.file(Buffer.from(found.content).toString('utf8'), {
    path: found.path,
    ...need.options,
  })
  return { ...found, content: Buffer.from(text, 'utf8') }
}

function templateVars(path: string): Dict {
  return { template_path: path, template_fullpath: path, ansible_managed: 'Ansible managed' }
}
