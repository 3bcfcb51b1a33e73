/** A restore as plays: it is laid out and proven, who uses the data stops, roles restore, and all of it starts again. */
import { Template, type Value } from '../../base/value.ts'
import type { DataPlays } from '../../config/data-plays.ts'
import type { Block, Node, Playbook, RoleUse } from '../../config/model.ts'
import { type MadeTask, madePlay, playbookOf } from '../made-play.ts'
import type { Project } from '../project/open.ts'
import { callProgram } from './host-program.ts'

export interface Restoring {
  readonly project: Project
  readonly data: DataPlays
  /** By host: what comes back, as the program takes it. */
  readonly hosts: ReadonlyMap<string, readonly string[]>
}

const CHOSEN = 'vpai_backup_chosen'

export function restorePlays({ project, data, hosts }: Restoring): Playbook {
  const call = (name: string, given: readonly string[], more: Partial<MadeTask> = {}): MadeTask => ({
    name,
    module: 'shell',
    args: { cmd: callProgram(project, given) },
    ...more,
  })
  const made = (name: string, tasks: (words: readonly string[]) => readonly MadeTask[]) =>
    [...hosts].map(([host, words]) =>
      madePlay(project.root, { pattern: host, name: `${name}: ${host}`, become: true, tasks: tasks(words) }),
    )
  return playbookOf([
    ...made('what comes back', words => [
      call('What comes back is whole, and laid out', ['prepare', ...words], {
        register: CHOSEN,
        changedWhen: ['false'],
      }),
      call('Who uses the data stands still', ['stop'], {
        register: 'vpai_backup_stopped',
        changedWhen: ["vpai_backup_stopped.stdout != ''"],
      }),
    ]),
    ...data.plays('restore', (use, tasks) => [chosen(use, tasks)]),
    ...made('all runs again', () => [
      call('Folders are back', ['put-back']),
      call('Who uses the data runs', ['start']),
    ]),
  ])
}

/** Only where it was laid out for this role. */
function chosen(use: RoleUse, tasks: readonly Node[]): Block {
  const { name, path } = use.role
  const when: readonly Value[] = [
    `${CHOSEN} is defined`,
    `${JSON.stringify(`role:${name}`)} in ${CHOSEN}.stdout_lines`,
  ]
  return {
    kind: 'block',
    name: undefined,
    position: use.position,
    directory: `${path}/tasks`,
    use: undefined,
    block: tasks,
    rescue: [],
    always: [],
    vars: {
      vpai_snapshot: new Template(
        `{{ (${CHOSEN}.stdout_lines | select('match', 'folder:') | first)[7:] }}/${name}`,
      ),
    },
    when,
    tags: [],
  }
}
