/** A whole run: the plays of the playbooks, one after the other, and what came of it. */
import { VpaiError } from '../base/error.ts'
import type { HostStats } from '../base/event.ts'
import type { Playbook } from '../config/model.ts'
import { tagFilter } from '../plan/tags.ts'
import { hasFailed } from './end-on-errors.ts'
import type { HostState } from './host-state.ts'
import { limiter } from './limit.ts'
import { Connections } from './reach.ts'
import { runPlay } from './run-play.ts'
import type { World } from './world.ts'

export interface RunSummary {
  readonly stats: Readonly<Record<string, HostStats>>
  /** Hosts that took part and did not come to the end, also because of another host. */
  readonly unfinished: readonly string[]
  readonly interrupted: boolean
}

export async function run(
  world: World,
  playbooks: readonly Playbook[],
  about: { runId: string; command: string },
): Promise<RunSummary> {
  const { options } = world
  const states = new Map<string, HostState>()
  const connections = new Connections(world)
  const common = {
    world,
    states,
    connections,
    tags: tagFilter(options.tags, options.skipTags),
    limit: limiter(options.forks),
    told: new Set<string>(),
    start: { waiting: options.startAtTask },
  }
  const started = world.clock.now()
  let interrupted = false
  world.emit({ type: 'run.started', ...about, check: options.check, vpaiVersion: world.version })
  try {
    for (const play of playbooks.flatMap(playbook => playbook.plays)) {
      if (!(await runPlay({ ...common, play }))) break
    }
    refuseWaiting(common.start.waiting, states)
  } catch (error) {
    if (!world.signal.aborted) throw error
    interrupted = true
  } finally {
    const traffic = await connections.traffic()
    const stats = statsOf(states)
    world.emit({ type: 'run.ended', stats, elapsedMs: world.clock.now() - started, interrupted, ...traffic })
    await connections.closeAll()
  }
  const unfinished = [...states.values()].filter(hasFailed).map(host => host.name)
  return { stats: statsOf(states), unfinished, interrupted }
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
