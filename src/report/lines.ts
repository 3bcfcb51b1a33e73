/** Events as lines for people; the same text for terminals and for plain output, apart from colour. */
import type { ChangeReport, HostStats, RunEvent, TaskReport } from '../base/event.ts'
import { type Dict, isDict, type Value } from '../base/value.ts'
import { safeText } from './safe-text.ts'
import type { Style } from './style.ts'

export interface LineOptions {
  readonly verbosity: number
  readonly diff: boolean
  readonly check: boolean
  /** What commands print is the point: show it. */
  readonly showOutput: boolean
}

export function playLines(event: Extract<RunEvent, { type: 'play.started' }>, style: Style): string[] {
  const hosts =
    event.hosts.length === 0
      ? 'no hosts'
      : event.hosts.length <= 6
        ? event.hosts.join(', ')
        : `${event.hosts.length} hosts`
  return ['', style.bold(`PLAY ${safeText(event.name)}`) + style.dim(`  ${hosts}`)]
}

export function taskTitle(task: {
  readonly name: string
  readonly role: string | null
  readonly handler: boolean
}): string {
  const name = task.role ? `${task.role} : ${task.name}` : task.name
  return safeText(task.handler ? `handler ${name}` : name)
}

const WORD: Record<TaskReport['status'], string> = {
  ok: 'ok',
  changed: 'changed',
  skipped: 'skipped',
  failed: 'FAILED',
  ignored: 'ignored',
  unreachable: 'UNREACHABLE',
  late: 'known after apply',
}

/** One line for the result, and below it what changed or why it failed. */
export function resultLines(report: TaskReport, style: Style, options: LineOptions): string[] {
  const would = options.check && report.status === 'changed' ? 'would change' : WORD[report.status]
  const item = report.item === null ? '' : ` (${safeText(oneLine(report.item, 100))})`
  const width = options.check ? 12 : 11
  const head = `  ${style.status(report.status, would.padEnd(width))} ${report.host}${report.delegatedTo ? ` → ${report.delegatedTo}` : ''}${item}`
  return [head + detail(report, style), ...below(report, style, options).map(line => `      ${line}`)]
}

function detail(report: TaskReport, style: Style): string {
  if (report.status === 'changed' && report.changes.length === 1)
    return style.dim(`  ${changeText(report.changes[0] as ChangeReport)}`)
  if (report.status === 'skipped' && report.reason)
    return style.dim(`  ${safeText(oneLine(report.reason, 120))}`)
  if (report.status === 'late' && report.reason)
    return style.dim(`  ${safeText(oneLine(report.reason.replace(/^known after apply: /, ''), 120))}`)
  return ''
}

/** Parts are joined by flat(): a host may print more lines than a call takes arguments. */
function below(report: TaskReport, style: Style, options: LineOptions): string[] {
  const { changes, status, module } = report
  const isBad = status === 'failed' || status === 'unreachable' || status === 'ignored'
  return [
    changes.length > 1 ? changes.map(change => style.dim(changeText(change))) : [],
    options.diff ? changes.flatMap(change => diffLines(change, style)) : [],
    module === 'debug' && status === 'ok' ? shown(report.result.msg ?? report.result) : [],
    isBad ? failureLines(report, style) : [],
    options.showOutput && status !== 'failed' ? outputLines(report) : [],
    options.verbosity > 0 && module !== 'debug' ? shown(withoutLines(report.result)).map(style.dim) : [],
  ].flat()
}

export function changeText({ what, subject, from, to }: ChangeReport): string {
  const show = (value: Value) =>
    value === null ? '' : oneLine(typeof value === 'string' ? value : JSON.stringify(value), 60)
  const values =
    from === null && to === null
      ? ''
      : from === null
        ? ` → ${show(to)}`
        : to === null
          ? ` ${show(from)} → gone`
          : ` ${show(from)} → ${show(to)}`
  return safeText(`${subject}: ${what}${values}`)
}

function outputLines(report: TaskReport): string[] {
  return ['stdout', 'stderr'].flatMap(name => {
    const text = report.result[name]
    return typeof text === 'string' && text !== '' ? safeText(text).replace(/\n$/, '').split('\n') : []
  })
}

function diffLines({ diff }: ChangeReport, style: Style): string[] {
  if (!diff) return []
  return safeText(diff)
    .replace(/\n$/, '')
    .split('\n')
    .map(line =>
      line.startsWith('+') ? style.added(line) : line.startsWith('-') ? style.removed(line) : line,
    )
}

function failureLines(report: TaskReport, style: Style): string[] {
  const lines = safeText(withCode(report.reason ?? 'failed', report.result.rc))
    .split('\n')
    .map(line => style.status(report.status, line))
  const place = `${report.position.file}:${report.position.line}:${report.position.column}`
  const streams = ['stdout', 'stderr'].flatMap(name => {
    const text = report.result[name]
    if (typeof text !== 'string' || text.trim() === '' || isPartOf(report.reason, text)) return []
    return [`${name}:`, ...lastLines(safeText(text), 30).map(line => `  ${line}`)]
  })
  return [...lines, style.dim(`at ${place}`), ...streams]
}

/** Ansible's words for a command that failed leave out how it ended. */
function withCode(reason: string, code: Value | undefined): string {
  return reason === 'non-zero return code' && typeof code === 'number' ? `${reason} ${code}` : reason
}

/** Whole lines of the reason are not told twice; a word that happens to stand in it is. */
function isPartOf(reason: string | null, text: string): boolean {
  return `\n${reason ?? ''}\n`.includes(`\n${text.trim()}\n`)
}

function lastLines(text: string, count: number): string[] {
  const lines = text.replace(/\n$/, '').split('\n')
  return lines.length <= count ? lines : [`… ${lines.length - count} lines before`, ...lines.slice(-count)]
}

function shown(value: Value): string[] {
  const text = typeof value === 'string' ? value : JSON.stringify(value, jsonValue, 2)
  return safeText(text ?? '').split('\n')
}

function withoutLines(result: Value): Value {
  if (!isDict(result)) return result
  return Object.fromEntries(Object.entries(result).filter(([key]) => !key.endsWith('_lines')))
}

/** Maps and big integers as JSON knows them. */
export function jsonValue(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, one]) => [String(key), one]))
  return value
}

export function oneLine(text: string, width: number): string {
  const line = text.replaceAll('\n', '⏎')
  return line.length > width ? `${line.slice(0, width - 1)}…` : line
}

const COLUMNS = ['ok', 'changed', 'unreachable', 'failed', 'skipped', 'rescued', 'ignored'] as const

export function recapLines(event: Extract<RunEvent, { type: 'run.ended' }>, style: Style): string[] {
  const names = Object.keys(event.stats)
  const width = Math.max(4, ...names.map(name => name.length))
  const rows = names.map(name => {
    const stats = event.stats[name] as HostStats
    const cells = COLUMNS.map(column => cell(column, stats[column], style))
    if (stats.late > 0) cells.push(style.status('late', `known-after-apply=${stats.late}`))
    return [name.padEnd(width), ...cells].join('  ')
  })
  const nobody = names.length === 0 && !event.interrupted ? ['no host took part: nothing was done'] : []
  const interrupted = event.interrupted ? ['interrupted before the end; --limit @retry names its hosts'] : []
  const notes = [...nobody, ...interrupted].map(style.warning)
  const told = [...Object.entries({ run: event.customStats.run }), ...Object.entries(event.customStats.hosts)]
    .filter(([, figures]) => Object.keys(figures).length > 0)
    .map(([who, figures]) => `${who.padEnd(width)}  ${figuresText(figures)}`)
  const custom = told.length === 0 ? [] : ['', style.bold('CUSTOM STATS'), ...told]
  return ['', style.bold('RECAP'), ...rows, ...notes, ...custom, style.dim(trafficText(event))]
}

function cell(column: (typeof COLUMNS)[number], count: number, style: Style): string {
  const width = column === COLUMNS.at(-1) ? 0 : column.length + 4
  const text = `${column}=${count}`.padEnd(width)
  if (count === 0) return style.dim(text)
  if (column === 'rescued') return style.status('ignored', text)
  return style.status(column, text)
}

function figuresText(figures: Dict): string {
  const shownValue = (value: Value) =>
    typeof value === 'string' ? value : (JSON.stringify(value, jsonValue) ?? '')
  return Object.entries(figures)
    .map(([name, value]) => `${name}=${oneLine(safeText(shownValue(value)), 200)}`)
    .join('  ')
}

function trafficText(event: Extract<RunEvent, { type: 'run.ended' }>): string {
  const kib = (bytes: number) => `${(bytes / 1024).toFixed(1)} KiB`
  const seconds = (event.elapsedMs / 1000).toFixed(2)
  return `${seconds} s, ${counted(event.requests, 'request')} in ${counted(event.roundTrips, 'round trip')}, ${kib(event.bytesSent)} sent, ${kib(event.bytesReceived)} received`
}

function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`
}
