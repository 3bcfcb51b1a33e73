/** `json` ends with one document; `ndjson` streams the events. Both name their schema's version. */
import type { CustomStats, HostStats, TaskReport, TimedEvent } from '../base/event.ts'
import { jsonValue } from './lines.ts'
import type { Profile, Profiler } from './profile.ts'
import type { Reporter, Sink } from './reporter.ts'

/** Raised when a field is taken away or changes its meaning; new fields do not raise it. */
export const JSON_SCHEMA_VERSION = 1

export interface RunDocument {
  readonly version: typeof JSON_SCHEMA_VERSION
  readonly runId: string
  readonly command: string
  readonly check: boolean
  readonly exitCode: number
  readonly interrupted: boolean
  readonly elapsedMs: number
  readonly stats: Readonly<Record<string, HostStats>>
  readonly customStats: CustomStats
  readonly tasks: readonly TaskReport[]
  readonly warnings: readonly { readonly message: string; readonly host: string | null }[]
  readonly orphans: readonly Omit<Extract<TimedEvent, { type: 'orphan' }>, 'type' | 'time'>[]
  /** With --profile. */
  readonly profile?: Profile
}

export function jsonReporter(out: Sink, profiler: Profiler | null = null): Reporter {
  const tasks: TaskReport[] = []
  const warnings: { message: string; host: string | null }[] = []
  const orphans: RunDocument['orphans'][number][] = []
  let head = { runId: '', command: '', check: false }
  let tail: Pick<RunDocument, 'interrupted' | 'elapsedMs' | 'stats' | 'customStats'> = {
    interrupted: false,
    elapsedMs: 0,
    stats: {},
    customStats: { run: {}, hosts: {} },
  }
  return {
    on(event) {
      profiler?.on(event)
      if (event.type === 'run.started')
        head = { runId: event.runId, command: event.command, check: event.check }
      if (event.type === 'warning') warnings.push({ message: event.message, host: event.host })
      if (event.type === 'orphan') {
        const { type: _type, time: _time, ...orphan } = event
        orphans.push(orphan)
      }
      if (event.type === 'task.result') tasks.push(withoutEnvelope(event))
      if (event.type === 'run.ended')
        tail = {
          interrupted: event.interrupted,
          elapsedMs: event.elapsedMs,
          stats: event.stats,
          customStats: event.customStats,
        }
    },
    end(exitCode) {
      const document: RunDocument = {
        version: JSON_SCHEMA_VERSION,
        ...head,
        exitCode,
        ...tail,
        tasks,
        warnings,
        orphans,
        ...(profiler ? { profile: profiler.read() } : {}),
      }
      out.write(`${JSON.stringify(document, jsonValue, 2)}\n`)
    },
  }
}

function withoutEnvelope(event: TimedEvent & { type: 'task.result' }): TaskReport {
  const { type: _type, time: _time, ...report } = event
  return report
}

export function ndjsonReporter(out: Sink): Reporter {
  return {
    on: event => out.write(`${JSON.stringify({ version: JSON_SCHEMA_VERSION, ...event }, jsonValue)}\n`),
    end: exitCode =>
      out.write(`${JSON.stringify({ version: JSON_SCHEMA_VERSION, type: 'exit', exitCode })}\n`),
  }
}
