/** Goes through all that was loaded: plays, blocks, tasks, includes and what static includes hold. */
import type { Value } from '../base/value.ts'
import type { LoadContext } from './load-context.ts'
import type { Block, Include, Keywords, Node, Play, Playbook, Task } from './model.ts'

/** What stands above a node. */
export interface Above {
  readonly play: Play
  /** Does the play or a block around set become? */
  readonly becomes: boolean
  /** Conditions of the blocks around. */
  readonly conditions: readonly Value[]
}

export interface Visitor {
  readonly play?: (play: Play) => void
  readonly block?: (block: Block, above: Above) => void
  readonly include?: (include: Include, above: Above) => void
  readonly task?: (task: Task, above: Above) => void
}

export function walkProject(context: LoadContext, playbooks: readonly Playbook[], visitor: Visitor): void {
  for (const play of playbooks.flatMap(playbook => playbook.plays)) {
    const above: Above = { play, becomes: play.become !== undefined, conditions: play.when ?? [] }
    visitor.play?.(play)
    const sections = [play.preTasks, play.roles, play.tasks, play.postTasks, play.handlers]
    for (const nodes of sections) walkNodes(context, nodes, { visitor, above })
  }
  const [first] = playbooks.flatMap(playbook => playbook.plays)
  if (first === undefined) return
  const above: Above = { play: first, becomes: true, conditions: [] }
  walkNodes(context, context.includedHandlers, { visitor, above })
}

interface Walk {
  readonly visitor: Visitor
  readonly above: Above
}

function walkNodes(context: LoadContext, nodes: readonly Node[], { visitor, above }: Walk): void {
  for (const node of nodes) {
    if (node.kind === 'task') visitor.task?.(node, above)
    else if (node.kind === 'include') {
      visitor.include?.(node, above)
      const inner = below(below(above, node), node.apply)
      walkNodes(context, context.included.get(node) ?? [], { visitor, above: inner })
    } else {
      visitor.block?.(node, above)
      const inner = { visitor, above: below(above, node) }
      for (const list of [node.block, node.rescue, node.always]) walkNodes(context, list, inner)
    }
  }
}

function below(above: Above, keywords: Keywords): Above {
  return {
    play: above.play,
    becomes: above.becomes || keywords.become !== undefined,
    conditions: [...above.conditions, ...(keywords.when ?? [])],
  }
}
