import type { Action, Context, Result, Verdict } from '../contract.ts'

/** Work that must be done but is no change of the host (daemon-reload, fresh package lists). Check mode leaves it out. */
export function quietly(
  ctx: Context,
  summary: string,
  actions: Action | readonly Action[],
  result: Result = {},
): Verdict {
  if (ctx.check) return { kind: 'ok', result }
  return {
    kind: 'opaque',
    summary,
    changes: false,
    apply: function* () {
      for (const action of Array.isArray(actions) ? actions : [actions]) yield action
      return { ...result, changed: false }
    },
  }
}
