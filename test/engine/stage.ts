/** Playbooks as text, run by the real engine on real shells of this machine: one shell a host, one folder for all. */
import { setMaxListeners } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { ProblemsError } from '../../src/base/error.ts'
import type { RunEvent } from '../../src/base/event.ts'
import { Secret } from '../../src/base/secret.ts'
import type { Dict } from '../../src/base/value.ts'
import { loadIncluded } from '../../src/config/load-at-runtime.ts'
import { loadPlaybooks } from '../../src/config/load-playbooks.ts'
import type { ProjectReader } from '../../src/config/reader.ts'
import { connectLocal } from '../../src/connections/local.ts'
import type { RecordOptions } from '../../src/engine/lease.ts'
import type { Host } from '../../src/engine/ports.ts'
import { type RunSummary, run } from '../../src/engine/run.ts'
import type { ConnectTarget, RunOptions, World } from '../../src/engine/world.ts'
import { localFiles } from '../../src/files/local-files.ts'
import { edgeLookups } from '../../src/files/lookups.ts'
import { projectFiles } from '../../src/files/project-files.ts'
import { buildInventory } from '../../src/inventory/build-inventory.ts'
import { runInventory } from '../../src/inventory/run-inventory.ts'
import { moduleArguments, moduleNames } from '../../src/modules/catalogue.ts'
import { findModule } from '../../src/modules/index.ts'
import { createSecretRegistry } from '../../src/secrets/registry.ts'
import { SessionHost } from '../../src/session/host.ts'
import { askedKeys } from '../../src/state/asked-keys.ts'

export interface Stage {
  /** Paths to texts; `site.yml` is what is run. */
  readonly files: Readonly<Record<string, string>>
  readonly hosts?: readonly string[]
  readonly options?: Partial<RunOptions>
  readonly secrets?: Readonly<Record<string, string>>
  /** Variables of single hosts, as an inventory would give them. */
  readonly hostVars?: Readonly<Record<string, Dict>>
  /** Told of every dial; throwing makes the host unreachable. */
  readonly dial?: (target: ConnectTarget) => void
  /** Gets every connection as it is made, for breaking it. */
  readonly reached?: (host: Host) => void
  /** What is answered to questions, in order; without any there is nobody to ask. */
  readonly answers?: readonly string[]
  /** As if they were reached over a network. For dry runs only: the hosts are this machine. */
  readonly isRemote?: true
  /** Hosts keep a record, in the stage's own folder. */
  readonly record?: Partial<RecordOptions>
  /** What was looked at is a guess for the next time. */
  readonly remembers?: boolean
  readonly signal?: AbortSignal
  readonly leave?: AbortSignal
  /** Sees every event as it comes. */
  readonly watch?: (event: RunEvent) => void
}

export interface Played {
  readonly summary: RunSummary
  readonly events: readonly RunEvent[]
  /** `host task: status`, results only, in the order they came. */
  readonly results: readonly string[]
  readonly requests: number
  readonly roundTrips: number
  /** What was asked of the user. */
  readonly questions: readonly string[]
  /** The folder that `{{ dir }}` names on the hosts. */
  readonly dir: string
}

const OPTIONS: RunOptions = {
  check: false,
  diff: false,
  forks: 5,
  tags: [],
  skipTags: [],
  startAtTask: null,
  extraVars: {},
  verbosity: 0,
  gatherFacts: false,
  forceHandlers: false,
  strictSecrets: false,
  become: { on: false, user: null, method: null },
}

const RECORD: Omit<RecordOptions, 'ownFolder'> = {
  project: 'stage',
  holder: { run: 'r1', command: 'test' },
  isGone: () => false,
  waitS: 0,
  resumes: false,
  becomes: false,
}

const sleep = (ms: number, signal?: AbortSignal) => setTimeout(ms, undefined, { signal })

export interface Theatre {
  /** Plays again on the same folder; `over` replaces files of the project. */
  play(over?: Partial<Stage>): Promise<Played>
  readonly dir: string
  close(): void
}

export function theatre(stage: Stage): Theatre {
  const root = mkdtempSync(path.join(tmpdir(), 'vpai-stage-'))
  const dir = path.join(root, 'host')
  mkdirSync(dir)
  return {
    dir,
    play: over => playOnce({ ...stage, ...over, files: { ...stage.files, ...over?.files } }, { root, dir }),
    close: () => rmSync(root, { recursive: true, force: true }),
  }
}

async function playOnce(stage: Stage, { root, dir }: { root: string; dir: string }): Promise<Played> {
  const project = path.join(root, 'project')
  for (const [name, text] of Object.entries(stage.files)) {
    mkdirSync(path.dirname(path.join(project, name)), { recursive: true })
    writeFileSync(path.join(project, name), text)
  }
  const reader = projectFiles(project)
  const loaded = load(reader)
  const registry = createSecretRegistry()
  const secrets = Object.fromEntries(
    Object.entries(stage.secrets ?? {}).map(([name, value]) => [name, new Secret(value, name)]),
  )
  for (const secret of Object.values(secrets)) registry.add(secret)
  const { inventory } = buildInventory({
    sources: [{ kind: 'list', hosts: `${(stage.hosts ?? ['h1']).join(',')},` }],
    extraLayers: [{ vars: { dir, ...secrets }, origin: 'test' }],
  })
  const events: RunEvent[] = []
  const questions: string[] = []
  const answers = [...(stage.answers ?? [])]
  const played = runInventory(inventory, { file: null, directory: null, warn: () => undefined })
  for (const [name, vars] of Object.entries(stage.hostVars ?? {})) played.addHost({ name, groups: [], vars })
  const options = { ...OPTIONS, ...stage.options }
  const world: World = {
    options,
    inventory: played,
    connect: async target => {
      stage.dial?.(target)
      const host = new SessionHost({ connection: connectLocal(), name: target.name })
      stage.reached?.(host)
      return { host, user: 'root', ...(stage.isRemote ? { isRemote: true } : {}) }
    },
    module: findModule,
    root: project,
    files: localFiles(project),
    includes: {
      load(request) {
        const included = loadIncluded(loaded.context, request)
        if (included.problems.length > 0) throw new ProblemsError(included.problems)
        return included
      },
    },
    lookups: (directories, ahead) =>
      edgeLookups({ root: project, env: {}, secrets: registry, random: Math.random }, directories, ahead),
    secrets: registry,
    ...(stage.remembers ? { keyStore: askedKeys(path.join(root, 'state'), ['site.yml']) } : {}),
    ...(stage.record ? { record: { ...RECORD, ownFolder: path.join(root, 'record'), ...stage.record } } : {}),
    clock: { now: Date.now, sleep: stage.record ? sleep : async () => undefined },
    token: n => Array.from({ length: n }, () => 'abcdefghijklmnop'[Math.floor(Math.random() * 16)]).join(''),
    random: Math.random,
    emit(event) {
      events.push(event)
      stage.watch?.(event)
    },
    ledger: { intent: async () => undefined, outcome: async () => undefined },
    prompt: async text => {
      questions.push(text)
      return answers.shift() ?? null
    },
    signal: stage.signal ?? quietSignal(),
    leave: stage.leave ?? new AbortController().signal,
    version: 'test',
    configFile: null,
  }
  const summary = await run(world, loaded.playbooks, { runId: 'test', command: 'test' })
  const ended = events.find(event => event.type === 'run.ended')
  const results = events.flatMap(event =>
    event.type === 'task.result' ? [`${event.host} ${event.name}: ${event.status}`] : [],
  )
  return {
    summary,
    events,
    results,
    requests: ended?.type === 'run.ended' ? ended.requests : 0,
    roundTrips: ended?.type === 'run.ended' ? ended.roundTrips : 0,
    questions,
    dir,
  }
}

function load(reader: ProjectReader) {
  const loaded = loadPlaybooks(reader, ['site.yml'], {
    rolesPath: [],
    shippedRoles: undefined,
    knownModules: moduleArguments,
    suggestModules: moduleNames(),
    definedNames: new Set(['dir', 'token']),
    hasDynamicNames: true,
  })
  const errors = loaded.problems.filter(problem => problem.severity !== 'warning')
  if (errors.length > 0) throw new ProblemsError(errors)
  return loaded
}

/** Every command that runs listens to it. */
function quietSignal(): AbortSignal {
  const { signal } = new AbortController()
  setMaxListeners(0, signal)
  return signal
}
