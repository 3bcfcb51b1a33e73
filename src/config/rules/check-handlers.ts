/** Whom tasks notify: the handler must be in the play, by name or by listen. */
import { didYouMean } from '../../base/did-you-mean.ts'
import { Template, type Value } from '../../base/value.ts'
import type { LoadContext } from '../load-context.ts'
import type { Play, Playbook, Task } from '../model.ts'
import { walkProject } from '../walk.ts'

export function checkHandlers(context: LoadContext, playbooks: readonly Playbook[]): void {
  const known = new Map<Play, Names>()
  const isOpen = hasDynamicInclude(context, playbooks)
  walkProject(context, playbooks, {
    play: play => known.set(play, namesOf([...play.handlers, ...context.includedHandlers])),
    task: (task, { play }) => {
      const names = known.get(play)!
      for (const target of task.notify) checkTarget(context, { task, target, names, isOpen })
    },
  })
}

interface Names {
  readonly exact: ReadonlySet<string>
  /** Names with templates: their plain parts in order. */
  readonly patterns: readonly RegExp[]
}

function namesOf(handlers: readonly Task[]): Names {
  const exact = new Set<string>()
  const patterns: RegExp[] = []
  for (const { name, listen, use } of handlers) {
    for (const topic of listen) exact.add(topic)
    if (name instanceof Template) patterns.push(patternOf(name.source))
    else if (name !== undefined) {
      exact.add(String(name))
      if (use !== undefined) exact.add(`${use.role.name} : ${String(name)}`)
    }
  }
  return { exact, patterns }
}

function patternOf(source: string): RegExp {
  const parts = source
    .split(/\{\{.*?\}\}|\{%.*?%\}/s)
    .map(part => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${parts.join('.*')}$`, 's')
}

interface Target {
  readonly task: Task
  readonly target: Value
  readonly names: Names
  readonly isOpen: boolean
}

function checkTarget(context: LoadContext, { task, target, names, isOpen }: Target): void {
  if (target === null || typeof target === 'object') return
  const name = String(target)
  if (names.exact.has(name) || names.patterns.some(pattern => pattern.test(name))) return
  const place = context.notifyPositions.get(`${task.id} ${name}`)
  context.report('CONFIG_HANDLER_NOT_FOUND', `No handler of this play is called "${name}"`, {
    position: place ?? task.position,
    hint:
      didYouMean(name, names.exact) ??
      'Handlers stand under handlers: of the play or in handlers/main.yml of its roles.',
    severity: isOpen ? 'warning' : undefined,
  })
}

/** An include whose name is a template may bring handlers that cannot be seen yet. */
function hasDynamicInclude(context: LoadContext, playbooks: readonly Playbook[]): boolean {
  let isOpen = false
  walkProject(context, playbooks, {
    include: ({ what, target }) => {
      if (what === 'role' && target instanceof Template) isOpen = true
    },
  })
  return isOpen
}
