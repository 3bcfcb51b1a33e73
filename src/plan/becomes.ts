/** Does any task of these playbooks act as another user? What is included at run time is not looked at. */
import type { Keywords, Node, Playbook } from '../config/model.ts'

export function becomes(playbooks: readonly Playbook[]): boolean {
  return playbooks.some(({ plays }) =>
    plays.some(
      play =>
        asks(play) ||
        [...play.preTasks, ...play.roles, ...play.tasks, ...play.postTasks, ...play.handlers].some(nodeAsks),
    ),
  )
}

function nodeAsks(node: Node): boolean {
  if (asks(node)) return true
  if (node.kind === 'include') return asks(node.apply)
  return node.kind === 'block' && [...node.block, ...node.rescue, ...node.always].some(nodeAsks)
}

function asks({ become }: Keywords): boolean {
  return become !== undefined && become !== false
}
