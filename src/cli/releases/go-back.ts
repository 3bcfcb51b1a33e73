/** Going back to a release: look, and do it with the health gate behind it. */
import path from 'node:path'
import { DATA_PLAY_NAMES } from '../../config/data-plays.ts'
import { copiesScript, filesScript, imagesScript, namesScript, readFacts } from '../../release/facts.ts'
import { isAhead, type Releases, stateAt } from '../../release/history.ts'
import type { DeclaredLists, Manifest } from '../../release/manifest.ts'
import { copiesToLook, isNothing, pathsToLook, rollbackOf } from '../../release/roll-back.ts'
import type { SnapshotSeen } from '../../release/snapshot-scripts.ts'
import type { Invocation } from '../command.ts'
import { play } from '../play.ts'
import { sitePlaybook } from '../project/site-playbook.ts'
import { askHosts } from './ask-hosts.ts'
import { bringingBack, smokeTests } from './data-plays.ts'
import { hasSmokeTests } from './has-smoke-tests.ts'
import { type HostRollback, ROLLBACK_TAG, rollbackPlays } from './rollback-play.ts'

export interface Going {
  readonly io: Invocation['io']
  readonly options: Invocation['options']
  readonly env: string
  readonly releases: Releases
  readonly to: number
  /** All when there are none. */
  readonly services: readonly string[]
}

/** What going back would do, host by host; hosts that had no such release are left out. */
export async function planBack({
  io,
  options,
  env,
  releases,
  to,
  services,
}: Going): Promise<readonly HostRollback[]> {
  const scripts = new Map(
    [...releases].flatMap(([host, own]) => {
      const target = stateAt(own, to)
      if (target === null) return []
      const projects = target.compose.map(({ project }) => project)
      const looks = [
        copiesScript('"$R"', copiesToLook(own, to)),
        filesScript(pathsToLook(own, to)),
        imagesScript(projects),
        namesScript([...new Set(target.images.map(({ reference }) => reference))]),
      ]
      return [[host, looks.join('\n')] as const]
    }),
  )
  if (scripts.size === 0) return []
  const { said } = await askHosts({ io, options, command: `rollback ${env}`, scripts })
  return [...said].flatMap(([host, text]) => {
    const facts = readFacts(text)
    const own = releases.get(host)
    const rollback = own === undefined ? null : rollbackOf(own, facts, { number: to, services })
    return rollback === null || facts.record === null ? [] : [{ host, rollback, record: facts.record }]
  })
}

export interface GoBack {
  readonly hosts: readonly HostRollback[]
  readonly waitS: number
  /** null: data stays as it is. */
  readonly snapshots: Snapshots | null
  /** Is told when data is no longer what it was, and when nothing was changed since data could not be kept. */
  readonly progress?: { hasDataBegun: boolean; isUntouched: boolean }
}

/** Resolves with the exit code. */
export async function goBack(
  { io, options, env, to, releases, services }: Going,
  { hosts, waitS, snapshots, progress }: GoBack,
): Promise<number> {
  // With a part of it the rest stays what it is.
  const isPart = services.length > 0
  const declared = new Map(
    hosts.map(({ host, rollback }) => {
      const newest = releases.get(host)?.releases.at(-1)
      return [host, listsOf(isPart && newest ? newest : rollback.target)] as const
    }),
  )
  return play({
    io,
    // Of the project's own tasks only handlers run.
    options: { ...options, tags: [ROLLBACK_TAG], skipTags: ['always'] },
    command: `rollback ${env}`,
    playbookDirectory: (_root, settings) => path.dirname(settings.playbook),
    playbooks: project =>
      snapshots || hasHandlers(hosts, releases) || hasSmokeTests(project) ? [sitePlaybook(project, env)] : [],
    around: (project, loaded) => {
      const place = { project, data: loaded.data, own: io.env.VPAI_HOST_STATE }
      const data = snapshots ? bringingBack(place, namesOf(snapshots)) : []
      return rollbackPlays(project.root, { hosts, waitS, data, smoke: smokeTests(loaded.data) })
    },
    keepsData: snapshots !== null,
    onEnd: ({ dataKept }) => {
      if (progress && dataKept === 'failed') progress.isUntouched = true
    },
    onEvent: event => {
      if (progress && event.type === 'play.started' && event.name === DATA_PLAY_NAMES.restore)
        progress.hasDataBegun = true
    },
    extraVars: { target_env: env },
    within: env,
    release: { env, back: { to, declared } },
  })
}

/** By host, which one comes back. */
export type Snapshots = ReadonlyMap<string, SnapshotSeen>

function namesOf(snapshots: Snapshots): ReadonlyMap<string, string> {
  return new Map([...snapshots].map(([host, { name }]) => [host, name]))
}

/** Without any, and without smoke tests, going back works whatever the project looks like now. */
function hasHandlers(hosts: readonly HostRollback[], releases: Releases): boolean {
  const touched = hosts.flatMap(({ rollback }) => [
    ...rollback.restore.map(({ file }) => file),
    ...rollback.remove,
  ])
  return touched.some(({ notifies }) => notifies.length > 0) || [...releases.values()].some(isAhead)
}

export function isNothingToDo(hosts: readonly HostRollback[]): boolean {
  return hosts.every(({ rollback }) => isNothing(rollback))
}

function listsOf({ files, compose, containers, units, userUnits, packages }: Manifest): DeclaredLists {
  return {
    files: files.map(({ path: file, notifies, isNew }) => ({ path: file, notifies: [...notifies], isNew })),
    compose,
    containers,
    units,
    userUnits,
    packages,
  }
}
