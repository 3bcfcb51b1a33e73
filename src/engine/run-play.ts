/** One play: its variables, its batches of hosts, and its sections with handlers flushed between them. */
import { VpaiError } from '../base/error.ts'
import { isDict, Template, type Value } from '../base/value.ts'
import { bareTask } from '../config/bare-task.ts'
import type { Node, Play, Task } from '../config/model.ts'
import { batches } from '../plan/batches.ts'
import type { TagFilter } from '../plan/tags.ts'
import type { Templar } from '../template/index.ts'
import type { Course } from './course.ts'
import { endOnErrors, hasFailed } from './end-on-errors.ts'
import { enter, type Frame, NO_FRAME } from './frame.ts'
import { handlersIn, takeUpEarlier } from './handlers.ts'
import type { HostState } from './host-state.ts'
import type { HostStates } from './host-states.ts'
import { limiter } from './limit.ts'
import { announce, onHosts } from './on-hosts.ts'
import { PlayState } from './play-state.ts'
import { beforeHosts, withFiles } from './play-vars.ts'
import { flag, settingOf } from './prepare.ts'
import { abandon } from './prove.ts'
import type { Connections } from './reach.ts'
import { listedUses, publicUses } from './roles-once.ts'
import { runHandlers } from './run-handlers.ts'
import { runNodes } from './run-nodes.ts'
import { dictScope, type Scope } from './scope.ts'
import { scopeOf, templarOf } from './variables.ts'
import { type World, warn } from './world.ts'

export interface PlayRun {
  readonly world: World
  readonly play: Play
  /** The file that the run was begun with. */
  readonly playbook: string
  readonly states: HostStates
  readonly connections: Connections
  readonly tags: TagFilter
  readonly limit: Course['limit']
  readonly start: Course['start']
}

/** False when so much failed that no play after it may run. */
export async function runPlay(run: PlayRun): Promise<boolean> {
  const { world, play, states } = run
  // Play vars are weaker than role vars, so they stand apart from what tasks inherit.
  const frame = enter(NO_FRAME, { ...play, vars: undefined }, { directory: play.directory })
  const { first, own } = await beforeHosts(world, play, frame)
  const hosts = order(
    world.inventory.match(patternText(first.value(play.hosts))),
    String(play.order ?? 'inventory'),
    world.random,
  )
  const name = playName(run, { hosts, frame })
  const state = new PlayState(play, hosts, { states, name, playbook: run.playbook })
  state.vars = own
  for (const host of hosts) {
    resetForPlay(state.hostState(host))
    state.hostState(host).declarations.of(run.playbook)
  }
  world.emit({ type: 'play.started', name, hosts, position: play.position })
  for (const names of batches(hosts, play.serial === undefined ? undefined : first.value(play.serial))) {
    if (state.over || state.broken) break
    const begun = await runBatch(run, { state, names, frame, first, own })
    if (!names.every(one => hasFailed(state.hostState(one)))) continue
    state.broken ||= begun > 0
    break
  }
  return !state.broken
}

/** A play's name may use variables of its hosts: those of the first; one that cannot be rendered stays as written. */
function playName(
  { world, play, states, playbook }: PlayRun,
  at: { hosts: readonly string[]; frame: Frame },
): string {
  if (play.name === undefined)
    return patternText(play.hosts instanceof Template ? play.hosts.source : play.hosts)
  const state = new PlayState(play, at.hosts, { states, name: '', playbook })
  state.vars = [dictScope(play.vars ?? {})]
  const place = { world, play: state, host: state.hostState(at.hosts[0] ?? 'localhost'), frame: at.frame }
  try {
    return String(templarOf(place, scopeOf(place, {}), true).value(play.name))
  } catch {
    return play.name instanceof Template ? play.name.source : String(play.name)
  }
}

function patternText(hosts: Value): string {
  return Array.isArray(hosts) ? hosts.join(',') : String(hosts)
}

function order(hosts: readonly string[], how: string, random: () => number): string[] {
  const sorted = [...hosts]
  if (how === 'reverse_inventory') return sorted.reverse()
  if (how === 'sorted') return sorted.sort()
  if (how === 'reverse_sorted') return sorted.sort().reverse()
  if (how !== 'shuffle') return sorted
  const drawn = new Map(sorted.map(host => [host, random()]))
  return sorted.sort((a, b) => (drawn.get(a) ?? 0) - (drawn.get(b) ?? 0))
}

/** A host that failed stays out of later plays as well; one that left a play early comes back. */
function resetForPlay(host: HostState): void {
  if (host.status === 'ended') host.status = 'active'
  host.notifications.clear()
  host.notified.clear()
  host.perhapsNotified.clear()
  host.rolesDone.clear()
  host.rolesBegun.clear()
  host.lookFar()
  host.chain = null
}

/** How many hosts took part. */
async function runBatch(
  run: PlayRun,
  at: { state: PlayState; names: readonly string[]; first: Templar; own: readonly Scope[]; frame: Frame },
): Promise<number> {
  const { play } = run
  const { state, names, frame, first } = at
  const hosts = names.map(name => state.hostState(name)).filter(host => host.status === 'active')
  state.batch = hosts
  if (hosts.length === 0) return 0
  state.vars = withFiles({ world: run.world, play: state, host: hosts[0] as HostState, frame }, play, at.own)
  const course = courseOf(run, { state, frame, first })
  const nodes = [...play.roles, ...play.preTasks, ...play.tasks, ...play.postTasks]
  for (const use of publicUses(nodes)) if (!state.publicUses.includes(use)) state.publicUses.push(use)
  const isPinned = strategyOf(play, first).endsWith('host_pinned')
  try {
    if (course.isFree) await runApart(course, hosts, { play, frame, isPinned })
    else await runSections(course, hosts, { play, frame })
    if (course.world.options.forceHandlers || flagOf(first, play.forceHandlers))
      await runForced(course, hosts)
  } finally {
    await Promise.all(hosts.map(host => abandon(course.world, host)))
  }
  return hosts.length
}

function strategyOf({ strategy }: Play, templar: Templar): string {
  return strategy === undefined ? 'linear' : String(templar.value(strategy))
}

interface Played {
  readonly play: Play
  readonly frame: Frame
}

/** strategy free and host_pinned: each host goes at its own pace; pinned ones keep their place to the end. */
async function runApart(
  course: Course,
  hosts: readonly HostState[],
  at: Played & { readonly isPinned: boolean },
): Promise<void> {
  const place = limiter(at.isPinned ? course.world.options.forks : Number.POSITIVE_INFINITY)
  const starts = hosts.map(() => ({ ...course.start }))
  const ended = await Promise.allSettled(
    hosts.map((host, index) =>
      place(() => runSections({ ...course, start: starts[index] as Course['start'] }, [host], at)),
    ),
  )
  if (starts.some(start => start.waiting === null)) course.start.waiting = null
  for (const one of ended) if (one.status === 'rejected') throw one.reason
}

async function runSections(
  course: Course,
  hosts: readonly HostState[],
  { play, frame }: Played,
): Promise<void> {
  await gatherFacts(course, hosts, play)
  for (const section of [play.preTasks, [...play.roles, ...play.tasks], play.postTasks]) {
    const followers =
      section === play.preTasks
        ? [...play.roles, ...play.tasks, ...play.postTasks]
        : section === play.postTasks
          ? []
          : play.postTasks
    await runSection(course, hosts, { section, followers, frame })
  }
}

async function runSection(
  course: Course,
  hosts: readonly HostState[],
  at: { section: readonly Node[]; followers: readonly Node[]; frame: Frame },
): Promise<void> {
  const after = { nodes: at.followers, index: 0, frame: at.frame, after: null }
  await runNodes(course, hosts, { nodes: at.section, index: 0, frame: at.frame, after })
  // Not before all tasks have run: what an earlier run left half-way is whole only then.
  if (at.followers.length === 0) await takeUpLeft(course, hosts)
  await runHandlers(course, hosts)
}

async function takeUpLeft(course: Course, hosts: readonly HostState[]): Promise<void> {
  const active = hosts.filter(host => host.status === 'active')
  await Promise.all(
    active.map(host =>
      course
        .limit(() => takeUpEarlier(course, host))
        .catch((error: unknown) => {
          if (!(error instanceof VpaiError)) throw error
          warn(course.world, `handlers of earlier runs are not known: ${error.message}`, { host: host.name })
        }),
    ),
  )
}

function flagOf(templar: Templar, value: Value | undefined): boolean {
  return value !== undefined && /^(yes|true|on|1)$/i.test(String(templar.value(value)))
}

async function runForced(course: Course, hosts: readonly HostState[]): Promise<void> {
  const failed = hosts.filter(host => host.status === 'failed')
  for (const host of failed) host.status = 'active'
  await runHandlers(course, failed)
  for (const host of failed) if (host.status === 'active') host.status = 'failed'
}

function courseOf(run: PlayRun, at: { state: PlayState; frame: Frame; first: Templar }): Course {
  const { world, play, connections, tags, limit, start } = run
  return {
    world,
    play: at.state,
    playFrame: at.frame,
    connections,
    tags,
    limit,
    start,
    maxFailPercentage:
      play.maxFailPercentage === undefined ? null : Number(at.first.value(play.maxFailPercentage)),
    listedUses: listedUses(play.roles),
    handlers: handlersIn(play.handlers, at.frame),
    inHandlers: false,
    isFree: /(?:free|host_pinned)$/.test(strategyOf(play, at.first)),
    throttles: new Map(),
    runNodes,
  }
}

/** Facts are asked with everything else in the first request; this only sees to it that they are asked. */
async function gatherFacts(course: Course, hosts: readonly HostState[], play: Play): Promise<void> {
  const place = {
    world: course.world,
    play: course.play,
    host: hosts[0] as HostState,
    frame: course.playFrame,
  }
  const task = setupTask(play)
  if (
    !flag(
      settingOf(place, task, { locals: {}, ahead: true }),
      play.gatherFacts,
      course.world.options.gatherFacts,
    )
  )
    return
  const asked =
    play.gatherFacts === undefined && course.world.options.gatherOnce ? hosts.filter(hasNoFacts) : hosts
  if (asked.length === 0) return
  const frame = enter(course.playFrame, task)
  announce(course, task, { name: 'Gathering Facts', frame })
  const nodes = [task, ...play.preTasks, ...play.roles, ...play.tasks, ...play.postTasks]
  const outcomes = await onHosts(course, asked, {
    task,
    frame,
    cursor: { nodes, index: 0, frame: course.playFrame, after: null },
  })
  endOnErrors(course, { task, frame, outcomes })
}

/** setup says of itself that it was there; facts of set_fact alone do not count. */
function hasNoFacts({ facts }: HostState): boolean {
  return facts.module_setup !== true
}

function setupTask({ file, position, directory, gatherSubset, gatherTimeout, factPath }: Play): Task {
  const hasSubset = gatherSubset !== undefined && !isDict(gatherSubset)
  return bareTask({
    id: `${file}:${position.line} setup`,
    name: 'Gathering Facts',
    module: 'setup',
    args: {
      ...(hasSubset ? { gather_subset: gatherSubset } : {}),
      ...(gatherTimeout === undefined ? {} : { gather_timeout: gatherTimeout }),
      ...(factPath === undefined ? {} : { fact_path: factPath }),
    },
    directory,
    position,
  })
}
