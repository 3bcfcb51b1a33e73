/** Which resources of a host nobody declares any more. In doubt none: what is not told keeps what it declared. */
import { createHash } from 'node:crypto'
import { type Resource, resourceId } from '../base/resource.ts'
import { type Entry, entryId, type OwnedList, type Owner, ownerId } from './owned.ts'

/** A task or an include, the same in every run as long as its role, name and module are. */
export function signature({ role, module, task }: Pick<Entry, 'role' | 'module' | 'task'>): string {
  return JSON.stringify([role ?? '', module, task])
}

/** What a run did on one host, of one playbook. Tasks and includes are named by their signatures. */
export interface PlayedOn {
  readonly owner: Owner
  readonly declared: readonly Entry[]
  /** In the project: those that ran, and those that did not. */
  readonly present: ReadonlySet<string>
  /** Came to their good end at least once. */
  readonly fine: ReadonlySet<string>
  /** Skipped, failed, or known after apply at least once. */
  readonly doubtful: ReadonlySet<string>
  /** What tasks have taken away, with all that was in it. */
  readonly away: readonly Resource[]
  /** Ids of what skipped tasks would have declared. Asked only when something would be an orphan. */
  readonly perhaps: () => ReadonlySet<string>
  /** Nothing was left out: no tags, no failure, no interrupt. */
  readonly isWhole: boolean
}

/** The same as long as nothing can have become an orphan, or stopped to be one. */
export function basisOf({ declared, present, fine, doubtful, away }: PlayedOn): string {
  const unsure = [...present, ...doubtful].filter(one => !fine.has(one) || doubtful.has(one))
  const lines = [
    ...declared.map(entry => `${entryId(entry)}\0${signature(entry)}`),
    ...new Set(unsure),
    ...away.map(resourceId),
  ]
  return createHash('sha256').update(lines.sort().join('\n')).digest('hex').slice(0, 32)
}

/** `before`: the list that is there, null for none; `others`: all other lists of the host. */
export function settled(played: PlayedOn, before: OwnedList | null, others: readonly OwnedList[]): OwnedList {
  const { owner, declared, isWhole } = played
  const known = new Map(
    [...(before?.orphans ?? []), ...(before?.entries ?? [])].map(one => [entryId(one), one]),
  )
  const entries = declared.map(one => ({ ...one, since: known.get(entryId(one))?.since ?? one.since }))
  const now = new Set(entries.map(entryId))
  const ids = new Set(declared.map(({ resource }) => resourceId(resource)))
  const left = [...known.values()].filter(one => !now.has(entryId(one)) && !isTaken(one, played.away))
  const id = ownerId(owner)
  if (!isWhole) {
    const isNew = entries.some(one => !known.has(entryId(one)))
    const orphans = left.filter(one => before?.orphans.some(other => entryId(other) === entryId(one)))
    const kept = left.filter(one => !orphans.includes(one))
    return { id, owner, basis: isNew ? '' : (before?.basis ?? ''), orphans, entries: [...entries, ...kept] }
  }
  const elsewhere = new Set(others.flatMap(list => list.entries.map(({ resource }) => resourceId(resource))))
  // Another role, playbook or name of the host has taken it over.
  const claimed = left.filter(
    ({ resource }) => !ids.has(resourceId(resource)) && !elsewhere.has(resourceId(resource)),
  )
  const gone = claimed.filter(one => isGone(one, played))
  const perhaps = gone.length === 0 ? new Set() : played.perhaps()
  const orphans = gone.filter(({ resource }) => !perhaps.has(resourceId(resource)))
  const kept = claimed.filter(one => !orphans.includes(one))
  return { id, owner, basis: basisOf(played), orphans, entries: [...entries, ...kept] }
}

function isTaken({ resource }: Entry, away: readonly Resource[]): boolean {
  const inside = (folder: Resource) =>
    folder.kind === 'file' && 'path' in resource && resource.path.startsWith(`${folder.path}/`)
  return away.some(one => resourceId(one) === resourceId(resource) || inside(one))
}

/** Its task is no more, or ran and declared something else. */
function isGone(entry: Entry, { present, fine, doubtful }: PlayedOn): boolean {
  const isSure = (name: string) => fine.has(name) && !doubtful.has(name)
  const isUnsure = (name: string) => (present.has(name) || doubtful.has(name)) && !isSure(name)
  const own = signature(entry)
  if (isUnsure(own) || entry.within.some(isUnsure)) return false
  if (present.has(own) || entry.within.every(name => present.has(name))) return true
  // It came by an include that is no more, or has another name now: one that was not followed may be it.
  return ![...present].some(name => isInclude(name) && isUnsure(name))
}

function isInclude(name: string): boolean {
  return name.includes(',"include_')
}
