/** Releases of an environment: what its hosts have, merged by number. A host that a deploy did not change has none of it. */
import { VpaiError } from '../base/error.ts'
import type { Manifest } from './manifest.ts'
import type { HostReleases } from './read-script.ts'

export type Releases = ReadonlyMap<string, HostReleases>

export interface HistoryEntry {
  readonly number: number
  readonly when: string
  readonly by: string
  readonly run: string
  readonly rollbackOf: number | null
  readonly isPart: boolean
  /** Hosts that have it. */
  readonly hosts: readonly string[]
}

/** Newest first. Two machines that deploy on different hosts may give the same number: then it stands there twice. */
export function historyOf(releases: Releases): readonly HistoryEntry[] {
  const entries = new Map<string, HistoryEntry>()
  for (const [host, { releases: own }] of releases)
    for (const { number, when, by, run, rollbackOf, isPart } of own) {
      const key = `${number} ${run}`
      const hosts = [...(entries.get(key)?.hosts ?? []), host]
      entries.set(key, { number, when, by, run, rollbackOf, isPart, hosts })
    }
  return [...entries.values()].sort(
    (left, right) => right.number - left.number || (left.when < right.when ? 1 : -1),
  )
}

/** What a host had at a release: its newest one up to it; null: it had none yet, or forgot it. */
export function stateAt({ releases }: HostReleases, number: number): Manifest | null {
  return releases.findLast(release => release.number <= number) ?? null
}

/** A run has changed something on the host since its newest release. */
export function isAhead({ releases, lastRun }: HostReleases): boolean {
  const newest = releases.at(-1)
  return newest !== undefined && lastRun > newest.lease
}

/**
 * The release to go back to when none is named: the newest one, where something was changed since; else the one before
 * what is there now, which may itself have been gone back to. null: there is none.
 */
export function proposed(releases: Releases): number | null {
  const history = historyOf(releases)
  const [newest] = history
  if (newest === undefined) return null
  if ([...releases.values()].some(isAhead)) return newest.number
  const origin = originOf(history, newest)
  return history.find(({ number }) => number < origin)?.number ?? null
}

/** A release that went back is the one it went back to. */
function originOf(history: readonly HistoryEntry[], entry: HistoryEntry): number {
  const older = history.find(({ number }) => number === entry.rollbackOf)
  return older === undefined ? (entry.rollbackOf ?? entry.number) : originOf(history, older)
}

/** Throws RELEASE_UNKNOWN. */
export function requireRelease(releases: Releases, number: number): HistoryEntry {
  const history = historyOf(releases)
  const found = history.find(entry => entry.number === number)
  if (found) return found
  const known = [...new Set(history.map(entry => entry.number))].join(', ')
  throw new VpaiError('RELEASE_UNKNOWN', `there is no release ${number}`, {
    hint: known === '' ? 'No host has one yet: a deploy makes the first.' : `There are: ${known}.`,
  })
}
