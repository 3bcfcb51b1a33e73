/** Plays that no file holds: tasks on the hosts of a pattern. */
import type { Dict, Value } from '../base/value.ts'
import { barePlay } from '../config/bare-play.ts'
import { bareTask } from '../config/bare-task.ts'
import type { Play, Playbook } from '../config/model.ts'

export interface MadeTask {
  readonly name: string
  readonly module: string
  readonly args: Dict
  readonly changedWhen?: readonly Value[]
  readonly register?: string
  readonly notify?: readonly string[]
  readonly tags?: readonly string[]
}

export interface MadePlay {
  readonly pattern: string
  readonly name?: string
  readonly become?: boolean
  /** What tasks notify is run by a later play. */
  readonly leavesHandlers?: boolean
  readonly tasks: readonly MadeTask[]
}

const POSITION = { file: 'command line', line: 1, column: 1 }

export function madePlaybook(
  root: string,
  { pattern, become = false, ...task }: MadeTask & Pick<MadePlay, 'pattern' | 'become'>,
): Playbook {
  return playbookOf([madePlay(root, { pattern, become, name: task.name, tasks: [task] })])
}

export function playbookOf(plays: readonly Play[]): Playbook {
  return { file: 'command line', plays }
}

/** Ids of tasks say where they are: they are the same in every run of the same command. */
export function madePlay(root: string, made: MadePlay): Play {
  const tasks = made.tasks.map(({ notify = [], tags = [], ...task }, index) =>
    bareTask({
      id: index === 0 ? 'command line' : `command line ${index}`,
      position: POSITION,
      ...task,
      notify,
      tags,
      directory: root,
    }),
  )
  return barePlay({
    position: POSITION,
    name: made.name,
    hosts: made.pattern,
    tasks,
    directory: root,
    file: 'command line',
    ...(made.become ? { become: true } : {}),
    ...(made.leavesHandlers ? { leavesHandlers: true } : {}),
  })
}
