/** All that is not on a host as its newest release has it. */

import type { FoundFile } from '../release/facts.ts'
import type { Manifest } from '../release/manifest.ts'
import type { Area, SystemState } from '../release/system-state.ts'
import { compareContainers, isDeclared } from './compare-containers.ts'
import { compareFiles } from './compare-files.ts'
import { comparePackages } from './compare-packages.ts'
import { comparePorts } from './compare-ports.ts'
import { compareUnits } from './compare-units.ts'
import type { Compared, Finding, Unseen } from './finding.ts'
import { loginsAround } from './logins.ts'
import type { DriftSeen } from './seen.ts'

export interface HostDrift extends Compared {
  readonly release: Manifest
  /** What else is to be known of the host, for people. */
  readonly notes: readonly string[]
  /** Files whose contents differ. */
  readonly contents: readonly { readonly path: string; readonly was: FoundFile; readonly is: FoundFile }[]
}

export function hostDrift(release: Manifest, seen: DriftSeen): HostDrift {
  const files = compareFiles(release.files, seen)
  const system = compareSystem(release, seen)
  const findings = [...files.findings, ...system.findings].map(one => withLogins(one, seen))
  const differing = new Set(files.findings.map(({ subject }) => subject))
  return {
    release,
    findings,
    unseen: [...files.unseen, ...system.unseen],
    notes: notesOf(release, seen, findings),
    contents: release.files.flatMap((was, index) => {
      const is = seen.files.get(index)
      return is !== undefined && differing.has(was.path) ? [{ path: was.path, was, is }] : []
    }),
  }
}

function compareSystem(release: Manifest, seen: DriftSeen): Compared {
  const { state: before } = release
  const { state: now } = seen
  if (before === null || now === null) {
    const why = `release ${release.number} was made before releases had them; the next one has them`
    const unseen = { what: 'units, packages, containers and ports', why, isFailure: false }
    return { findings: [], unseen: [unseen] }
  }
  const isSeen = (area: Area) => before.blind[area] === undefined && now.blind[area] === undefined
  const of = (area: Area, compare: () => readonly Finding[]) => (isSeen(area) ? compare() : [])
  return {
    findings: [
      ...of('units', () => compareUnits(before.units, now.units, now.at - now.uptime)),
      ...of('packages', () => comparePackages(before.packages, now.packages, seen.packageLog)),
      ...of('containers', () => compareContainers(release, before.containers, now.containers)),
      ...of('ports', () => comparePorts(before, now, seen.barriers)),
    ],
    unseen: [...AREAS.flatMap(area => blindness(area, { release, before, now })), ...unnamed(release)],
  }
}

const AREAS = ['units', 'packages', 'containers', 'ports'] as const

interface Sides {
  readonly release: Manifest
  readonly before: SystemState
  readonly now: SystemState
}

/** Nothing is said of what nobody declared and the release does not have. */
function blindness(area: Area, { release, before, now }: Sides): readonly Unseen[] {
  const whyNow = now.blind[area]
  const whyThen = before.blind[area]
  const isOfInterest = area === 'ports' || countOf(area, release) > 0
  if (!isOfInterest || (whyNow === undefined && whyThen === undefined)) return []
  if (whyThen !== undefined)
    return [{ what: area, why: `${whyThen}, when the release was made`, isFailure: false }]
  return [{ what: area, why: whyNow ?? '', isFailure: true }]
}

function countOf(area: Exclude<Area, 'ports'>, release: Manifest): number {
  if (area === 'units') return release.units.length
  if (area === 'packages') return release.packages.length
  const declared = release.state?.containers.filter(one => isDeclared(release, one)) ?? []
  return release.containers.length + release.compose.length + declared.length
}

/** What a release names and has no state of. */
function unnamed({ userUnits, units, state }: Manifest): readonly Unseen[] {
  const known = new Set(state?.units.map(({ name }) => name))
  const isBlind = state?.blind.units !== undefined
  return units.flatMap(name => {
    if (userUnits.includes(name))
      return [{ what: `unit ${name}`, why: 'it is one of a user', isFailure: false }]
    if (known.has(name) || isBlind) return []
    return [{ what: `unit ${name}`, why: 'it is a template, without a state of its own', isFailure: false }]
  })
}

function withLogins(finding: Finding, { logins }: DriftSeen): Finding {
  const { at } = finding
  if (at === null || logins === null) return finding
  const then = loginsAround(logins, at)
  if (then.length === 0) return finding
  return { ...finding, evidence: [...finding.evidence, `logged in about then: ${then.join(', ')}`] }
}

function notesOf(
  { lease }: Manifest,
  { record, logins }: DriftSeen,
  findings: readonly Finding[],
): readonly string[] {
  const { open, runs } = record
  const since = runs.filter(({ number }) => number > lease).length
  const isOpen = open !== null && open.number > lease
  return [
    ...(isOpen ? [`“vpai ${String(open.holder.command)}” is at work here, or was cut off`] : []),
    ...(since > 0 && !isOpen
      ? [`${since === 1 ? 'a run has' : `${since} runs have`} changed something since the release`]
      : []),
    ...(logins === null && findings.some(({ at }) => at !== null)
      ? ['who was logged in is not known: neither the program last nor the journal tells']
      : []),
  ]
}
