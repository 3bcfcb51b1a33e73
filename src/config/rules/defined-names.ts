/** Every name that something in the project can define, wherever and whenever. */
import { Template, type Value } from '../../base/value.ts'
import { specOf } from '../argument-specs.ts'
import type { LoadContext } from '../load-context.ts'
import type { Keywords, Loop, Playbook, Task } from '../model.ts'
import { walkProject } from '../walk.ts'

export interface DefinedNames {
  readonly names: ReadonlySet<string>
  /** True when there may be names that cannot be seen before the run. */
  readonly isOpen: boolean
}

export function definedNames(context: LoadContext, playbooks: readonly Playbook[]): DefinedNames {
  const collector = new Collector(context)
  walkProject(context, playbooks, {
    play: play => {
      collector.vars(play)
      for (const prompt of play.varsPrompt) collector.names.add(prompt.name)
      if (play.varsFiles.some(hasTemplate)) collector.isOpen = true
    },
    block: block => {
      collector.vars(block)
      for (const name of Object.keys(block.use?.params ?? {})) collector.names.add(name)
      // What a role says it takes is checked when it begins.
      if (block.use) collector.keys(Object.keys(specOf(block.use)?.options ?? {}))
    },
    include: include => {
      collector.vars(include)
      collector.vars(include.apply)
      collector.loop(include.loop)
      collector.add(include.register)
      if (include.target instanceof Template) collector.isOpen = true
    },
    task: task => collector.task(task),
  })
  for (const file of context.variableFiles.values()) collector.keys(file.keys())
  return { names: collector.names, isOpen: collector.isOpen }
}

class Collector {
  readonly names: Set<string>
  isOpen: boolean

  constructor({ options }: LoadContext) {
    this.names = new Set(options.definedNames)
    this.isOpen = options.hasDynamicNames
  }

  add(name: string | undefined): void {
    if (name !== undefined) this.names.add(name)
  }

  keys(names: readonly string[]): void {
    for (const name of names) this.names.add(name)
  }

  vars(keywords: Keywords): void {
    this.keys(Object.keys(keywords.vars ?? {}))
  }

  loop(loop: Loop | undefined): void {
    if (loop === undefined) return
    this.names.add(loop.control.loopVar)
    this.add(loop.control.indexVar)
  }

  task(task: Task): void {
    this.vars(task)
    this.loop(task.loop)
    this.add(task.register)
    const { module, args, freeText } = task
    if (module === 'set_fact' || module === 'add_host') {
      this.keys(Object.keys(args))
      if (freeText instanceof Template || Object.keys(args).some(key => key.includes('{{')))
        this.isOpen = true
    } else if (module === 'include_vars') {
      if (typeof args.name === 'string') this.names.add(args.name)
      else if ([freeText, args.file, args.dir].some(value => value instanceof Template)) this.isOpen = true
    } else if (module === 'include_tasks' || module === 'include_role') {
      if (args.file instanceof Template || args.name instanceof Template) this.isOpen = true
    }
  }
}

function hasTemplate(value: Value): boolean {
  return value instanceof Template || (Array.isArray(value) && value.some(hasTemplate))
}
