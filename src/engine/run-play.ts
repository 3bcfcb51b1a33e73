/** One play: its variables, its batches of hosts, and its sections with handlers flushed between them. */
import { VpaiError } from '../base/error.ts'
import { type Dict, isDict, Template, type Value } from '../base/value.ts'
import type { Node, Play, Task } from '../config/model.ts'
import { batches } from '../plan/batches.ts'
import type { TagFilter } from '../plan/tags.ts'
import type { Course } from './course.ts'
import { enter, type Frame, NO_FRAME } from './frame.ts'
import { handlersIn, runHandlers } from './handlers.ts'
import type { HostState } from './host-state.ts'
import { announce, onHosts } from './on-hosts.ts'
import { PlayState } from './play-state.ts'
import { flag, settingOf } from './prepare.ts'
import type { Connections } from './reach.ts'
import { runNodes } from './run-nodes.ts'
import { dictScope, type Scope } from './scope.ts'
import { scopeOf, templarOf } from './variables.ts'
import type { World } from './world.ts'

export interface PlayRun {
  readonly world: World
  readonly play: Play
  readonly states: Map<string, HostState>
  readonly connections: Connections
  readonly tags: TagFilter
  readonly limit: Course['limit']
  readonly start: Course['start']
}

export async function runPlay(run: PlayRun): Promise<void> {
  const { world, play, states } = run
  // Play vars are weaker than role vars, so they stand apart from what tasks inherit.
  const frame = enter(NO_FRAME, { ...play, vars: undefined }, { directory: play.directory })
  const probe = new PlayState(play, [], new Map(), '')
  const first = templarOf(
    { world, play: probe, host: probe.hostState('localhost'), frame },
    dictScope(world.options.extraVars),
  )
  const hosts = order(
    world.inventory.match(patternText(first.value(play.hosts))),
    String(play.order ?? 'inventory'),
  )
  const name = playName(run, { hosts, frame })
  const state = new PlayState(play, hosts, states, name)
  for (const host of hosts) resetForPlay(state.hostState(host))
  world.emit({ type: 'play.started', name, hosts, position: play.position })
  for (const names of batches(hosts, play.serial === undefined ? undefined : first.value(play.serial))) {
    if (state.over) break
    await runBatch(run, { state, names, frame })
    if (names.every(one => ['failed', 'unreachable'].includes(state.hostState(one).status))) break
  }
}

/** A play's name may use variables of its hosts: those of the first; one that cannot be rendered stays as written. */
function playName({ world, play, states }: PlayRun, at: { hosts: readonly string[]; frame: Frame }): string {
  if (play.name === undefined)
    return patternText(play.hosts instanceof Template ? play.hosts.source : play.hosts)
  const state = new PlayState(play, at.hosts, states, '')
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

function order(hosts: readonly string[], how: string): string[] {
  const sorted = [...hosts]
  if (how === 'reverse_inventory') return sorted.reverse()
  if (how === 'sorted') return sorted.sort()
  if (how === 'reverse_sorted') return sorted.sort().reverse()
  return sorted
}

/** A host that failed stays out of later plays as well; one that left a play early comes back. */
function resetForPlay(host: HostState): void {
  if (host.status === 'ended') host.status = 'active'
  host.notified.clear()
  host.rolesDone.clear()
  host.changedSomething = false
}

async function runBatch(
  run: PlayRun,
  at: { state: PlayState; names: readonly string[]; frame: Frame },
): Promise<void> {
  const { play } = run
  const { state, names, frame } = at
  const hosts = names.map(name => state.hostState(name)).filter(host => host.status === 'active')
  state.batch = hosts
  if (hosts.length === 0) return
  state.vars = await playVars(run, { state, hosts, frame })
  const course = courseOf(run, { state, frame })
  for (const block of play.roles) if (block.use?.public) state.publicUses.push(block.use)
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
  if (forcesHandlers(course, play)) await runForced(course, hosts)
}

async function runSection(
  course: Course,
  hosts: readonly HostState[],
  at: { section: readonly Node[]; followers: readonly Node[]; frame: Frame },
): Promise<void> {
  const after = { nodes: at.followers, index: 0, frame: at.frame, after: null }
  await runNodes(course, hosts, { nodes: at.section, index: 0, frame: at.frame, after })
  await runHandlers(course, hosts)
}

function forcesHandlers({ world }: Course, play: Play): boolean {
  return world.options.forceHandlers || play.forceHandlers === true
}

async function runForced(course: Course, hosts: readonly HostState[]): Promise<void> {
  const failed = hosts.filter(host => host.status === 'failed')
  for (const host of failed) host.status = 'active'
  await runHandlers(course, failed)
  for (const host of failed) if (host.status === 'active') host.status = 'failed'
}

function courseOf(run: PlayRun, at: { state: PlayState; frame: Frame }): Course {
  const { world, play, connections, tags, limit, start } = run
  return {
    world,
    play: at.state,
    playFrame: at.frame,
    connections,
    tags,
    limit,
    start,
    maxFailPercentage: play.maxFailPercentage === undefined ? null : Number(play.maxFailPercentage),
    roleBlocks: play.roles,
    handlers: handlersIn(play.handlers, at.frame),
  }
}

/** vars_files and vars_prompt over play vars, strongest first. Files are found per play, with the first host's variables. */
async function playVars(
  run: PlayRun,
  at: { state: PlayState; hosts: readonly HostState[]; frame: Frame },
): Promise<Scope[]> {
  const { world, play } = run
  const scopes: Scope[] = []
  const prompted: Record<string, Value> = {}
  for (const one of play.varsPrompt) {
    if (Object.hasOwn(world.options.extraVars, one.name)) continue
    const answer = await world.prompt(one.prompt, !one.private)
    prompted[one.name] = answer === '' && one.default !== undefined ? one.default : answer
  }
  scopes.unshift(dictScope(prompted), dictScope(play.vars ?? {}))
  const place = { world, play: at.state, host: at.hosts[0] as HostState, frame: at.frame }
  for (const file of play.varsFiles) scopes.unshift(dictScope(varsFile(place, file)))
  return scopes
}

function varsFile(place: Parameters<typeof scopeOf>[0], file: Value): Dict {
  const templar = templarOf(place, scopeOf(place, {}))
  const names = [templar.value(file)].flat().map(String)
  for (const name of names) {
    const found = place.world.files.find({ name: 'vars', kind: 'vars', path: name, optional: true }, [
      place.play.directory,
      `${place.play.directory}/vars`,
    ])
    if (found.kind === 'vars') return found.values
  }
  throw new VpaiError('VARS_FILE_MISSING', `vars_files: ${names.join(' and ')} was not found`, {
    hint: `Looked in ${place.play.directory} and its vars/ folder.`,
  })
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
  const frame = enter(course.playFrame, task)
  announce(course, task, { name: 'Gathering Facts', frame, handler: false })
  const nodes = [task, ...play.preTasks, ...play.roles, ...play.tasks, ...play.postTasks]
  await onHosts(course, hosts, {
    task,
    frame,
    cursor: { nodes, index: 0, frame: course.playFrame, after: null },
  })
}

function setupTask(play: Play): Task {
  return {
    kind: 'task',
    id: `${play.file}:${play.position.line} setup`,
    name: 'Gathering Facts',
    module: 'setup',
    args:
      isDict(play.gatherSubset) || play.gatherSubset === undefined
        ? {}
        : { gather_subset: play.gatherSubset },
    freeText: undefined,
    argPositions: {},
    loop: undefined,
    register: undefined,
    until: undefined,
    retries: undefined,
    delay: undefined,
    changedWhen: undefined,
    failedWhen: undefined,
    notify: [],
    listen: [],
    async: undefined,
    poll: undefined,
    use: undefined,
    directory: play.directory,
    position: play.position,
  }
}
