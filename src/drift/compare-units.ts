/** Units of a release against what they are now. */
import type { UnitState } from '../release/system-state.ts'
import { type Finding, type Problem, timeText } from './finding.ts'

export function compareUnits(
  before: readonly UnitState[],
  now: readonly UnitState[],
  startedAt: number,
): readonly Finding[] {
  const nows = new Map(now.map(unit => [unit.name, unit]))
  return before.flatMap(unit => {
    const there = nows.get(unit.name)
    if (unit.load === 'not-found' || there === undefined) return []
    return [stateFinding(unit, there, startedAt), enablingFinding(unit, there)].filter(one => one !== null)
  })
}

/** What it is on the way to something else is no state to compare with. */
function stateFinding(was: UnitState, now: UnitState, startedAt: number): Finding | null {
  const problem = problemOf(was, now)
  if (problem === null) return null
  const evidence = [
    ...(now.until === null ? [] : [`not active since ${timeText(now.until)}`]),
    ...(now.since === null ? [] : [`last became active ${timeText(now.since)}`]),
    `the host was started ${timeText(startedAt)}`,
  ]
  return { ...about(was), problem, was: stateText(was), is: stateText(now), evidence, at: now.until }
}

function problemOf(was: UnitState, now: UnitState): Problem | null {
  if (now.load === 'not-found') return 'gone'
  if (now.load === 'masked' && was.load !== 'masked') return 'masked'
  const isLost = now.active === 'failed' || now.sub === 'auto-restart'
  if (isLost) return was.active === now.active && was.sub === now.sub ? null : 'failed'
  return isActive(was) && now.active === 'inactive' ? 'stopped' : null
}

function isActive({ active }: UnitState): boolean {
  return active === 'active' || active === 'reloading'
}

function enablingFinding(was: UnitState, now: UnitState): Finding | null {
  if (was.file === now.file || now.load === 'not-found' || now.load === 'masked') return null
  const problem = 'enabling'
  return { ...about(was), problem, was: was.file || 'none', is: now.file || 'none', evidence: [], at: null }
}

function about({ name }: UnitState): Pick<Finding, 'kind' | 'subject' | 'isDrift'> {
  return { kind: 'unit', subject: name, isDrift: true }
}

function stateText({ load, active, sub }: UnitState): string {
  return load === 'loaded' ? `${active} (${sub})` : load
}
