/**
 * A deploy that came to a good end leaves a numbered release on each host that is not what its newest release says
 * (decision 11). One that failed leaves what it declared. Neither changes how the run ends: what cannot be written is
 * a warning. A run that finds all as it was asks for nothing.
 */
import type { Dict } from '../base/value.ts'
import { fenceLine, runName } from '../record/layout.ts'
import { failedScript, makeScript } from '../release/make-script.ts'
import { type DeclaredLists, type Header, parseManifest } from '../release/manifest.ts'
import { mergeDeclared } from '../release/merge-declared.ts'
import { readOneScript } from '../release/read-script.ts'
import { declaredLists } from './declared-lists.ts'
import { hasFailed } from './end-on-errors.ts'
import type { HostState } from './host-state.ts'
import type { Lease } from './lease.ts'
import type { Session } from './ports.ts'
import { type World, warn } from './world.ts'

/** Handed in by commands that make releases. */
export interface ReleaseOptions {
  /** The group whose hosts have it. */
  readonly env: string
  /** The highest number that is known of others of its hosts; left out: none is. */
  readonly known?: number
  /** How many a host keeps. */
  readonly keep: number
  /** As people read it, UTC. */
  readonly when: string
  /** Digests of what was read of the inventory, and of the secrets file. */
  readonly inventory: string | null
  readonly secrets: string | null
  /** Tags, or a task to start at: the rest is as it was. */
  readonly isPart: boolean
  /** Going back: to which release, and what hosts have by it. */
  readonly back?: { readonly to: number; readonly declared: ReadonlyMap<string, DeclaredLists> }
}

export interface Released {
  /** The newest one there was; null: none that is known. */
  readonly before: number | null
  /** null: nothing was there to be released. */
  readonly made: number | null
}

export const NOT_RELEASED: Released = { before: null, made: null }

export async function makeReleases(world: World, hosts: readonly HostState[]): Promise<Released> {
  const options = world.record?.release
  if (options === undefined || world.options.check) return NOT_RELEASED
  const known = hosts.flatMap(host =>
    host.record?.lease.wasSeen ? [{ host, lease: host.record.lease }] : [],
  )
  const before = Math.max(0, ...known.map(({ lease }) => lease.seen.release?.number ?? 0))
  const hasAnyFailed = hosts.some(hasFailed)
  const meant =
    options.back?.declared ?? new Map(world.inventory.match(options.env).map(name => [name, null]))
  const due = known.filter(({ host, lease }) =>
    hasAnyFailed
      ? lease.number !== null && host.status !== 'unreachable'
      : meant.has(host.name) && isDue(lease, options),
  )
  const number = Math.max(before, options.known ?? 0) + 1
  const about = { world, options, number }
  const done = await Promise.all(due.map(one => leave({ ...about, ...one }, hasAnyFailed)))
  return { before: before || null, made: !hasAnyFailed && done.some(Boolean) ? number : null }
}

/** After a failure a part of the project says nothing about the rest. */
function isDue({ seen, number }: Lease, { isPart }: ReleaseOptions): boolean {
  const { release, runs } = seen
  const wasAhead = release === null || (runs.at(-1)?.number ?? 0) > release.lease
  return isPart ? number !== null && !wasAhead : number !== null || wasAhead
}

interface Leaving {
  readonly world: World
  readonly options: ReleaseOptions
  readonly number: number
  readonly host: HostState
  readonly lease: Lease
}

/** False: it was not written, and somebody was told. */
async function leave(leaving: Leaving, hasFailed: boolean): Promise<boolean> {
  const { world, host, lease, number, options } = leaving
  try {
    await lease.admit()
    const session = await lease.session()
    const { number: fencing } = await lease.hold(session)
    const { folder } = lease
    const header = headerOf(leaving, fencing)
    const declared = await listsOf(leaving, session)
    const script = hasFailed
      ? failedScript({ folder, header, declared })
      : makeScript({ folder, header, declared, keep: options.keep })
    const fence = fenceLine(folder, { number: fencing, run: lease.run }, world.token(16))
    const reply = await session.request({ script: `${fence}\n${script}` })
    if (reply.kind === 'done' && reply.code !== 0)
      throw new Error(reply.stderr.toString('utf8').trim() || `code ${reply.code}`)
    if (!hasFailed) world.emit({ type: 'release.made', host: host.name, release: number })
    return true
  } catch (error) {
    const what = hasFailed ? 'what this run made is not noted' : `there is no release ${number}`
    warn(world, `${what}: ${error instanceof Error ? error.message : String(error)}`, { host: host.name })
    return false
  }
}

function headerOf({ world, options, number, host }: Leaving, lease: number): Omit<Header, 'format'> {
  const { env, when, inventory, secrets, isPart, back } = options
  const holder: Dict = world.record?.holder ?? {}
  return {
    number,
    run: String(holder.run ?? ''),
    lease,
    project: world.record?.project ?? '',
    env,
    when,
    by: `${String(holder.user ?? '?')} on ${String(holder.machine ?? '?')}`,
    vpai: world.version,
    inventory,
    secrets,
    rollbackOf: back?.to ?? null,
    snapshot: host.record?.snapshot ?? null,
    isPart,
  }
}

async function listsOf({ options, host, lease }: Leaving, session: Session): Promise<DeclaredLists> {
  const { back, isPart } = options
  const given = back?.declared.get(host.name)
  if (given !== undefined) return given
  const now = declaredLists(host)
  const { release } = lease.seen
  if (!isPart || release === null) return now
  const reply = await session.request({ script: readOneScript(lease.folder, runName(release.number)) })
  const before = reply.kind === 'done' ? parseManifest(reply.stdout.toString('utf8')) : null
  if (before === null) throw new Error(`release ${release.number} cannot be read`)
  return mergeDeclared(listsIn(before), now)
}

function listsIn({
  files,
  compose,
  containers,
  units,
  userUnits,
  packages,
}: NonNullable<ReturnType<typeof parseManifest>>): DeclaredLists {
  return {
    files: files.map(({ path, notifies, isNew }) => ({ path, notifies: [...notifies], isNew })),
    compose,
    containers,
    units,
    userUnits,
    packages,
  }
}
