/** The one place that builds adapters and hands them to the engine. */
import { randomBytes, randomInt } from 'node:crypto'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ProblemsError } from '../../base/error.ts'
import type { RunEvent } from '../../base/event.ts'
import { loadIncluded } from '../../config/load-at-runtime.ts'
import type { LoadContext } from '../../config/load-context.ts'
import type { InventoryPort, RunOptions, World } from '../../engine/world.ts'
import { localFiles } from '../../files/local-files.ts'
import { edgeLookups } from '../../files/lookups.ts'
import { groupsDict } from '../../inventory/magic.ts'
import { matchHosts } from '../../inventory/pattern.ts'
import { findModule } from '../../modules/index.ts'
import type { Journal } from '../../state/run-directory.ts'
import { askSecret, askText } from '../ask.ts'
import type { Io } from '../io.ts'
import { type Project, throwErrors } from '../project/open.ts'
import { VERSION } from '../version.ts'
import { type ConnectSettings, connect } from './connect.ts'

export interface WorldParts {
  readonly io: Io
  readonly project: Project
  readonly options: RunOptions
  readonly limit: string | undefined
  readonly connect: ConnectSettings
  readonly context: LoadContext
  readonly journal: Journal
  readonly emit: (event: RunEvent) => void
}

export function engineWorld(parts: WorldParts): World {
  const { io, project, options, journal, emit, context } = parts
  const random = () => randomInt(2 ** 47) / 2 ** 47
  return {
    options,
    inventory: inventoryPort(parts),
    connect: target => connect(target, parts.connect),
    module: findModule,
    files: localFiles(project.root),
    includes: {
      load(request) {
        const { nodes, handlers, problems } = loadIncluded(context, request)
        const errors = problems.filter(problem => problem.severity !== 'warning')
        if (errors.length > 0) throw new ProblemsError(errors)
        return { nodes, handlers }
      },
    },
    lookups: (directories, ahead) =>
      edgeLookups({ root: project.root, env: io.env, secrets: project.registry, random }, directories, ahead),
    secrets: project.registry,
    clock: { now: Date.now, sleep: (ms, signal) => sleep(ms, undefined, { signal }) },
    token: n => randomBytes(n).toString('hex').slice(0, n),
    random,
    emit,
    ledger: journal,
    prompt: (text, echo) => (io.stdinIsTty ? (echo ? askText(text) : askSecret(text)) : Promise.resolve('')),
    signal: io.signal,
    version: VERSION,
  }
}

function inventoryPort({ project, limit, emit }: WorldParts): InventoryPort {
  const { inventory, root, inventories } = project
  const first = inventories[0]
  return {
    hosts: [...inventory.hosts.keys()],
    groups: groupsDict(inventory),
    groupsOf: host => inventory.host(host)?.groups ?? [],
    variables: host => inventory.variables(host),
    match(pattern) {
      const { hosts, problems } = matchHosts(inventory, pattern, limit)
      throwErrors(problems)
      for (const problem of problems)
        emit({ type: 'warning', message: problem.message, host: null, position: problem.position ?? null })
      return hosts
    },
    file: first === undefined ? null : path.resolve(root, first),
    directory: first === undefined ? null : path.dirname(path.resolve(root, first, 'x')),
  }
}
