/** Ansible turns synchronize round when a task is delegated: that changes which side src is on, so it is refused here. */
import type { LoadContext } from '../load-context.ts'
import type { Playbook } from '../model.ts'
import { walkProject } from '../walk.ts'

export function checkSynchronize(context: LoadContext, playbooks: readonly Playbook[]): void {
  walkProject(context, playbooks, {
    task: ({ module, delegateTo, position }) => {
      if (module !== 'synchronize' || delegateTo === undefined) return
      context.report('CONFIG_KEYWORD_UNSUPPORTED', 'delegate_to does not go with synchronize', {
        position,
        hint: 'Files of the project reach the host without it. On one host: copy with remote_src, or rsync by command.',
      })
    },
  })
}
