/** Going back as tasks: what is put back and removed, images, compose; and the tasks that wait for health behind the handlers. */
import { quote } from '../../base/quote.ts'
import type { Play, Playbook } from '../../config/model.ts'
import type { ReleasedImage } from '../../release/manifest.ts'
import type { ComposeBack, Rollback } from '../../release/roll-back.ts'
import { type MadeTask, madePlay, playbookOf } from '../made-play.ts'

/** Tasks of the project's playbook do not have it: of them only handlers run. */
export const ROLLBACK_TAG = 'vpai-rollback'

export interface HostRollback {
  readonly host: string
  readonly rollback: Rollback
  /** Where the host keeps its record. */
  readonly record: string
}

export interface GoingBack {
  readonly hosts: readonly HostRollback[]
  readonly waitS: number
  /** Bring the data back; it comes when nothing uses it. */
  readonly data?: readonly Play[]
  /** Ask whether what roles bring works; they come when all is healthy. */
  readonly smoke?: readonly Play[]
}

export function rollbackPlays(
  root: string,
  { hosts, waitS, data = [], smoke = [] }: GoingBack,
): { readonly before: Playbook; readonly after: Playbook } {
  const play = (host: string, what: string, tasks: readonly MadeTask[]) =>
    madePlay(root, {
      pattern: host,
      name: `${what}: ${host}`,
      become: true,
      leavesHandlers: true,
      tasks: tasks.map(task => ({ ...task, tags: [ROLLBACK_TAG] })),
    })
  const filled = (what: string, tasksOf: (one: HostRollback) => readonly MadeTask[]) =>
    hosts
      .map(one => ({ host: one.host, tasks: tasksOf(one) }))
      .filter(({ tasks }) => tasks.length > 0)
      .map(({ host, tasks }) => play(host, what, tasks))
  const compose = (state: 'present' | 'stopped') => (one: HostRollback) =>
    one.rollback.compose.map(back => composeTask(back, state))
  const back =
    data.length === 0
      ? filled('go back', one => [...filesBack(one), ...compose('present')(one)])
      : [
          ...filled('go back', one => [...filesBack(one), ...compose('stopped')(one)]),
          ...data,
          ...filled('start again', compose('present')),
        ]
  const healthy = filled('health', ({ rollback }) => rollback.compose.flatMap(one => healthTasks(one, waitS)))
  return { before: playbookOf(back), after: playbookOf([...healthy, ...smoke]) }
}

function filesBack({ rollback, record }: HostRollback): readonly MadeTask[] {
  return [
    ...rollback.down.map(downTask),
    ...rollback.restore.flatMap(one => restoreTasks(one, record)),
    ...rollback.remove.map(removeTask),
    ...rollback.compose.flatMap(({ images }) => images.map(imageTask)),
  ]
}

function downTask({ project, directory, files }: Rollback['down'][number]): MadeTask {
  const args = { project_name: project, project_src: directory, files, state: 'absent' }
  return { name: `End the compose project ${project}`, module: 'docker_compose_v2', args }
}

function restoreTasks({ file, now }: Rollback['restore'][number], record: string): readonly MadeTask[] {
  const { path, notifies: notify } = file
  const name = `Put back ${path}`
  const isInTheWay = now.type !== 'absent' && now.type !== file.type
  const gone: MadeTask = {
    name: `Make room for ${path}`,
    module: 'file',
    args: { path, state: 'absent' },
    notify,
  }
  return [...(isInTheWay ? [gone] : []), { name, ...restoreArgs(file, record), notify }]
}

function restoreArgs(
  file: Rollback['restore'][number]['file'],
  record: string,
): Pick<MadeTask, 'module' | 'args'> {
  if (file.type !== 'file' && file.type !== 'directory' && file.type !== 'link')
    throw new Error(`${file.path} cannot be put back`)
  const { path, owner, group } = file
  if (file.type === 'link') {
    const link = { state: 'link', src: file.target, force: true, follow: false }
    return { module: 'file', args: { path, owner, group, ...link } }
  }
  const mode = file.mode.padStart(4, '0')
  if (file.type === 'directory')
    return { module: 'file', args: { path, state: 'directory', mode, owner, group } }
  const src = `${record}/blobs/${file.sha256}`
  return { module: 'copy', args: { src, dest: path, remote_src: true, mode, owner, group } }
}

/** A folder goes only when nothing is in it any more. */
function removeTask({ path, now, notifies: notify }: Rollback['remove'][number]): MadeTask {
  const name = `Remove ${path}`
  if (now.type !== 'directory') return { name, module: 'file', args: { path, state: 'absent' }, notify }
  const cmd = `p=${quote(path)}; [ -n "$(ls -A -- "$p")" ] || rmdir -- "$p"`
  return { name: `${name} when it is empty`, module: 'shell', args: { cmd }, notify }
}

/** By the id, else by what a registry calls it; a reference that is a digest needs no name. */
function imageTask({ project, service, id, reference, digests }: ReleasedImage): MadeTask {
  const [digest] = digests
  const have = `docker image inspect --format x -- ${quote(id)} >/dev/null 2>&1`
  const pull = digest === undefined ? '' : ` || docker pull --quiet -- ${quote(digest)} >/dev/null`
  const missing = `{ echo ${quote(`the image ${id} of ${service} is gone`)} >&2; exit 1; }`
  const tag = reference.includes('@') ? ':' : `docker tag ${quote(id)} ${quote(reference)}`
  const cmd = `${have}${pull} || ${missing}\n${tag}`
  return { name: `The image of ${project}/${service} is that of the release`, module: 'shell', args: { cmd } }
}

function composeTask(
  { project: { project, directory, files }, services }: ComposeBack,
  state: 'present' | 'stopped',
): MadeTask {
  const what = state === 'present' ? 'runs as in the release' : 'stands still while data comes back'
  return {
    name: `The compose project ${project} ${what}`,
    module: 'docker_compose_v2',
    args: {
      ...{
        project_name: project,
        project_src: directory,
        files,
        state,
        pull: 'never',
        build: 'never',
      },
      ...(services === null ? { remove_orphans: true } : { services, dependencies: false }),
    },
  }
}

const LOOK_AGAIN_S = 2

function healthTasks({ healthy }: ComposeBack, waitS: number): readonly MadeTask[] {
  const retries = Math.max(1, Math.ceil(waitS / LOOK_AGAIN_S))
  return healthy.map(name => ({
    name: `${name} is healthy`,
    module: 'docker_container_health',
    args: { name, retries, delay: LOOK_AGAIN_S, max_delay: LOOK_AGAIN_S },
  }))
}
