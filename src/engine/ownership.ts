/**
 * At the end of a run: what each host has by its playbooks is compared with the list in its record (decision 12). What
 * nobody declares any more is told, and removed where that is asked for. A run that declares the same asks nothing.
 */
import { resourceId, resourceText } from '../base/resource.ts'
import type { Playbook } from '../config/model.ts'
import { basisOf, type PlayedOn, settled } from '../record/orphans.ts'
import { type Entry, entryId, type OwnedList, type Owner, ownedText, ownerId } from '../record/owned.ts'
import { hasFailed } from './end-on-errors.ts'
import type { HostState } from './host-state.ts'
import type { HostStates } from './host-states.ts'
import type { Lease } from './lease.ts'
import { type Owning, readOwned } from './owned-lists.ts'
import { type Pruning, pruning } from './prune.ts'
import { removalsOf } from './removal.ts'
import type { World } from './world.ts'

export interface OwnedRun {
  readonly playbooks: readonly Playbook[]
  /** Every task had its turn: no tags, no start in the middle. */
  readonly isWhole: boolean
}

/** Tells of orphans; what is to be removed comes back, host by host. */
export async function settleOwned(
  world: World,
  states: HostStates,
  run: OwnedRun,
): Promise<readonly Removing[]> {
  const owning = world.record?.owning
  if (owning === undefined) return []
  for (const { file, plays } of run.playbooks) for (const play of plays) states.presence.learnPlay(file, play)
  const hosts = [...states.values()].filter(host => host.record !== null && host.status !== 'unreachable')
  const found = await Promise.all(hosts.map(host => settleHost(world, { states, host, run, owning })))
  return found.filter(one => one !== null)
}

export interface Removing extends Pruning {
  readonly host: HostState
  /** The play is over: what is settled leaves the lists. */
  readonly done: () => void
}

interface OnHost {
  readonly states: HostStates
  readonly host: HostState
  readonly run: OwnedRun
  readonly owning: Owning
}

async function settleHost(world: World, at: OnHost): Promise<Removing | null> {
  const { host, owning } = at
  const { record } = host
  if (record === null || !record.lease.wasSeen) return null
  const lists =
    owning.kind === 'remove' ? await ofRole(host, record.lease, owning.role) : await ofPlays(world, at)
  if (!world.options.check) record.owned = lists.filter(({ isNew }) => isNew).map(({ list }) => list)
  const orphans = lists.flatMap(one => one.orphans)
  const removes = owning.kind === 'remove' || owning.prune
  const { left } = removalsOf(orphans.map(({ resource }) => resource))
  for (const entry of orphans)
    tell(world, host, { entry, left: left.get(resourceId(entry.resource)) ?? null })
  if (!removes || orphans.length === 0) return null
  const play = pruning(world, host, orphans)
  const done = () => {
    if (world.options.check) return
    const gone = new Set(play.settled().map(entryId))
    record.owned = lists.map(({ list }) => ({
      ...list,
      orphans: list.orphans.filter(one => !gone.has(entryId(one))),
    }))
  }
  return { ...play, host, done }
}

function tell(
  world: World,
  host: HostState,
  { entry, left }: { readonly entry: Entry; readonly left: string | null },
): void {
  const { role, task, module, resource } = entry
  const text = world.secrets.mask(resourceText(resource))
  world.emit({ type: 'orphan', host: host.name, role, task: task || module, resource: text, left })
}

interface Listed {
  readonly list: OwnedList
  /** It is not what the host holds. */
  readonly isNew: boolean
  /** Those that are certain: a run of which something was left out cannot tell. */
  readonly orphans: readonly Entry[]
}

async function ofPlays(world: World, at: OnHost): Promise<readonly Listed[]> {
  const { host, run, owning } = at
  const lease = host.record?.lease
  if (lease === undefined || owning.kind !== 'plays') return []
  const isWhole = run.isWhole && !hasFailed(host) && host.stats.failed === 0 && host.stats.unreachable === 0
  let read: Promise<readonly OwnedList[]> | null = null
  const found: Listed[] = []
  for (const file of new Set(run.playbooks.map(playbook => playbook.file))) {
    if (!host.declarations.has(file)) continue
    const owner: Owner = { host: host.name, playbook: nameOf(file), environment: owning.environment }
    const played = playedOn(world, at, { file, owner, isWhole })
    const head = lease.seen.owned.find(({ id }) => id === ownerId(owner))
    if (isWhole && head?.basis === basisOf(played)) {
      if (head.orphans.length === 0) continue
      if (!owning.prune) {
        found.push({ list: { ...head, owner, entries: [] }, isNew: false, orphans: head.orphans })
        continue
      }
    } else if (isWhole ? head === undefined && played.declared.length === 0 : lease.number === null) continue
    read ??= readOwned(lease)
    const lists = await read
    const before = lists.find(({ id }) => id === ownerId(owner)) ?? null
    const others = lists.filter(({ id }) => id !== ownerId(owner))
    const list = settled(played, before, others)
    const isNew = before === null || ownedText(before) !== ownedText(list)
    found.push({ list, isNew, orphans: isWhole ? list.orphans : [] })
  }
  return found
}

/** A playbook that is no file of the project lies elsewhere on every machine. */
function nameOf(file: string): string {
  return file.startsWith('/') ? file.split('/').slice(-2).join('/') : file
}

function playedOn(
  world: World,
  { states, host }: OnHost,
  { file, owner, isWhole }: { readonly file: string; readonly owner: Owner; readonly isWhole: boolean },
): PlayedOn {
  const tally = host.declarations.of(file)
  const since = String(world.record?.holder.run)
  return {
    owner,
    declared: [...tally.entries.values()].map(entry => ({ ...entry, since })),
    present: states.presence.of(file),
    fine: tally.fine,
    doubtful: tally.doubtful,
    away: tally.away,
    perhaps: () => new Set(tally.perhaps.flatMap(one => one()).map(resourceId)),
    isWhole,
  }
}

/** What only this role has declared is to go; of the rest it has only its share. */
async function ofRole(host: HostState, lease: Lease, role: string): Promise<readonly Listed[]> {
  const lists = await readOwned(lease)
  const all = (list: OwnedList) => [...list.orphans, ...list.entries]
  const others = new Set(
    lists.flatMap(list =>
      all(list)
        .filter(entry => list.owner.host !== host.name || entry.role !== role)
        .map(({ resource }) => resourceId(resource)),
    ),
  )
  const own = lists.filter(list => list.owner.host === host.name && all(list).some(one => one.role === role))
  return own.map(list => {
    const orphans = all(list).filter(one => one.role === role && !others.has(resourceId(one.resource)))
    const entries = list.entries.filter(one => one.role !== role)
    return { list: { ...list, basis: '', orphans, entries }, isNew: true, orphans }
  })
}
