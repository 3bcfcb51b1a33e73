/** `plain` and `pretty`: lines as things happen. Pretty keeps one moving line for what is going on right now. */
import type { RunEvent, TimedEvent } from '../base/event.ts'
import { type LineOptions, playLines, recapLines, resultLines, taskTitle } from './lines.ts'
import { type Profiler, profileLines } from './profile.ts'
import type { Reporter, Sink } from './reporter.ts'
import { safeText } from './safe-text.ts'
import type { Style } from './style.ts'

export interface TextOptions extends Omit<LineOptions, 'check'> {
  readonly style: Style
  /** A terminal: results of tasks that changed nothing are folded, and a status line moves. */
  readonly live: boolean
  /** With --profile. */
  readonly profiler?: Profiler | null
}

export function textReporter(out: Sink, options: TextOptions): Reporter {
  return new TextReporter(out, options)
}

class TextReporter implements Reporter {
  readonly #out: Sink
  readonly #options: TextOptions
  #check = false
  /** Of the task that began last, until it is printed. */
  #title: string | null = null
  /** The task whose title stands above the results. */
  #titled: string | null = null
  #started: string | null = null
  #hasStatus = false

  constructor(out: Sink, options: TextOptions) {
    this.#out = out
    this.#options = options
  }

  on(event: TimedEvent): void {
    const { style, profiler } = this.#options
    profiler?.on(event)
    if (event.type === 'run.started') this.#check = event.check
    else if (event.type === 'play.started') this.#print(playLines(event, style))
    else if (event.type === 'task.started') this.#begin(event)
    else if (event.type === 'task.item' || event.type === 'task.result') this.#result(event)
    else if (event.type === 'run.ended') this.#print(recapLines(event, style))
    else this.#aside(event)
  }

  end(): void {
    this.#clear()
    const { profiler, style } = this.#options
    if (profiler) this.#print(profileLines(profiler.read(), style))
  }

  #begin(event: Extract<RunEvent, { readonly type: 'task.started' }>): void {
    this.#title = taskTitle(event)
    this.#titled = null
    this.#started = event.taskId
    this.#show(`  ${this.#title} …`)
  }

  #result(event: TimedEvent & { readonly type: 'task.item' | 'task.result' }): void {
    const options = this.#options
    const tells = event.module === 'debug' && event.status === 'ok'
    if (isQuiet(event.status, options) && !tells) return
    // The items of a loop have told all there is.
    const results = event.type === 'task.result' ? event.result.results : null
    if (Array.isArray(results) && results.length > 0 && event.status !== 'skipped') return
    const lines = resultLines(event, options.style, { ...options, check: this.#check })
    // Hosts that run on their own (strategy free) are at different tasks.
    if (this.#titled !== event.taskId) {
      const title = this.#started === event.taskId && this.#title !== null ? this.#title : taskTitle(event)
      this.#print([options.style.bold(title)])
    }
    this.#titled = event.taskId
    this.#print(lines)
  }

  #aside(event: RunEvent): void {
    const { style, verbosity } = this.#options
    if (event.type === 'host.rescued') this.#print([style.dim(`  rescued     ${event.host}`)])
    if (event.type === 'progress') this.#print([style.dim(`      ${event.host}: ${safeText(event.text)}`)])
    if (event.type === 'warning') this.#print([style.warning(warningText(event))])
    if (event.type === 'orphan') this.#print([style.warning(orphanText(event))])
    if (event.type === 'task.retry') {
      this.#show(
        `  ${safeText(event.name)}: try ${event.attempt} of ${event.retries + 1} failed, next in ${event.delayS} s …`,
      )
    }
    if (event.type === 'release.made') this.#print([style.dim(`  release ${event.release}   ${event.host}`)])
    if (event.type === 'guard.fired') this.#print(firedLines(event).map(line => style.warning(line)))
    if (verbosity > 0 && (event.type === 'guard.armed' || event.type === 'guard.disarmed'))
      this.#print([style.dim(`      ${guardText(event)}`)])
    if (verbosity > 1 && (event.type === 'host.connected' || event.type === 'handler.notified')) {
      this.#print([style.dim(`      ${describe(event)}`)])
    }
  }

  #clear(): void {
    if (this.#hasStatus) this.#out.write('\r\u001b[2K')
    this.#hasStatus = false
  }

  #print(lines: readonly string[]): void {
    this.#clear()
    if (lines.length > 0) this.#out.write(`${lines.join('\n')}\n`)
  }

  #show(text: string): void {
    if (!this.#options.live) return
    this.#clear()
    this.#hasStatus = true
    this.#out.write(this.#options.style.dim(text))
  }
}

function warningText(event: Extract<RunEvent, { type: 'warning' }>): string {
  const at = event.position ? ` (${event.position.file}:${event.position.line})` : ''
  return `warning: ${event.host ? `${event.host}: ` : ''}${safeText(event.message)}${at}`
}

function orphanText({ host, role, task, resource, left }: Extract<RunEvent, { type: 'orphan' }>): string {
  const from = [...(role === null ? [] : [`role ${role}`]), `“${safeText(task)}”`].join(', ')
  const stays = left === null ? '' : `; it stays: ${left}`
  return `no longer declared: ${host}: ${safeText(resource)} (${from})${stays}`
}

/** On a terminal only what matters stays on screen; -v, plain output and commands that are run for what they print tell everything. */
function isQuiet(status: string, options: TextOptions): boolean {
  return (
    options.live &&
    options.verbosity === 0 &&
    !options.showOutput &&
    (status === 'ok' || status === 'skipped')
  )
}

function firedLines(event: Extract<RunEvent, { type: 'guard.fired' }>): string[] {
  const undone = event.undone.map(line => `      ${safeText(line)}`)
  return [`  undone      ${event.host}: ${safeText(event.reason)}`, ...undone]
}

function guardText(event: Extract<RunEvent, { type: 'guard.armed' | 'guard.disarmed' }>): string {
  if (event.type === 'guard.armed')
    return `${event.host}: guarded for ${event.withinS} s (${event.areas.join(', ')})`
  return `${event.host}: one can log in${event.held ? '; guarded until the handlers ran' : ''}`
}

function describe(event: Extract<RunEvent, { type: 'host.connected' | 'handler.notified' }>): string {
  return event.type === 'host.connected'
    ? `connected to ${event.host} in ${Math.round(event.elapsedMs)} ms`
    : `${event.by} notified ${event.handler} on ${event.host}`
}
