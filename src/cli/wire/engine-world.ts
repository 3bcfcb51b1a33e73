/** The one place that builds adapters and hands them to the engine. */
import { randomBytes, randomInt } from 'node:crypto'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ProblemsError } from '../../base/error.ts'
import type { RunEvent } from '../../base/event.ts'
import { loadIncluded } from '../../config/load-at-runtime.ts'
import type { LoadContext } from '../../config/load-context.ts'
import type { Playbook } from '../../config/model.ts'
import type { DataOptions } from '../../engine/first-change.ts'
import type { Owning } from '../../engine/owned-lists.ts'
import type { ReleaseOptions } from '../../engine/releasing.ts'
import type { InventoryPort, RunOptions, Witness, World } from '../../engine/world.ts'
import { controlMachine } from '../../files/control-machine.ts'
import { factCache } from '../../files/fact-cache.ts'
import { localFiles } from '../../files/local-files.ts'
import { edgeLookups } from '../../files/lookups.ts'
import { notedFiles, type SourceLog } from '../../files/source-log.ts'
import { matchHosts } from '../../inventory/pattern.ts'
import { runInventory } from '../../inventory/run-inventory.ts'
import { findModule } from '../../modules/index.ts'
import { becomes } from '../../plan/becomes.ts'
import { askedKeys } from '../../state/asked-keys.ts'
import type { Journal } from '../../state/run-directory.ts'
import { isHolderGone, runHolder } from '../../state/run-holder.ts'
import { askSecret, askText } from '../ask.ts'
import type { Io } from '../io.ts'
import { expandHome } from '../project/expand-home.ts'
import type { Project } from '../project/open.ts'
import { recordName } from '../project/record-name.ts'
import { VERSION } from '../version.ts'
import { configLookup } from './config-lookup.ts'
import { type ConnectSettings, connect } from './connect.ts'

export interface WorldParts {
  readonly io: Io
  readonly project: Project
  readonly options: RunOptions
  readonly limit: string | undefined
  readonly connect: ConnectSettings
  readonly context: LoadContext
  readonly playbooks: readonly Playbook[]
  readonly about: { readonly runId: string; readonly command: string }
  /** Seconds to wait for another run on a host. */
  readonly lockTimeoutS: number
  /** Goes on with the run before. */
  readonly resumes: boolean
  /** It makes a release. */
  readonly release?: ReleaseOptions
  /** How data is kept before the first change. */
  readonly data?: DataOptions
  /** What becomes of what hosts have by a playbook. */
  readonly owning?: Owning
  readonly journal: Journal
  readonly emit: (event: RunEvent) => void
  readonly witness?: Witness
  /** Where it is noted what tasks read on this machine. */
  readonly log?: SourceLog
}

export function engineWorld(parts: WorldParts): World {
  const { io, project, options, journal, emit, context, witness, log } = parts
  const files = localFiles(project.root, project.vault)
  const random = () => randomInt(2 ** 47) / 2 ** 47
  return {
    options,
    inventory: inventoryPort(parts),
    connect: target => connect(target, parts.connect),
    module: findModule,
    root: project.root,
    files: log ? notedFiles(files, log) : files,
    machine: controlMachine({ root: project.root, home: project.home, env: io.env }),
    includes: {
      load(request) {
        const { nodes, handlers, problems } = loadIncluded(context, request)
        const errors = problems.filter(problem => problem.severity !== 'warning')
        if (errors.length > 0) throw new ProblemsError(errors)
        return { nodes, handlers }
      },
    },
    lookups: (directories, ahead) => ({
      ...edgeLookups(
        {
          root: project.root,
          env: io.env,
          secrets: project.registry,
          vault: project.vault,
          random,
          ...(log ? { noted: (file, content) => log.note(file, content) } : {}),
        },
        directories,
        ahead,
      ),
      config: configLookup(project, options),
      inventory_hostnames: terms =>
        terms.flatMap(pattern => matchHosts(project.inventory, String(pattern)).hosts),
    }),
    ...factCacheOf(project),
    keyStore: askedKeys(project.stateDirectory, [
      parts.playbooks.map(({ file }) => file),
      options.tags,
      options.skipTags,
    ]),
    secrets: project.registry,
    clock: { now: Date.now, sleep: (ms, signal) => sleep(ms, undefined, { signal }) },
    token: n => randomBytes(n).toString('hex').slice(0, n),
    random,
    emit,
    ledger: journal,
    ...(witness ? { witness } : {}),
    record: {
      project: recordName(project),
      holder: runHolder(parts.about),
      isGone: isHolderGone,
      waitS: parts.lockTimeoutS,
      resumes: parts.resumes,
      ...(parts.data ? { data: parts.data } : {}),
      ...(parts.release ? { release: parts.release } : {}),
      becomes: options.become.on || becomes(parts.playbooks),
      ...(parts.owning ? { owning: parts.owning } : {}),
      ...(io.env.VPAI_HOST_STATE === undefined ? {} : { ownFolder: io.env.VPAI_HOST_STATE }),
    },
    prompt: (text, echo) =>
      io.stdinIsTty ? (echo ? askText(text) : askSecret(text)) : Promise.resolve(null),
    signal: io.signal,
    leave: io.leave,
    version: VERSION,
    configFile: project.configFile,
  }
}

/** ansible.cfg names a folder; without one they lie with the state of the project. */
function factCacheOf({ ansible, registry, root, home, stateDirectory }: Project): Pick<World, 'factCache'> {
  if (ansible.factCaching !== 'jsonfile') return {}
  const {
    factCachingConnection: named,
    factCachingTimeout: timeoutS = 86_400,
    factCachingPrefix: prefix = '',
  } = ansible
  const folder =
    named === undefined ? path.join(stateDirectory, 'facts') : path.resolve(root, expandHome(named, home))
  return { factCache: factCache({ folder, timeoutS, prefix, secrets: registry, now: Date.now }) }
}

function inventoryPort({ project, limit, emit }: WorldParts): InventoryPort {
  const { inventory, root, inventories } = project
  const first = inventories[0]
  const file = first === undefined ? null : path.resolve(root, first)
  return runInventory(inventory, {
    limit,
    file,
    sources: inventories.map(one => (one.includes(',') ? one : path.resolve(root, one))),
    reread: project.reread,
    directory: file === null ? null : path.dirname(path.join(file, path.extname(file) ? '' : 'x')),
    warn: ({ message, position }) =>
      emit({ type: 'warning', message, host: null, position: position ?? null }),
  })
}
