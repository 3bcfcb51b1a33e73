/** The plays that keep data, bring it back, and ask for its schema: the roles' own tasks, with ours around them. */
import { Template, type Value } from '../../base/value.ts'
import { bareTask } from '../../config/bare-task.ts'
import type { AroundRole, DataPlays } from '../../config/data-plays.ts'
import type { Block, Node, Play, RoleUse, Task } from '../../config/model.ts'
import type { DataOptions } from '../../engine/first-change.ts'
import {
  checkSnapshot,
  closeSnapshot,
  compareSchema,
  dropSnapshot,
  keepSchema,
  openSnapshot,
  roleFolder,
  type SnapshotAbout,
} from '../../release/snapshot-scripts.ts'
import { madePlay } from '../made-play.ts'
import type { Project } from '../project/open.ts'
import { besideRecord } from './ask-hosts.ts'
import { ROLLBACK_TAG } from './rollback-play.ts'

/** What a play of data needs to know. */
export interface DataPlace {
  readonly project: Project
  readonly data: DataPlays
  /** Where this machine itself keeps records. */
  readonly own: string | undefined
}

const PLACE = 'vpai_snapshot_place'
const CLOSED = 'vpai_snapshot_closed'

/** undefined: no role keeps data. */
export function keepingData(place: DataPlace, about: SnapshotAbout): DataOptions | undefined {
  const { data } = place
  const { run } = about
  const inside = data.plays('snapshot', (use, tasks) => [
    around(use, { tasks, place: snapshotOf(use), rescue: failing(place, use, dropSnapshot(run)) }),
  ])
  if (inside.length === 0) return undefined
  const schemas = data.plays('schema', (use, tasks) => [
    ...tasks,
    ours(place, use, {
      name: `The schema of ${use.role.name} is kept`,
      script: keepSchema(run, use.role.name),
      stdin: SCHEMA,
    }),
  ])
  const roles = [...new Set(inside.flatMap(({ tasks }) => uses(tasks)).map(({ role }) => role.name))]
  const open = own(place, inside, {
    name: 'Room for a snapshot',
    script: openSnapshot(run, roles),
    register: PLACE,
  })
  const close = own(place, inside, {
    name: 'The snapshot is whole',
    script: closeSnapshot(about),
    register: CLOSED,
  })
  return { closed: CLOSED, plays: [...open, ...inside, ...schemas, ...close] }
}

/** `snapshots`: which one, by host. */
export function bringingBack(place: DataPlace, snapshots: ReadonlyMap<string, string>): readonly Play[] {
  const checks = [...snapshots].map(([host, name]) =>
    madePlay(place.project.root, {
      pattern: host,
      name: `look at the snapshot: ${host}`,
      become: true,
      tasks: [
        {
          name: `The snapshot ${name} is as it was written`,
          module: 'shell',
          args: { cmd: besideRecord(place.project, checkSnapshot(name), place.own) },
          changedWhen: [false],
          register: PLACE,
          tags: [ROLLBACK_TAG],
        },
      ],
    }),
  )
  const restores = place.data.plays('restore', (use, tasks) => [
    around(use, {
      tasks,
      place: snapshotOf(use),
      tags: [ROLLBACK_TAG],
      when: [`${PLACE} is defined`, `'${roleFolder(use.role.name)}' in ${PLACE}.stdout_lines`],
    }),
  ])
  return [...checks, ...restores, ...comparingSchemas(place, snapshots, 'restored')]
}

/** Roles that are used on hosts that go back say whether they work. */
export function smokeTests(data: DataPlays): readonly Play[] {
  return data.plays('smoke', (use, tasks) => [around(use, { tasks, place: '', tags: [ROLLBACK_TAG] })])
}

/** Prints what became of the schemas since the snapshot of each host. */
export function comparingSchemas(
  place: DataPlace,
  snapshots: ReadonlyMap<string, string | null>,
  what: 'asked' | 'restored' = 'asked',
): readonly Play[] {
  const asking: AroundRole = (use, tasks) => [
    ...tasks,
    ...[...snapshots].map(([host, name]) =>
      ours(place, use, {
        name: `${SCHEMA_OF} ${use.role.name}`,
        script: compareSchema(name, use.role.name),
        stdin: SCHEMA,
        when: [`inventory_hostname == '${host}'`],
        ...(what === 'restored' ? { failedWhen: [`'schema moved' in ${RESULT}.stdout`] } : {}),
      }),
    ),
  ]
  const tagged: AroundRole = (use, tasks) => [
    around(use, { tasks: asking(use, tasks), place: '', tags: [ROLLBACK_TAG] }),
  ]
  return place.data.plays('schema', what === 'restored' ? tagged : asking)
}

/** Tasks of this name print what became of a role's schema. */
export const SCHEMA_OF = 'What became of the schema of'

const RESULT = 'vpai_schema_compared'
const SCHEMA = new Template(`{{ vpai_schema.stdout | default('') }}`)

/** It changes nothing that anybody declares. What is `false` as such only looks, and needs no lease. */
const BOOKKEEPING = ['false']

interface Around {
  readonly tasks: readonly Node[]
  readonly place: Value
  readonly rescue?: readonly Node[]
  readonly when?: readonly Value[]
  readonly tags?: readonly string[]
}

function around(use: RoleUse, { tasks, place, rescue = [], when = [], tags = [] }: Around): Block {
  return {
    kind: 'block',
    name: undefined,
    position: use.position,
    directory: `${use.role.path}/tasks`,
    use: undefined,
    block: tasks,
    rescue,
    always: [],
    vars: { vpai_snapshot: place },
    when,
    tags,
  }
}

function snapshotOf({ role }: RoleUse): Template {
  return new Template(`{{ ${PLACE}.stdout_lines[0] }}/${roleFolder(role.name)}`)
}

/** What a failed role has written goes, and it has failed all the same. */
function failing(place: DataPlace, use: RoleUse, script: string): readonly Task[] {
  const msg = new Template(
    `{{ ansible_failed_result.msg | default('it failed') }}{{ ': ' ~ ansible_failed_result.stderr if ansible_failed_result.stderr | default('') else '' }}`,
  )
  const about = { position: use.position, directory: place.project.root }
  return [
    ours(place, use, { name: 'What was written goes', script }),
    bareTask({
      id: `${idOf(use)} not kept`,
      name: `The data of ${use.role.name} is not kept`,
      module: 'fail',
      args: { msg },
      ...about,
    }),
  ]
}

interface Ours {
  readonly name: string
  /** Beside the record. */
  readonly script: string
  readonly stdin?: Value
  readonly register?: string
  readonly when?: readonly Value[]
  readonly failedWhen?: readonly Value[]
}

function ours({ project, own }: DataPlace, use: RoleUse, task: Ours): Task {
  const { name, script, stdin, register, when, failedWhen } = task
  return bareTask({
    id: `${idOf(use)} ${name}`,
    name,
    module: 'shell',
    args: {
      cmd: besideRecord(project, script, own),
      ...(stdin === undefined ? {} : { stdin, stdin_add_newline: false }),
    },
    become: true,
    becomeUser: 'root',
    position: use.position,
    directory: project.root,
    ...(register === undefined ? {} : { register }),
    ...(when === undefined ? {} : { when }),
    ...(failedWhen === undefined ? {} : { failedWhen, register: RESULT }),
    changedWhen: name.startsWith(SCHEMA_OF) ? [false] : BOOKKEEPING,
  })
}

/** Plays of ours on the hosts of these. */
function own({ project, own: folder }: DataPlace, plays: readonly Play[], task: Ours): readonly Play[] {
  return plays.map(({ hosts }, index) => {
    const args = { cmd: besideRecord(project, task.script, folder) }
    const tasks = [
      {
        name: task.name,
        module: 'shell',
        args,
        changedWhen: BOOKKEEPING,
        ...(task.register ? { register: task.register } : {}),
      },
    ]
    const play = madePlay(project.root, { pattern: '', name: task.name, become: true, tasks })
    const again = play.tasks.map(one => (one.kind === 'task' ? { ...one, id: `${task.name} ${index}` } : one))
    return { ...play, hosts, tasks: again }
  })
}

function idOf({ role, position: { file, line, column } }: RoleUse): string {
  return `data ${role.name}@${file}:${line}:${column}`
}

function uses(nodes: readonly Node[]): readonly RoleUse[] {
  return nodes.flatMap(node =>
    node.kind === 'block' ? [...(node.use ? [node.use] : []), ...uses(node.block)] : [],
  )
}
