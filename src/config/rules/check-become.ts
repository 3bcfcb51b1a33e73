/** become_user without become does nothing: a warning, since the inventory may set it. */
import { type LoadContext, placeKey } from '../load-context.ts'
import type { Keywords, Located, Playbook } from '../model.ts'
import { walkProject } from '../walk.ts'

export function checkBecome(context: LoadContext, playbooks: readonly Playbook[]): void {
  if (context.options.definedNames.has('ansible_become')) return
  const check = (node: Keywords & Located, becomes: boolean) => {
    if (node.becomeUser === undefined || node.become !== undefined || becomes) return
    context.report('CONFIG_NO_BECOME', 'become_user has no effect here, since become is not set', {
      position: context.becomeUsers.get(placeKey(node.position)) ?? node.position,
      hint: 'Add become: true beside it.',
      severity: 'warning',
    })
  }
  walkProject(context, playbooks, {
    play: play => check(play, false),
    block: (block, { becomes }) => check(block, becomes),
    task: (task, { becomes }) => check(task, becomes),
  })
}
