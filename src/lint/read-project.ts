/** Loads all playbooks and all roles of a project, also those that no playbook uses, with the texts of their files. */
import type { Position, Problem } from '../base/error.ts'
import { isDict } from '../base/value.ts'
import type { LoadOptions } from '../config/load-context.ts'
import { placeKey } from '../config/load-context.ts'
import { type LoadedProject, loadPlaybooks } from '../config/load-playbooks.ts'
import type { Task } from '../config/model.ts'
import type { ProjectReader } from '../config/reader.ts'
import { walkProject } from '../config/walk.ts'
import { ACROSS_ROLES } from '../manifest/check-services.ts'
import type { Service } from '../manifest/service.ts'
import { readYaml } from '../yaml/read-yaml.ts'
import type { LintedProject, PlacedTask, SourceFile } from './contract.ts'
import { readSources } from './sources.ts'

export interface LintRequest {
  readonly reader: ProjectReader
  readonly options: LoadOptions
  /** Playbooks to look at; empty: all of the project. */
  readonly playbooks: readonly string[]
}

export interface ReadForLint {
  readonly project: LintedProject
  /** What the loader found. */
  readonly problems: readonly Problem[]
}

export function readForLint({ reader, options, playbooks }: LintRequest): ReadForLint {
  const sources = readSources(reader)
  const files = playbooks.length > 0 ? playbooks : playbooksOf(sources)
  const used = loadPlaybooks(reader, files, options)
  const unused = playbooks.length > 0 ? [] : rolesBeside(reader, used)
  const loaded = unused.length === 0 ? used : withRoles({ reader, options, playbooks: files }, unused)
  const lines = new Map(sources.map(source => [source.file, source.lines]))
  return {
    project: {
      playbooks: loaded.playbooks.filter(({ file }) => file !== STAND_IN),
      ...tasksOf(loaded),
      services: servicesOf(loaded),
      sources,
      lineOf: ({ file, line }: Position) => lines.get(file)?.[line - 1] ?? '',
    },
    problems: [...used.problems.filter(isAcross), ...loaded.problems.filter(one => !isAcross(one))].filter(
      ({ position }) => position?.file !== STAND_IN,
    ),
  }
}

/** Roles that no play brings together need not fit together. */
function isAcross({ code }: Problem): boolean {
  return ACROSS_ROLES.has(code)
}

/** Files at the usual places whose every entry is a play. */
function playbooksOf(sources: readonly SourceFile[]): string[] {
  return sources
    .filter(({ file, kind }) => kind === 'yaml' && /^(?:playbooks\/)?[^/]+$/.test(file))
    .filter(({ file, text }) => {
      const { value } = readYaml(text, { file, templates: true })
      return Array.isArray(value) && value.length > 0 && value.every(isPlay)
    })
    .map(({ file }) => file)
}

function isPlay(value: unknown): boolean {
  return (
    isDict(value) && ['hosts', 'import_playbook', 'ansible.builtin.import_playbook'].some(key => key in value)
  )
}

function rolesBeside(reader: ProjectReader, { context }: LoadedProject): string[] {
  const known = new Set([...context.roles.values()].map(role => role.path))
  return (reader.list('roles') ?? []).filter(
    name => reader.isDirectory(`roles/${name}/tasks`) && !known.has(`roles/${name}`),
  )
}

/** A playbook that no file holds uses the roles that no other does. */
const STAND_IN = 'all-other-roles.yml'

function withRoles({ reader, options, playbooks }: LintRequest, roles: readonly string[]): LoadedProject {
  const text = `- hosts: all\n  become: true\n  roles: ${JSON.stringify(roles)}\n`
  const overlay: ProjectReader = {
    ...reader,
    read: path => (path === STAND_IN ? text : reader.read(path)),
    isFile: path => path === STAND_IN || reader.isFile(path),
  }
  return loadPlaybooks(overlay, [...playbooks, STAND_IN], options)
}

function servicesOf({ context }: LoadedProject): Service[] {
  const own = [...context.roles.values()].filter(({ path }) => !path.startsWith('/'))
  return [...new Map(own.map(({ path, manifest }) => [path, manifest.services])).values()].flat()
}

/** A role that is used twice has its tasks twice; their place tells them apart. */
function tasksOf({ context, playbooks }: LoadedProject): Pick<LintedProject, 'tasks' | 'handlers'> {
  const tasks = new Map<string, PlacedTask>()
  walkProject(context, playbooks, {
    task: (task, above) => {
      const key = placeKey(task.position)
      if (!tasks.has(key)) tasks.set(key, { task, above })
    },
  })
  const isOurs = (task: Task) => !task.position.file.startsWith('/')
  const written = playbooks.flatMap(({ plays }) => plays.flatMap(({ handlers }) => handlers))
  const handlers = new Set(
    [...written, ...context.includedHandlers].map(({ position }) => placeKey(position)),
  )
  const placed = [...tasks.entries()].filter(([, { task }]) => isOurs(task))
  return {
    tasks: placed.map(([, one]) => one),
    handlers: placed.filter(([key]) => handlers.has(key)).map(([, { task }]) => task),
  }
}
