/** `meta:` tells the engine what to do; the words are few, so a slip is seen before the run. */
import { didYouMean } from '../../base/did-you-mean.ts'
import type { LoadContext } from '../load-context.ts'
import type { Playbook } from '../model.ts'
import { walkProject } from '../walk.ts'

/** What the engine carries out. */
export const META_WORDS = [
  'flush_handlers',
  'noop',
  'clear_facts',
  'clear_host_errors',
  'end_batch',
  'end_host',
  'end_play',
  'end_role',
  'refresh_inventory',
  'reset_connection',
]

export function checkMeta(context: LoadContext, playbooks: readonly Playbook[]): void {
  walkProject(context, playbooks, {
    task: (task, { play }) => {
      const { module, freeText, args, argPositions, position } = task
      if (module !== 'meta') return
      const word = freeText ?? args.free_form ?? ''
      if (word === 'end_role' && (task.use === undefined || play.handlers.includes(task))) {
        context.report('CONFIG_KEYWORD_NOT_HERE', 'end_role stands where no role runs', {
          position: argPositions._raw_params ?? position,
          hint: 'It belongs to the tasks of a role; in plays and handlers there is end_host.',
        })
      }
      if (typeof word !== 'string' || META_WORDS.includes(word)) return
      context.report('CONFIG_UNKNOWN_ARGUMENT', `meta has no ${word === '' ? 'word' : word}`, {
        position: argPositions._raw_params ?? position,
        hint: didYouMean(word, META_WORDS) ?? `It takes one of: ${META_WORDS.join(', ')}`,
      })
    },
  })
}
