/** What deploy, plan and run share: open, load, check, list or run, report, exit. */
import { randomBytes } from 'node:crypto'
import path from 'node:path'
import type { Problem } from '../base/error.ts'
import { VpaiError } from '../base/error.ts'
import type { RunEvent } from '../base/event.ts'
import type { Dict } from '../base/value.ts'
import { type LoadedProject, loadPlaybooks } from '../config/load-playbooks.ts'
import type { Playbook } from '../config/model.ts'
import { run } from '../engine/run.ts'
import type { RunOptions } from '../engine/world.ts'
import { projectFiles } from '../files/project-files.ts'
import { jsonValue } from '../report/lines.ts'
import { openJournal, writeRetry } from '../state/run-directory.ts'
import { problemsText } from './error-text.ts'
import { EXIT } from './exit-codes.ts'
import type { Io } from './io.ts'
import { listings } from './listings.ts'
import { knownNames, loadOptions } from './project/load-options.ts'
import { openProject, type Project, requireInventory, throwErrors } from './project/open.ts'
import { reporterFor } from './reporters.ts'
import { limitOf, runOptions, words } from './run-settings.ts'
import { connectSettings } from './wire/connect-settings.ts'
import { engineWorld } from './wire/engine-world.ts'

export interface PlayRequest {
  readonly io: Io
  readonly options: Readonly<Record<string, unknown>>
  /** For the journal and the JSON document, e.g. `deploy prod`. */
  readonly command: string
  /** Files of the project. */
  readonly playbooks: (project: Project) => readonly string[]
  /** A play that no file holds (exec, restart): run instead. */
  readonly made?: (project: Project) => Playbook
  /** Shows what commands print, as `exec` does. */
  readonly showOutput?: boolean
  readonly extraVars?: Dict
  /** Only hosts of this pattern, whatever --limit says besides. */
  readonly within?: string
  readonly check?: boolean
  readonly diff?: boolean
  /** plan has exit codes of its own. */
  readonly isPlan?: boolean
  /** Asks before anything is touched; false ends the command. */
  readonly confirm?: (project: Project) => Promise<boolean>
}

export async function play(request: PlayRequest): Promise<number> {
  const { io, options } = request
  const isListing = ['listTasks', 'listTags', 'listHosts', 'syntaxCheck'].some(name => options[name] === true)
  const opened = await openProject({ io, options, needsSecrets: !isListing })
  requireInventory(opened)
  const project = { ...opened, extraVars: { ...request.extraVars, ...opened.extraVars } }
  const loaded = load(project, request)
  const warnings = [...project.problems, ...loaded.problems]
  throwErrors(warnings)
  const limit = limitOf(project, options, request.within)
  if (isListing) {
    tellWarnings(io, warnings)
    io.out.write(listings({ project, loaded, options, limit }))
    return EXIT.fine
  }
  if (request.confirm && !(await request.confirm(project))) return EXIT.usage
  return execute({ request, project, loaded, limit, warnings })
}

function load(project: Project, { playbooks, made, options }: PlayRequest): LoadedProject {
  const files = made ? [] : playbooks(project)
  const reader = projectFiles(project.root)
  const names = knownNames(project)
  const loaded = loadPlaybooks(reader, files, loadOptions(project, names, words(options.rolesPath)))
  return made ? { ...loaded, playbooks: [made(project)] } : loaded
}

interface Execution {
  readonly request: PlayRequest
  readonly project: Project
  readonly loaded: LoadedProject
  readonly limit: string | undefined
  readonly warnings: readonly Problem[]
}

async function execute({ request, project, loaded, limit, warnings }: Execution): Promise<number> {
  const { io, options, command } = request
  const runId = `${new Date().toISOString().replace(/[-:]/g, '').replace(/\..*/, '')}-${randomBytes(3).toString('hex')}`
  const settings: RunOptions = runOptions(project, {
    ...options,
    check: request.check ?? options.check,
    diff: request.diff ?? options.diff,
  })
  const journal = openJournal(project.stateDirectory, { runId, keep: project.settings.history }, value =>
    project.registry.mask(JSON.stringify(value, jsonValue)),
  )
  const reporter = reporterFor(io, { options, diff: settings.diff, showOutput: request.showOutput ?? false })
  const emit = (event: RunEvent) => {
    const timed = { ...event, time: Date.now() }
    journal.event(timed)
    reporter.on(timed)
  }
  const connecting = await connectSettings(io, project, options)
  try {
    tellWarnings(io, warnings)
    const parts = {
      io,
      project,
      options: settings,
      limit,
      connect: connecting,
      context: loaded.context,
      journal,
      emit,
    }
    const summary = await run(engineWorld(parts), loaded.playbooks, {
      runId,
      command: project.registry.mask(command),
    })
    const bad = Object.entries(summary.stats).filter(([, stats]) => stats.failed > 0 || stats.unreachable > 0)
    if (!settings.check)
      writeRetry(
        project.stateDirectory,
        bad.map(([name]) => name),
      )
    const code = exitCode(summary, request.isPlan ?? false)
    reporter.end(code)
    return code
  } finally {
    journal.close()
  }
}

type Summary = Awaited<ReturnType<typeof run>>

function exitCode({ stats, interrupted }: Summary, isPlan: boolean): number {
  if (interrupted) return EXIT.interrupted
  const all = Object.values(stats)
  if (all.some(one => one.unreachable > 0)) return EXIT.unreachable
  if (all.some(one => one.failed > 0)) return isPlan ? EXIT.planFailed : EXIT.failed
  return isPlan && all.some(one => one.changed > 0 || one.late > 0) ? EXIT.changes : EXIT.fine
}

function tellWarnings(io: Io, problems: readonly Problem[]): void {
  const warnings = problems.filter(problem => problem.severity === 'warning')
  if (warnings.length === 0) return
  io.err.write(
    `${problemsText(warnings, { color: io.stdoutIsTty && !io.env.NO_COLOR, roots: io.sourceRoots })}\n`,
  )
}

/** A playbook as typed, relative to where one stands, as a path of the project. */
export function projectPath(project: Project, io: Io, file: string): string {
  const absolute = path.resolve(io.cwd, file)
  const relative = path.relative(project.root, absolute)
  return relative.startsWith('..') ? absolute : relative
}

export function requireGroup(project: Project, name: string): void {
  if (project.inventory.groups.has(name)) return
  const groups = [...project.inventory.groups.keys()].filter(
    group => group !== 'all' && group !== 'ungrouped',
  )
  throw new VpaiError(
    'ENVIRONMENT_UNKNOWN',
    `there is no environment ${name}: it is not a group of the inventory`,
    {
      hint: groups.length > 0 ? `Known: ${groups.join(', ')}.` : 'The inventory has no groups yet.',
    },
  )
}
