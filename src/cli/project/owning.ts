import { VpaiError } from '../../base/error.ts'
import type { Owning } from '../../engine/owned-lists.ts'
import { words } from '../run-settings.ts'

/** What a deploy, or the plan of one, does about what is no longer declared. Throws PRUNE_PARTLY. */
export function owningOf(environment: string, options: Readonly<Record<string, unknown>>): Owning {
  const prune = options.prune === true
  const isPart = words(options.tags).length + words(options.skipTags).length > 0
  if (prune && (isPart || options.startAtTask !== undefined)) {
    throw new VpaiError(
      'PRUNE_PARTLY',
      '--prune needs the whole playbook: a part of it cannot tell what is gone',
      {
        hint: 'Leave out --tags, --skip-tags and --start-at-task.',
      },
    )
  }
  return { kind: 'plays', environment, prune }
}

/** A saved plan does not hold what is to be removed. */
export function pruneAndPlan(): VpaiError {
  return new VpaiError('PLAN_FLAGS', '--prune does not go with a saved plan: what it removes is in none', {
    hint: 'Deploy the plan, then `vpai deploy ENV --prune`, which shows with --check what it would remove.',
  })
}
