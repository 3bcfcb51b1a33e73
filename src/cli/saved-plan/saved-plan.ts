/** What a run has to do with a saved plan. */
import type { PlanBody } from '../../saved-plan/format.ts'
import type { PlanKey } from '../../saved-plan/plan-key.ts'
import type { OpenedBefore } from '../project/open.ts'

export type SavedPlan =
  /** `file`: absolute. */
  | { readonly kind: 'save'; readonly file: string }
  | {
      readonly kind: 'keep'
      /** As it was typed. */
      readonly file: string
      /** Verified. */
      readonly plan: PlanBody
      readonly key: PlanKey
      readonly opened: OpenedBefore
    }
