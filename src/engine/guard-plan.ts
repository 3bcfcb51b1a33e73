/** Whether a task that is about to act runs under a guard, and what that keeps. */
import { DEFAULT_GUARD, type GuardKeyword, readGuard } from '../config/guard-keyword.ts'
import { areaOfPath, thingsOf } from '../guard/areas.ts'
import { riskOf } from '../guard/risk.ts'
import type { Action, Verdict } from '../modules/contract.ts'
import type { HostState } from './host-state.ts'
import type { GuardPlan } from './lock-out.ts'
import type { Ready, Setting } from './prepare.ts'

/** `guard` as it stands around the task, rendered. */
export function guardKeyword({ place, templar }: Setting): GuardKeyword | false {
  const { guard } = place.frame.nearest
  return guard === undefined ? DEFAULT_GUARD : readGuard(templar.value(guard))
}

/** null: it needs none. Hosts that are not reached over a network have nothing to be locked out of. */
export function guardPlan(
  { module, args }: Pick<Ready, 'module' | 'args'>,
  verdict: Verdict,
  { keyword, host }: { keyword: GuardKeyword | false; host: HostState },
): GuardPlan | null {
  if (keyword === false || !host.isRemote || (verdict.kind !== 'change' && verdict.kind !== 'opaque'))
    return null
  const login = host.loginUser ?? ''
  const changes = verdict.kind === 'change' ? verdict.changes : []
  const risk = riskOf({
    module: module.name,
    args,
    actions: actionsOf(verdict),
    subjects: changes.map(({ subject }) => subject),
    login,
  })
  if (risk === null && !keyword.always) return null
  const named = keyword.paths.flatMap(path => areaOfPath(path, login) ?? [])
  const areas = [...new Set([...(risk?.areas ?? []), ...named])]
  const things = [...areas.flatMap(thingsOf), ...keyword.paths.map(path => `path:${path}`)]
  return { areas, must: risk?.must ?? [], things: [...new Set(things)], keyword }
}

function actionsOf(verdict: Verdict): readonly Action[] {
  return verdict.kind === 'change' && typeof verdict.apply !== 'function' ? verdict.apply : []
}
