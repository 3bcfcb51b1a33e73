/**
 * What a run says while it goes. Reporters, the journal and `--output ndjson` are listeners of this
 * one union; texts in it are already free of secrets (the emitter masks).
 */
import type { Position } from './error.ts'
import type { Dict, Value } from './value.ts'

/** late: in check mode, known only after an unapplied change. */
export type TaskStatus = 'ok' | 'changed' | 'skipped' | 'failed' | 'ignored' | 'unreachable' | 'late'

export interface HostStats {
  readonly ok: number
  readonly changed: number
  readonly unreachable: number
  readonly failed: number
  readonly skipped: number
  readonly rescued: number
  readonly ignored: number
  /** Check mode only. */
  readonly late: number
}

/** What tasks of set_stats told, by name. */
export interface CustomStats {
  readonly run: Dict
  readonly hosts: Readonly<Record<string, Dict>>
}

export interface ChangeReport {
  readonly what: string
  readonly subject: string
  readonly from: Value
  readonly to: Value
  /** Unified diff, when asked for and there is content worth showing. */
  readonly diff?: string
}

/** Milliseconds of a task on a host, by what they went into; together they are all of it. */
export interface Spent {
  /** Logging in, and becoming another user. */
  readonly connect: number
  /** Waiting for looks at the host. */
  readonly probe: number
  /** Waiting for files to be put there. */
  readonly upload: number
  /** Waiting for everything else that is done there. */
  readonly act: number
  /** Pauses, delays between retries. */
  readonly wait: number
  /** What is left: templates, conditions, decisions, on this machine. */
  readonly decide: number
}

export interface TaskReport {
  readonly taskId: string
  readonly name: string
  readonly module: string
  readonly role: string | null
  readonly host: string
  readonly delegatedTo: string | null
  readonly status: TaskStatus
  readonly changes: readonly ChangeReport[]
  /** The registered result, with `changed`, `failed`, `skipped`; censored under no_log. */
  readonly result: Dict
  /** Why it was skipped, failed or is late; one or more lines for people. */
  readonly reason: string | null
  readonly position: Position
  readonly elapsedMs: number
  /** Label of a loop's item; null for the whole task. */
  readonly item: string | null
  readonly handler: boolean
  /** With --profile, for a task as a whole. */
  readonly spent?: Spent
}

export type RunEvent =
  | {
      readonly type: 'run.started'
      readonly runId: string
      readonly command: string
      readonly check: boolean
      readonly vpaiVersion: string
    }
  | {
      readonly type: 'play.started'
      readonly name: string
      readonly hosts: readonly string[]
      readonly position: Position
    }
  | {
      readonly type: 'task.started'
      readonly taskId: string
      readonly name: string
      readonly module: string
      readonly role: string | null
      readonly handler: boolean
      readonly position: Position
    }
  | { readonly type: 'host.connected'; readonly host: string; readonly elapsedMs: number }
  | ({ readonly type: 'task.item' } & TaskReport)
  | ({ readonly type: 'task.result' } & TaskReport)
  | { readonly type: 'host.rescued'; readonly host: string }
  | {
      readonly type: 'task.retry'
      readonly host: string
      readonly name: string
      readonly attempt: number
      readonly retries: number
      readonly delayS: number
    }
  | {
      readonly type: 'handler.notified'
      readonly host: string
      readonly handler: string
      readonly by: string
    }
  /** A task that may lock us out is about to act: the host undoes it unless somebody logs in within so many seconds. */
  | {
      readonly type: 'guard.armed'
      readonly host: string
      readonly guard: string
      readonly areas: readonly string[]
      readonly withinS: number
      /** What goes on with it after a reboot: systemd, cron, at or nothing. */
      readonly boot: string
    }
  /** Somebody logged in anew. `held`: it stays until the handlers ran. */
  | { readonly type: 'guard.disarmed'; readonly host: string; readonly guard: string; readonly held: boolean }
  /** Nobody could log in; what was put back. */
  | {
      readonly type: 'guard.fired'
      readonly host: string
      readonly guard: string
      readonly reason: string
      readonly undone: readonly string[]
    }
  /** What a deploy left on a host to go back to. */
  | { readonly type: 'release.made'; readonly host: string; readonly release: number }
  /** Something that a task once made and no task declares any more; `left`: why it is not removed in any case. */
  | {
      readonly type: 'orphan'
      readonly host: string
      readonly role: string | null
      readonly task: string
      readonly resource: string
      readonly left: string | null
    }
  /** A line of a long-running step's own output or progress. */
  | { readonly type: 'progress'; readonly host: string; readonly text: string }
  | {
      readonly type: 'warning'
      readonly message: string
      readonly host: string | null
      readonly position: Position | null
    }
  | {
      readonly type: 'run.ended'
      readonly stats: Readonly<Record<string, HostStats>>
      readonly customStats: CustomStats
      readonly elapsedMs: number
      readonly requests: number
      readonly roundTrips: number
      readonly bytesSent: number
      readonly bytesReceived: number
      readonly interrupted: boolean
    }

/** With the time it was said, milliseconds since the epoch. */
export type TimedEvent = RunEvent & { readonly time: number }
