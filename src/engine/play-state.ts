/** One play while it runs: its hosts, the variables all of them share, and the tasks its handlers wait for. */
import type { Position } from '../base/error.ts'
import type { Play, RoleUse, Task } from '../config/model.ts'
import type { ToldStats } from './custom-stats.ts'
import type { HostState } from './host-state.ts'
import type { HostStates } from './host-states.ts'
import type { Presence } from './presence.ts'
import type { Scope } from './scope.ts'

export class PlayState {
  readonly name: string
  /** The playbook it was begun from; that of the play itself may have been imported there. */
  readonly playbook: string
  readonly leavesHandlers: boolean
  readonly directory: string
  readonly position: Position
  readonly allHosts: readonly string[]
  /** Play vars, vars_prompt and vars_files, strongest first. */
  vars: readonly Scope[] = []
  readonly publicUses: RoleUse[] = []
  readonly handlers: Task[]
  batch: readonly HostState[] = []
  /** Nothing of it runs any more: meta end_play, or too many hosts failed. */
  over = false
  /** Too many hosts failed, or one with any_errors_fatal: no play after it runs either. */
  broken = false
  readonly #states: HostStates

  constructor(
    play: Play,
    hosts: readonly string[],
    {
      states,
      name,
      playbook,
    }: { readonly states: HostStates; readonly name: string; readonly playbook: string },
  ) {
    this.name = name
    this.playbook = playbook
    this.leavesHandlers = play.leavesHandlers === true
    this.directory = play.directory
    this.position = play.position
    this.allHosts = hosts
    this.handlers = [...play.handlers]
    this.#states = states
  }

  /** For set_stats. */
  get told(): ToldStats {
    return this.#states.told
  }

  get presence(): Presence {
    return this.#states.presence
  }

  hostState(name: string): HostState {
    return this.#states.of(name)
  }

  knows(name: string): boolean {
    return this.#states.has(name)
  }

  activeHosts(): string[] {
    return this.allHosts.filter(name => this.hostState(name).status === 'active')
  }

  activeBatch(): string[] {
    return this.batch.filter(host => host.status === 'active').map(host => host.name)
  }
}
