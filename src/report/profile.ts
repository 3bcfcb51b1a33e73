/** Where the time of a run went: collected from its events, as data and as tables. */
import type { Spent, TimedEvent } from '../base/event.ts'
import type { Style } from './style.ts'

/** A task, role or host with its milliseconds, over all that were added up. */
export interface ProfileRow {
  readonly name: string
  /** file:line of a task. */
  readonly at: string | null
  /** Waiting for other hosts as well: a task begins when all have ended the one before. */
  readonly spent: Spent
  readonly total: number
}

export interface Profile {
  /** Until the first host was turned to: reading and checking the project. */
  readonly loadMs: number
  /** All three dearest first. */
  readonly hosts: readonly ProfileRow[]
  readonly roles: readonly ProfileRow[]
  readonly tasks: readonly ProfileRow[]
}

const KINDS = ['connect', 'probe', 'decide', 'upload', 'act', 'wait'] as const
const NOTHING: Spent = { connect: 0, probe: 0, decide: 0, upload: 0, act: 0, wait: 0 }

type Result = TimedEvent & { readonly type: 'task.result' }

export class Profiler {
  readonly #loadMs: number
  readonly #hosts = new Map<string, ProfileRow>()
  readonly #roles = new Map<string, ProfileRow>()
  readonly #tasks = new Map<string, ProfileRow>()
  /** When each host ended its last task of this play. */
  readonly #ended = new Map<string, number>()

  constructor(loadMs: number) {
    this.#loadMs = loadMs
  }

  on(event: TimedEvent): void {
    if (event.type === 'play.started') this.#ended.clear()
    if (event.type === 'task.result') this.#add(event)
  }

  read(): Profile {
    const sorted = (rows: ReadonlyMap<string, ProfileRow>) =>
      [...rows.values()].sort((one, other) => other.total - one.total)
    return {
      loadMs: this.#loadMs,
      hosts: sorted(this.#hosts),
      roles: sorted(this.#roles),
      tasks: sorted(this.#tasks),
    }
  }

  #add(event: Result): void {
    const { host, role, taskId, name, position, spent, time, elapsedMs } = event
    if (spent === undefined) return
    const idle = Math.max(0, time - elapsedMs - (this.#ended.get(host) ?? time - elapsedMs))
    this.#ended.set(host, time)
    const whole = { ...spent, wait: spent.wait + idle }
    const at = `${position.file}:${position.line}`
    addTo(this.#hosts, host, { name: host, at: null, spent: whole })
    addTo(this.#roles, role ?? '', { name: role ?? '(no role)', at: null, spent: whole })
    addTo(this.#tasks, taskId, { name: role === null ? name : `${role} : ${name}`, at, spent: whole })
  }
}

function addTo(
  rows: Map<string, ProfileRow>,
  id: string,
  { name, at, spent }: Omit<ProfileRow, 'total'>,
): void {
  const before = rows.get(id)?.spent ?? NOTHING
  const sum = { ...NOTHING }
  for (const kind of KINDS) sum[kind] = round(before[kind] + spent[kind])
  rows.set(id, { name, at, spent: sum, total: round(KINDS.reduce((all, kind) => all + sum[kind], 0)) })
}

/** Tenths of a millisecond. */
function round(ms: number): number {
  return Math.round(ms * 10) / 10
}

/** So many of the dearest tasks and hosts are shown. */
const MOST = 15

export function profileLines(profile: Profile, style: Style): string[] {
  const parts = [
    table('Hosts', profile.hosts, style),
    table('Roles', profile.roles, style),
    table('Tasks', profile.tasks, style),
  ]
  const load = `read and checked the project in ${Math.round(profile.loadMs)} ms`
  return ['', style.bold('PROFILE (milliseconds)'), style.dim(load), ...parts.flat()]
}

function table(title: string, rows: readonly ProfileRow[], style: Style): string[] {
  if (rows.length === 0) return []
  const shown = rows.slice(0, MOST)
  const cells = (row: readonly string[]) => row.map(cell => cell.padStart(8)).join('')
  const lines = shown.map(({ name, at, spent, total }) => {
    const numbers = [total, ...KINDS.map(kind => spent[kind])].map(ms => String(Math.round(ms)))
    return `${cells(numbers)}  ${name}${at === null ? '' : style.dim(`  ${at}`)}`
  })
  const more = rows.length > MOST ? [style.dim(`${' '.repeat(58)}and ${rows.length - MOST} more`)] : []
  return ['', `${cells(['total', ...KINDS])}  ${style.bold(title)}`, ...lines, ...more]
}
