/** --list-tasks, --list-tags, --list-hosts, --syntax-check: what is there, without a host or a program. */
import { Template, type Value } from '../base/value.ts'
import type { LoadedProject } from '../config/load-playbooks.ts'
import type { Node, Play } from '../config/model.ts'
import { matchHosts } from '../inventory/pattern.ts'
import { type TagFilter, tagFilter } from '../plan/tags.ts'
import type { Project } from './project/open.ts'
import { words } from './run-settings.ts'

export interface ListingRequest {
  readonly project: Project
  readonly loaded: LoadedProject
  readonly options: Readonly<Record<string, unknown>>
  readonly limit: string | undefined
}

interface ListedTask {
  readonly name: string
  readonly tags: readonly string[]
}

export function listings({ project, loaded, options, limit }: ListingRequest): string {
  const filter = tagFilter(words(options.tags), words(options.skipTags))
  const plays = loaded.playbooks.flatMap(playbook => playbook.plays)
  if (options.syntaxCheck === true && !options.listTasks && !options.listTags && !options.listHosts) {
    const count = plays.reduce((sum, play) => sum + tasksOf(play, filter).length, 0)
    return `${counted(plays.length, 'play')}, ${counted(count, 'task')}: no problems\n`
  }
  const lines = plays.flatMap((play, index) => {
    const head = `play #${index + 1} (${shown(play.hosts)}): ${shown(play.name ?? play.hosts)}`
    const tasks = tasksOf(play, filter)
    return [
      head,
      ...(options.listHosts === true ? hostLines(project, play, limit) : []),
      ...(options.listTasks === true
        ? [
            '  tasks:',
            ...tasks.map(
              task => `    ${task.name}${task.tags.length > 0 ? `  [${task.tags.join(', ')}]` : ''}`,
            ),
          ]
        : []),
      ...(options.listTags === true
        ? [`  tags: ${[...new Set(tasks.flatMap(task => task.tags))].sort().join(', ')}`]
        : []),
      '',
    ]
  })
  return `${lines.join('\n')}\n`
}

function hostLines(project: Project, play: Play, limit: string | undefined): string[] {
  if (play.hosts instanceof Template) return ['  hosts: known when it runs']
  const { hosts } = matchHosts(project.inventory, [play.hosts].flat().map(String).join(','), limit)
  return [`  hosts (${hosts.length}):`, ...hosts.map(host => `    ${host}`)]
}

function tasksOf(play: Play, filter: TagFilter): ListedTask[] {
  const tags = play.tags ?? []
  return [...play.preTasks, ...play.roles, ...play.tasks, ...play.postTasks].flatMap(node =>
    tasksIn(node, { tags, role: null, filter }),
  )
}

function tasksIn(
  node: Node,
  around: { tags: readonly string[]; role: string | null; filter: TagFilter },
): ListedTask[] {
  const tags = [...new Set([...around.tags, ...(node.tags ?? [])])]
  if (node.kind === 'block') {
    const role = node.use?.role.name ?? around.role
    return [...node.block, ...node.rescue, ...node.always].flatMap(child =>
      tasksIn(child, { ...around, tags, role }),
    )
  }
  if (!around.filter.runs(tags)) return []
  const own =
    node.name === undefined
      ? node.kind === 'task'
        ? node.module
        : `include ${shown(node.target)}`
      : shown(node.name)
  return [{ name: around.role ? `${around.role} : ${own}` : own, tags }]
}

function shown(value: Value): string {
  return value instanceof Template
    ? value.source
    : Array.isArray(value)
      ? value.map(shown).join(',')
      : String(value)
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}
