/** Takes away what nobody declares any more: a play of its own for a host, through the same door as all tasks. */
import { VpaiError } from '../base/error.ts'
import { resourceId, resourceText } from '../base/resource.ts'
import { barePlay } from '../config/bare-play.ts'
import { bareTask } from '../config/bare-task.ts'
import type { Play, Task } from '../config/model.ts'
import type { Module } from '../modules/contract.ts'
import { anyModule } from '../modules/shared/any-module.ts'
import { ownedCompose } from '../modules/shared/owned-compose.ts'
import { ownedPath } from '../modules/shared/owned-path.ts'
import { ownedUnit } from '../modules/shared/owned-unit.ts'
import type { Entry } from '../record/owned.ts'
import type { HostState } from './host-state.ts'
import { removalsOf } from './removal.ts'
import type { World } from './world.ts'

export interface Pruning {
  readonly play: Play
  /** Of entries whose resource is gone now, or left to people for good; asked when the play is over. */
  readonly settled: () => readonly Entry[]
}

/** Modules that no task can name. */
const OWN: ReadonlyMap<string, Module> = new Map(
  [anyModule(ownedPath), anyModule(ownedUnit), anyModule(ownedCompose)].map(module => [module.name, module]),
)

export function pruningWorld(world: World): World {
  return { ...world, module: name => OWN.get(name) ?? world.module(name) }
}

export function pruning(world: World, host: HostState, orphans: readonly Entry[]): Pruning {
  const { steps, left, reloads } = removalsOf(orphans.map(({ resource }) => resource))
  const registered = new Map<string, string>()
  const tasks = steps.map(({ resource, module, args }, index): Task => {
    const register = `vpai_removed_${index}`
    registered.set(resourceId(resource), register)
    const id = `no longer declared: ${resourceId(resource)}`
    const name = world.secrets.mask(`Remove ${resourceText(resource)}`)
    return bareTask({ id, name, module, args, register, position: POSITION, directory: world.root })
  })
  if (reloads) tasks.push(reload(world))
  return {
    play: playOf(host, tasks),
    settled: () =>
      orphans.filter(({ resource }) => {
        const id = resourceId(resource)
        if (left.has(id)) return true
        const name = registered.get(id)
        const result = name === undefined ? undefined : host.set.get(name)
        return isEnded(result)
      }),
  }
}

function isEnded(result: unknown): boolean {
  return typeof result === 'object' && result !== null && 'failed' in result
    ? result.failed !== true
    : typeof result === 'object' && result !== null && 'skipped' in result
}

const POSITION = { file: 'what is no longer declared', line: 1, column: 1 }

function reload(world: World): Task {
  const id = 'no longer declared: daemon-reload'
  const args = { daemon_reload: true }
  const name = 'Tell systemd'
  return bareTask({
    id,
    name,
    module: 'systemd',
    args,
    position: POSITION,
    directory: world.root,
    // Where systemd does not run, nobody has to be told.
    failedWhen: [false],
  })
}

/** As who keeps the record: whoever could declare it can take it away. */
function playOf(host: HostState, tasks: readonly Task[]): Play {
  const lease = host.record?.lease
  if (lease === undefined) throw new VpaiError('PRUNE_NO_RECORD', `${host.name} keeps no record`)
  const becomes = lease.isRootKept && host.loginUser !== 'root'
  return barePlay({
    position: POSITION,
    name: `No longer declared on ${host.name}`,
    hosts: host.name,
    tasks,
    directory: '.',
    file: POSITION.file,
    ...(becomes ? { become: true, becomeUser: 'root' } : {}),
  })
}
