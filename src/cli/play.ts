/** What deploy, plan and run share: open, load, check, list or run. */
import path from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { VpaiError } from '../base/error.ts'
import type { RunEvent } from '../base/event.ts'
import type { Dict } from '../base/value.ts'
import { type LoadedProject, loadPlaybooks } from '../config/load-playbooks.ts'
import type { Playbook } from '../config/model.ts'
import type { Owning } from '../engine/owned-lists.ts'
import type { RunSummary } from '../engine/run.ts'
import { projectFiles } from '../files/project-files.ts'
import { notedReader } from '../files/source-log.ts'
import { watchedReader } from '../files/watched-reader.ts'
import { matchHosts } from '../inventory/pattern.ts'
import type { SoundProject } from '../state/sound-project.ts'
import { requireSomebody, unknownTags } from './check-selection.ts'
import { EXIT } from './exit-codes.ts'
import type { Io } from './io.ts'
import { listings } from './listings.ts'
import { knownNames, loadOptions } from './project/load-options.ts'
import { type OpenOptions, openProject, type Project, requireInventory, throwErrors } from './project/open.ts'
import type { ReleaseWish } from './releases/release-options.ts'
import { limitOf, words } from './run-settings.ts'
import type { SavedPlan } from './saved-plan/saved-plan.ts'
import { tellWarnings } from './warnings.ts'
import type { ConnectSettings } from './wire/connect.ts'

export interface PlayRequest {
  readonly io: Io
  readonly options: Readonly<Record<string, unknown>>
  /** For the journal and the JSON document, e.g. `deploy prod`. */
  readonly command: string
  /** Files of the project. */
  readonly playbooks: (project: Project) => readonly string[]
  /** Of the first playbook: its group_vars and host_vars count too. */
  readonly playbookDirectory?: OpenOptions['playbookDirectory']
  /** A play that no file holds (exec, restart): run instead. */
  readonly made?: (project: Project) => Playbook
  /** Plays that no file holds, around those of the playbooks. */
  readonly around?: (
    project: Project,
    loaded: LoadedProject,
  ) => { readonly before: Playbook; readonly after: Playbook }
  /** Made of the playbooks that were loaded: run in their place. */
  readonly instead?: (project: Project, loaded: LoadedProject) => Playbook
  /** Data is kept before the first change, unless --no-snapshot says otherwise. */
  readonly keepsData?: boolean
  /** Hears how it ended. */
  readonly onEnd?: (summary: RunSummary) => void
  /** Shows what commands print, as `exec` does. */
  readonly showOutput?: boolean
  readonly extraVars?: Dict
  /** Only hosts of this pattern, whatever --limit says besides. */
  readonly within?: string
  readonly check?: boolean
  readonly diff?: boolean
  /** plan has exit codes of its own. */
  readonly isPlan?: boolean
  /** A plan to be saved, or one to keep to. */
  readonly savedPlan?: SavedPlan
  /** What comes to a good end is a release of this environment. */
  readonly release?: ReleaseWish
  /** What becomes of what hosts have by a playbook; left out: it is not kept. */
  readonly owning?: Owning
  /** Only looks: which hosts failed in the last run stays known. */
  readonly isLook?: boolean
  /** Hears what happens on the hosts, besides the reporter. */
  readonly onEvent?: (event: RunEvent) => void
  /** Asks before anything is touched; false ends the command. */
  readonly confirm?: (project: Project) => Promise<boolean>
}

export async function play(request: PlayRequest): Promise<number> {
  const { io, options } = request
  const isListing = ['listTasks', 'listTags', 'listHosts', 'syntaxCheck'].some(name => options[name] === true)
  const opened = await openProject({
    io,
    options,
    needsSecrets: !isListing,
    playbookDirectory: request.playbookDirectory,
    ...(request.savedPlan?.kind === 'keep' ? { opened: request.savedPlan.opened } : {}),
  })
  requireInventory(opened)
  const project = { ...opened, extraVars: { ...request.extraVars, ...opened.extraVars } }
  if (isListing) return list(project, request)
  const connecting = await connectingEarly(project, request)
  try {
    return await playOn(project, request, connecting)
  } finally {
    await connecting?.early?.end()
  }
}

async function list(project: Project, request: PlayRequest): Promise<number> {
  const { io, options } = request
  const loaded = await load(project, request)
  const warnings = [...project.problems, ...loaded.problems, ...unknownTags(loaded, options)]
  throwErrors(warnings)
  const limit = limitOf(project, options, request.within)
  if (options.limit !== undefined) requireSomebody(project, options, { limit, within: request.within })
  if (request.made) requireHosts(project, loaded, limit)
  tellWarnings(io, warnings)
  io.out.write(listings({ project, loaded, options, limit }))
  return EXIT.fine
}

async function playOn(
  project: Project,
  request: PlayRequest,
  connecting: ConnectSettings | null,
): Promise<number> {
  const { options } = request
  const loaded = await load(project, request, connecting?.sound)
  const warnings = [...project.problems, ...loaded.problems, ...unknownTags(loaded, options)]
  throwErrors(warnings)
  connecting?.sound?.keep()
  project.vault.openAll()
  const limit = limitOf(project, options, request.within)
  requireSomebody(project, options, { limit, within: request.within })
  if (request.made) requireHosts(project, loaded, limit)
  if (request.confirm && !(await request.confirm(project))) return EXIT.usage
  // A login that is under way goes on between what takes long.
  await turn()
  // Listings need neither the engine nor the modules.
  const { execute } = await import('./execute.ts')
  await turn()
  return execute({ request, project, loaded, limit, warnings, connecting })
}

/** null: it is not known yet that hosts will be logged in to, or somebody is to be asked before. */
async function connectingEarly(
  project: Project,
  { io, options, playbooks, made, around, instead, confirm, savedPlan, within }: PlayRequest,
): Promise<ConnectSettings | null> {
  if (made || around || instead || confirm || savedPlan) return null
  const { beginLogins } = await import('./wire/begin-logins.ts')
  return beginLogins({ io, project, options, playbooks: playbooks(project), within })
}

async function load(
  project: Project,
  { playbooks, made, around, instead, options }: PlayRequest,
  sound?: SoundProject,
): Promise<LoadedProject> {
  const files = made ? [] : playbooks(project)
  const noted = notedReader(projectFiles(project.root), project.sources)
  const reader = sound ? watchedReader(noted, name => sound.asked(name)) : noted
  const names = knownNames(project)
  const known = await loadOptions(project, names, words(options.rolesPath))
  const loaded = loadPlaybooks(reader, files, known)
  if (made) return { ...loaded, playbooks: [made(project)] }
  if (instead) return { ...loaded, playbooks: [instead(project, loaded)] }
  if (!around) return loaded
  const { before, after } = around(project, loaded)
  return { ...loaded, playbooks: [before, ...loaded.playbooks, after] }
}

/** A play typed as a command acts on somebody: a pattern that matches nothing is a slip of the fingers. */
function requireHosts(project: Project, { playbooks }: LoadedProject, limit: string | undefined): void {
  for (const { hosts } of playbooks.flatMap(({ plays }) => plays)) {
    const matched = matchHosts(project.inventory, String(hosts), limit)
    throwErrors(matched.problems.map(problem => ({ ...problem, severity: 'error' as const })))
    if (matched.hosts.length > 0) continue
    throw new VpaiError('INVENTORY_NO_HOSTS', `"${hosts}" means no host`, {
      hint: '`vpai inventory` shows the hosts and groups there are.',
    })
  }
}

/** A playbook as typed, relative to where one stands, as a path of the project. */
export function projectPath(project: Project, io: Io, file: string): string {
  const absolute = path.resolve(io.cwd, file)
  const relative = path.relative(project.root, absolute)
  return relative.startsWith('..') ? absolute : relative
}

export function requireGroup(project: Project, name: string): void {
  if (project.inventory.groups.has(name)) return
  throw new VpaiError(
    'ENVIRONMENT_UNKNOWN',
    `there is no environment ${name}: it is not a group of the inventory`,
    { hint: environmentHint(project, name) },
  )
}

function environmentHint({ inventory }: Project, name: string): string {
  if (inventory.hosts.has(name)) return `It is a host: \`vpai deploy all --limit ${name}\` means it alone.`
  const groups = [...inventory.groups.keys()].filter(group => group !== 'all' && group !== 'ungrouped')
  if (groups.length > 0) return `Known: ${groups.join(', ')}.`
  return 'The inventory has no groups yet; `all` means every host.'
}
