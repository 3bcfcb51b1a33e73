/** Which snapshot goes with a release, on each host that keeps data. */
import { VpaiError } from '../base/error.ts'
import { type Releases, stateAt } from './history.ts'
import type { SnapshotSeen } from './snapshot-scripts.ts'

/**
 * The data as a release left it is in the first snapshot that was made after it: later ones were made when a deploy had
 * failed meanwhile; null: there is none. Hosts without any snapshot are left out.
 */
export function snapshotsOf(releases: Releases, number: number): ReadonlyMap<string, SnapshotSeen | null> {
  return new Map(
    [...releases].flatMap(([host, own]) => {
      if (own.snapshots.length === 0) return []
      const release = stateAt(own, number)?.number
      return [[host, own.snapshots.find(one => one.release === release) ?? null] as const]
    }),
  )
}

/** Throws SNAPSHOT_NONE. */
export function requireSnapshots(releases: Releases, number: number): ReadonlyMap<string, SnapshotSeen> {
  const found = new Map<string, SnapshotSeen>()
  for (const [host, snapshot] of snapshotsOf(releases, number)) {
    if (snapshot === null) throw noSnapshot(releases, number, host)
    found.set(host, snapshot)
  }
  if (found.size === 0) throw noSnapshot(releases, number, null)
  return found
}

function noSnapshot(releases: Releases, number: number, host: string | null): VpaiError {
  const all = [...releases].filter(([name]) => host === null || name === host)
  const known = [
    ...new Set(all.flatMap(([, { snapshots }]) => snapshots.map(({ release }) => release))),
  ].sort((left, right) => left - right)
  const where = host === null ? '' : ` on ${host}`
  return new VpaiError('SNAPSHOT_NONE', `there is no snapshot of the data of release ${number}${where}`, {
    hint:
      known.length === 0
        ? 'A deploy makes one before it changes something, when a role has tasks/snapshot.yml.'
        : `There are of: ${known.join(', ')}. Without --with-data only files and images go back.`,
  })
}

/** Those that were made in between. */
export function addedSnapshots(before: Releases, after: Releases): ReadonlyMap<string, SnapshotSeen> {
  const found = [...after].flatMap(([host, { snapshots }]) => {
    const known = new Set(before.get(host)?.snapshots.map(({ name }) => name))
    const added = snapshots.findLast(({ name }) => !known.has(name))
    return added === undefined ? [] : [[host, added] as const]
  })
  return new Map(found)
}
