/** Which tasks and includes a project has, by the text that they are known by from run to run. */
import { Template, type Value } from '../base/value.ts'
import type { Include, Node, Play, Task } from '../config/model.ts'
import { signature } from '../record/orphans.ts'
import { RESCUE } from './world.ts'

export class Presence {
  readonly #present = new Map<string, Set<string>>()
  readonly #includes = new Map<string, string>()

  of(playbook: string): ReadonlySet<string> {
    return this.#present.get(playbook) ?? new Set()
  }

  learnPlay(playbook: string, play: Play): void {
    const { preTasks, roles, tasks, postTasks, handlers } = play
    this.learn(playbook, [...preTasks, ...roles, ...tasks, ...postTasks, ...handlers])
  }

  /** Also those that an include brings while the run goes on. */
  learn(playbook: string, nodes: readonly Node[]): void {
    const present = this.#present.get(playbook) ?? new Set<string>()
    this.#present.set(playbook, present)
    for (const node of nodes) {
      if (node.kind === 'block') this.learn(playbook, [...node.block, ...node.rescue, ...node.always])
      else if (node.kind === 'task') present.add(taskSignature(node))
      const include = node.kind === 'include' ? node : node.kind === 'task' ? node.include : undefined
      if (include === undefined) continue
      present.add(includeSignature(include))
      this.#includes.set(include.id, includeSignature(include))
    }
  }

  /** Of the includes that a task came by. */
  within(ids: readonly string[]): readonly string[] {
    return ids.filter(id => id !== RESCUE).map(id => this.#includes.get(id) ?? id)
  }
}

export function taskSignature(task: Task): string {
  return signature({ role: roleOf(task), module: task.module, task: writtenName(task) })
}

export function includeSignature(include: Include): string {
  return signature({
    role: include.use?.role.name ?? null,
    module: `include_${include.what}`,
    task: written(include.target),
  })
}

/** The role it was written in. */
export function roleOf({ use }: Task): string | null {
  return use?.role.name ?? null
}

/** Before templates are worked out; without a name nothing. */
export function writtenName({ name }: Task): string {
  return name === undefined ? '' : written(name)
}

function written(value: Value): string {
  return value instanceof Template ? value.source : String(value)
}
