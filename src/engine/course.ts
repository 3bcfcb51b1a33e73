/** What all tasks of one batch of a play share while it runs. */
import type { RoleUse } from '../config/model.ts'
import type { TagFilter } from '../plan/tags.ts'
import type { Frame } from './frame.ts'
import type { Handler } from './handlers.ts'
import type { HostState } from './host-state.ts'
import type { Cursor } from './lookahead.ts'
import type { PlayState } from './play-state.ts'
import type { Connections } from './reach.ts'
import type { World } from './world.ts'

export type RunNodes = (course: Course, hosts: readonly HostState[], cursor: Cursor) => Promise<void>

export interface Course {
  readonly world: World
  readonly play: PlayState
  readonly playFrame: Frame
  readonly connections: Connections
  readonly tags: TagFilter
  readonly limit: <T>(work: () => Promise<T>) => Promise<T>
  /** --start-at-task: nothing runs before a task of that name is met. */
  readonly start: { waiting: string | null }
  readonly maxFailPercentage: number | null
  /** The play's own roles with their dependencies: those that run once. */
  readonly listedUses: ReadonlySet<RoleUse>
  /** In the order they run; roles included while the play runs add theirs. */
  readonly handlers: Handler[]
  /** What runs now is a handler, or was included by one. */
  readonly inHandlers: boolean
  /** Hosts run on their own (strategy free, host_pinned): none waits for another. */
  readonly isFree: boolean
  /** `throttle` of tasks that hosts come to one by one, by task. */
  readonly throttles: Map<string, Course['limit']>
  /** Handed down, because handlers and includes hold tasks in turn. */
  readonly runNodes: RunNodes
}
