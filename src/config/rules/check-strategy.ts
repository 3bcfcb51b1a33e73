/** strategy free and host_pinned: what has no meaning where hosts do not wait for each other. */
import type { LoadContext } from '../load-context.ts'
import type { Keywords, Play, Playbook, Task } from '../model.ts'
import { walkProject } from '../walk.ts'

export function checkStrategy(context: LoadContext, playbooks: readonly Playbook[]): void {
  walkProject(context, playbooks, {
    play: play => {
      if (!isFree(play)) return
      tellKeywords(context, play, play)
      if (play.maxFailPercentage !== undefined) tell(context, play, 'max_fail_percentage has no effect')
    },
    block: (block, { play }) => isFree(play) && tellKeywords(context, play, block),
    task: (task, { play }) => {
      if (!isFree(play)) return
      tellKeywords(context, play, task)
      refuseForAll(context, task, play)
    },
  })
}

function isFree({ strategy }: Play): boolean {
  return typeof strategy === 'string' && /(?:free|host_pinned)$/.test(strategy)
}

type Written = Keywords & { readonly position: Task['position'] }

function tellKeywords(
  context: LoadContext,
  play: Play,
  { runOnce, anyErrorsFatal, position }: Written,
): void {
  if (runOnce !== undefined && runOnce !== false)
    tell(context, { ...play, position }, 'run_once has no effect: it is done on every host')
  if (anyErrorsFatal !== undefined && anyErrorsFatal !== false)
    tell(context, { ...play, position }, 'any_errors_fatal has no effect')
}

function tell(context: LoadContext, { strategy, position }: Play, what: string): void {
  context.report('CONFIG_KEYWORD_UNSUPPORTED', `With strategy ${String(strategy)}, ${what}`, {
    position,
    hint: 'As in Ansible: hosts run on their own. Use strategy linear where they belong together.',
    severity: 'warning',
  })
}

/** Modules that act once for all hosts. */
const FOR_ALL = new Set(['add_host', 'pause'])

function refuseForAll(context: LoadContext, { module, position }: Task, { strategy }: Play): void {
  if (!FOR_ALL.has(module)) return
  const message = `${module} is done once for all hosts, and with strategy ${String(strategy)} they run on their own`
  context.report('CONFIG_KEYWORD_UNSUPPORTED', message, {
    position,
    hint: 'Put it into a play of its own, or use strategy linear.',
  })
}
