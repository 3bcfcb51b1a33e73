/** Plays that no file holds: one task on the hosts of a pattern. */
import type { Dict, Value } from '../base/value.ts'
import { bareTask } from '../config/bare-task.ts'
import type { Playbook } from '../config/model.ts'

export interface MadeTask {
  readonly pattern: string
  readonly name: string
  readonly module: string
  readonly args: Dict
  readonly become?: boolean
  readonly changedWhen?: readonly Value[]
  readonly register?: string
}

const POSITION = { file: 'command line', line: 1, column: 1 }

export function madePlaybook(root: string, made: MadeTask): Playbook {
  const task = bareTask({
    id: 'command line',
    position: POSITION,
    name: made.name,
    module: made.module,
    args: made.args,
    register: made.register,
    changedWhen: made.changedWhen,
    directory: root,
  })
  const play = {
    position: POSITION,
    name: made.name,
    hosts: made.pattern,
    gatherFacts: false,
    gatherSubset: undefined,
    serial: undefined,
    strategy: undefined,
    order: undefined,
    maxFailPercentage: undefined,
    forceHandlers: undefined,
    varsFiles: [],
    varsPrompt: [],
    preTasks: [],
    roles: [],
    tasks: [task],
    postTasks: [],
    handlers: [],
    directory: root,
    file: 'command line',
    ...(made.become ? { become: true } : {}),
  }
  return { file: 'command line', plays: [play] }
}
