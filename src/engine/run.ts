/** A whole run: the plays of the playbooks, one after the other, and what came of it. */
import { VpaiError } from '../base/error.ts'
import type { HostStats } from '../base/event.ts'
import { Template } from '../base/value.ts'
import type { Play, Playbook } from '../config/model.ts'
import { tagFilter } from '../plan/tags.ts'
import type { Declared } from './declared.ts'
import { hasFailed } from './end-on-errors.ts'
import { type DataKept, FirstChange } from './first-change.ts'
import type { HostState } from './host-state.ts'
import { HostStates } from './host-states.ts'
import { limiter } from './limit.ts'
import { settleOwned } from './ownership.ts'
import { pruningWorld } from './prune.ts'
import { Connections } from './reach.ts'
import { makeReleases, NOT_RELEASED, type Released } from './releasing.ts'
import { type PlayRun, runPlay } from './run-play.ts'
import { type World, warn } from './world.ts'

export interface RunSummary {
  readonly stats: Readonly<Record<string, HostStats>>
  /** Hosts that took part and did not come to the end, also because of another host. */
  readonly unfinished: readonly string[]
  readonly interrupted: boolean
  /** By host: what it has by the tasks of this run. */
  readonly declared: Readonly<Record<string, readonly Declared[]>>
  readonly released: Released
  /** What became of the data that was to be kept before the first change. */
  readonly dataKept: DataKept
}

export async function run(
  given: World,
  playbooks: readonly Playbook[],
  about: { runId: string; command: string },
): Promise<RunSummary> {
  const { options } = given
  const states = new HostStates(given.factCache)
  const connections = new Connections(given)
  const parts = {
    world: given,
    states,
    connections,
    tags: tagFilter(options.tags, options.skipTags),
    limit: limiter(options.forks),
    start: { waiting: options.startAtTask },
  }
  const data = options.check ? undefined : given.record?.data
  const firstChange = data === undefined ? undefined : new FirstChange(parts, data)
  const world = firstChange === undefined ? given : { ...given, firstChange }
  const common = { ...parts, world }
  const started = world.clock.now()
  let interrupted = false
  let released = NOT_RELEASED
  const plays = playbooks.flatMap(({ file, plays }) => plays.map(play => ({ play, playbook: file })))
  const left = leaving(world.leave)
  world.emit({ type: 'run.started', ...about, check: options.check, vpaiVersion: world.version })
  const stopBeating = beat(world, states)
  try {
    while (plays[0]) {
      if (!(await Promise.race([runPlay({ ...common, ...plays[0] }), left]))) break
      plays.shift()
    }
    refuseWaiting(common.start.waiting, states)
    await Promise.race([owned(common, playbooks, plays.length === 0), left])
    if (!options.check && options.startAtTask === null)
      connections.keepKeys([...states.values()].filter(host => !hasFailed(host)))
    released = await Promise.race([makeReleases(world, [...states.values()]), left])
  } catch (error) {
    if (!world.signal.aborted) throw error
    interrupted = true
  } finally {
    stopBeating()
    await Promise.race([endRecords(world, states, interrupted), left.catch(() => undefined)])
    const traffic = await Promise.race([connections.traffic(), left.catch(() => NO_TRAFFIC)])
    const stats = statsOf(states)
    const customStats = states.told.masked(text => world.secrets.mask(text))
    const elapsedMs = world.clock.now() - started
    world.emit({ type: 'run.ended', stats, customStats, elapsedMs, interrupted, ...traffic })
    await Promise.race([connections.closeAll(), left.catch(() => undefined)])
  }
  const failed = [...states.values()].filter(hasFailed).map(host => host.name)
  const unfinished = interrupted
    ? [...failed, ...plays.flatMap(({ play }) => hostsOf(world, play, states))]
    : failed
  const declared = Object.fromEntries([...states].map(([name, host]) => [name, host.declarations.all]))
  const dataKept = firstChange?.kept ?? null
  return { stats: statsOf(states), unfinished, interrupted, declared, released, dataKept }
}

/** What hosts have that nobody declares any more is told, or removed. */
async function owned(
  common: Omit<PlayRun, 'play' | 'playbook'>,
  playbooks: readonly Playbook[],
  isOver: boolean,
): Promise<void> {
  const { world, states } = common
  const { tags, skipTags, startAtTask } = world.options
  const isWhole = isOver && tags.length + skipTags.length === 0 && startAtTask === null
  for (const { play, done } of await settleOwned(world, states, { playbooks, isWhole })) {
    await runPlay({ ...common, world: pruningWorld(world), play, playbook: play.file })
    done()
  }
}

const BEAT_MS = 15_000
const END_MS = 5_000

/** Hosts on which this run has changed something hear from it, so that nobody takes it for gone. */
function beat(world: World, states: HostStates): () => void {
  const over = new AbortController()
  const going = async () => {
    while (!over.signal.aborted) {
      await world.clock.sleep(BEAT_MS, over.signal)
      for (const { record } of states.values()) record?.lease.giveSignOfLife()
    }
  }
  if (world.record !== undefined) going().catch(() => undefined)
  return () => over.abort()
}

/** A host that cannot be told any more finds out when the next run comes. */
async function endRecords(world: World, states: HostStates, interrupted: boolean): Promise<void> {
  const reached = [...states.values()].filter(({ status }) => status !== 'unreachable')
  const ends = reached.map(host => {
    const ending = interrupted ? 'interrupted' : hasFailed(host) ? 'failed' : 'ok'
    return host.record?.end(ending).catch(() => undefined)
  })
  const over = new AbortController()
  // A host that says nothing any more is not waited for.
  await Promise.race([Promise.all(ends), world.clock.sleep(END_MS, over.signal).catch(() => undefined)])
  over.abort()
  for (const { name, record, status } of states.values()) {
    const left = record?.handlers.left ?? []
    if (left.length > 0 && status === 'active')
      warn(world, `handlers of an earlier run are still due, and no play here has them: ${left.join(', ')}`, {
        host: name,
      })
  }
}

const NO_TRAFFIC = { requests: 0, roundTrips: 0, bytesSent: 0, bytesReceived: 0 }

/** Never resolves; rejects when there is no more time for anything. */
function leaving(signal: AbortSignal): Promise<never> {
  const left = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
  left.catch(() => undefined)
  return left
}

/** Of a play that did not come to its end. */
function hostsOf(world: World, { hosts }: Play, states: ReadonlyMap<string, HostState>): readonly string[] {
  if (hosts instanceof Template) return [...states.keys()]
  return world.inventory.match([hosts].flat().join(','))
}

/** Without a word of it, a run that did nothing would look like one that found nothing to do. */
function refuseWaiting(waiting: string | null, states: ReadonlyMap<string, HostState>): void {
  if (waiting === null || [...states.values()].some(hasFailed)) return
  throw new VpaiError('START_AT_TASK_UNKNOWN', `--start-at-task: there is no task ${waiting}`, {
    hint: '`--list-tasks` shows them. What include_tasks and include_role bring cannot be started at.',
  })
}

function statsOf(states: ReadonlyMap<string, HostState>): Record<string, HostStats> {
  const entries = [...states].filter(([, host]) => Object.values(host.stats).some(count => count > 0))
  return Object.fromEntries(entries.map(([name, host]) => [name, { ...host.stats }]))
}
