/** All rules over a project: what they and the loader found, without what the project has switched off, by place. */
import type { Problem } from '../base/error.ts'
import { comparePlaces } from '../config/sort-problems.ts'
import type { Finding, LintedProject, Rule } from './contract.ts'
import { isSwitchedOff } from './switched-off.ts'

export interface RulesRequest {
  readonly rules: readonly Rule[]
  readonly problems: readonly Problem[]
  /** Ids of rules that the project does not want. */
  readonly skip: readonly string[]
}

export function runRules(project: LintedProject, { rules, problems, skip }: RulesRequest): Finding[] {
  const found = rules
    .filter(({ id }) => !skip.includes(id))
    .flatMap(({ id, severity, check }) => check(project).map(remark => ({ severity, ...remark, rule: id })))
  const loaded = problems.map(
    ({ code, severity, ...problem }): Finding => ({
      ...problem,
      rule: code,
      severity: severity ?? 'error',
    }),
  )
  return [...loaded, ...found.filter(finding => !isSwitchedOff(project, finding))].sort(byPlace)
}

function byPlace(a: Finding, b: Finding): number {
  if (a.position === undefined || b.position === undefined) return a.position ? 1 : b.position ? -1 : 0
  return comparePlaces(a.position, b.position)
}
