/** A loaded project run: journal, reporter, engine, exit code. */
import path from 'node:path'
import type { Problem } from '../base/error.ts'
import type { RunEvent } from '../base/event.ts'
import type { LoadedProject } from '../config/load-playbooks.ts'
import type { DataOptions } from '../engine/first-change.ts'
import { run } from '../engine/run.ts'
import type { RunOptions } from '../engine/world.ts'
import { jsonValue } from '../report/lines.ts'
import { noteRelease } from '../state/known-releases.ts'
import { linkSchemas } from '../state/link-schemas.ts'
import { openJournal, writeRetry } from '../state/run-directory.ts'
import { runHolder } from '../state/run-holder.ts'
import { newRunId } from '../state/run-id.ts'
import { EXIT } from './exit-codes.ts'
import type { PlayRequest } from './play.ts'
import { shippedDirectory } from './project/find-root.ts'
import type { Project } from './project/open.ts'
import { keepingData } from './releases/data-plays.ts'
import { nowText, releaseOptions } from './releases/release-options.ts'
import { reporterFor } from './reporters.ts'
import { positive, runOptions } from './run-settings.ts'
import { keepYoungSpace } from './tune-engine.ts'
import { tellWarnings } from './warnings.ts'
import type { ConnectSettings } from './wire/connect.ts'
import { connectSettings } from './wire/connect-settings.ts'
import { engineWorld } from './wire/engine-world.ts'

export interface Execution {
  readonly request: PlayRequest
  readonly project: Project
  readonly loaded: LoadedProject
  readonly limit: string | undefined
  readonly warnings: readonly Problem[]
  /** Where logins are under way already. */
  readonly connecting: ConnectSettings | null
}

export async function execute(execution: Execution): Promise<number> {
  const { request, project, loaded, limit, warnings } = execution
  const { io, options, command } = request
  const runId = newRunId(new Date())
  const settings: RunOptions = runOptions(project, {
    ...options,
    check: request.check ?? options.check,
    diff: request.diff ?? options.diff,
  })
  const mask = (text: string) => project.registry.mask(text)
  const argv = io.argv?.every(word => mask(word) === word) ? io.argv : null
  const journal = openJournal(
    project.stateDirectory,
    {
      runId,
      keep: project.settings.history,
      request: request.made || settings.check ? null : { argv, cwd: io.cwd },
    },
    value => mask(JSON.stringify(value, jsonValue)),
  )
  linkSchemas(project.stateDirectory, path.join(shippedDirectory(), 'schemas'))
  const reporter = reporterFor(io, { options, diff: settings.diff, showOutput: request.showOutput ?? false })
  let isOver = false
  const emit = (event: RunEvent) => {
    if (isOver) return
    const timed = { ...event, time: Date.now() }
    journal.event(timed)
    reporter.on(timed)
    request.onEvent?.(event)
  }
  const about = { runId, command: project.registry.mask(command) }
  const data =
    request.keepsData && options.snapshot !== false
      ? dataOptions(request, { project, loaded, about })
      : undefined
  if (project.inventory.hosts.size > FEW_HOSTS) keepYoungSpace('growing')
  const connecting = execution.connecting ?? (await connectSettings(io, project, options))
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
      playbooks: data ? [...loaded.playbooks, { file: 'data', plays: data.plays }] : loaded.playbooks,
      about,
      lockTimeoutS: positive('--lock-timeout', options.lockTimeout) ?? 0,
      resumes: io.resumes ?? false,
      ...(request.release ? { release: releaseOptions(project, settings, request.release) } : {}),
      ...(data ? { data } : {}),
      ...(request.owning ? { owning: request.owning } : {}),
    }
    const watched = { options, environment: request.within ?? '', playbooks: loaded.playbooks, about }
    const summary = request.savedPlan
      ? await (await import('./saved-plan/watched-run.ts')).watchedRun(parts, request.savedPlan, watched)
      : await run(engineWorld(parts), loaded.playbooks, about)
    const bad = Object.entries(summary.stats).filter(([, stats]) => stats.failed > 0 || stats.unreachable > 0)
    if (!settings.check && request.isLook !== true)
      writeRetry(project.stateDirectory, [...new Set([...bad.map(([name]) => name), ...summary.unfinished])])
    if (request.release && summary.released.made !== null)
      noteRelease(project.stateDirectory, request.release.env, summary.released.made)
    request.onEnd?.(summary)
    const code = exitCode(summary, request.isPlan ?? false)
    if (code !== EXIT.unreachable && !summary.interrupted) connecting.early?.remember()
    reporter.end(code)
    journal.ended(code === EXIT.fine ? 'ok' : 'failed')
    return code
  } catch (error) {
    // Whoever reads the document of --output json gets it whole; the error itself goes to stderr.
    reporter.end(io.signal.aborted ? EXIT.interrupted : EXIT.usage)
    throw error
  } finally {
    isOver = true
    journal.close()
  }
}

function dataOptions(
  { io }: PlayRequest,
  {
    project,
    loaded,
    about,
  }: Pick<Execution, 'project' | 'loaded'> & { about: { runId: string; command: string } },
): DataOptions | undefined {
  const { user, machine } = runHolder(about)
  return keepingData(
    { project, data: loaded.data, own: io.env.VPAI_HOST_STATE },
    { run: about.runId, when: nowText(), by: `${String(user)} on ${String(machine)}` },
  )
}

/** With more, memory is not what counts. */
const FEW_HOSTS = 3

type Summary = Awaited<ReturnType<typeof run>>

function exitCode({ stats, interrupted }: Summary, isPlan: boolean): number {
  if (interrupted) return EXIT.interrupted
  const all = Object.values(stats)
  if (all.some(one => one.unreachable > 0)) return EXIT.unreachable
  if (all.some(one => one.failed > 0)) return isPlan ? EXIT.planFailed : EXIT.failed
  return isPlan && all.some(one => one.changed > 0 || one.late > 0) ? EXIT.changes : EXIT.fine
}
