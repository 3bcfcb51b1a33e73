/** Watches a run in check mode, and keeps what a plan holds of its hosts. */
import type { RunEvent, TaskReport } from '../base/event.ts'
import { isDict } from '../base/value.ts'
import type { Doer, Intent, Witness } from '../engine/world.ts'
import type { Key } from '../probes/contract.ts'
import { type Answer, keyId } from '../probes/index.ts'
import { intentDigests, taskIdOf } from './deeds.ts'
import type { PlannedHost, PlannedLook, PlannedTask } from './format.ts'
import { looksOf } from './looks.ts'
import type { PlanKey } from './plan-key.ts'

export interface RecordPorts {
  readonly key: PlanKey
  readonly mask: (text: string) => string
  /** The name of a file, the same on every machine. */
  readonly place: (file: string) => string
}

interface Noted {
  readonly tasks: PlannedTask[]
  /** The first look counts: in check mode nothing changes. */
  readonly seen: Map<string, PlannedLook>
}

export class PlanRecord implements Witness {
  readonly #ports: RecordPorts
  readonly #hosts = new Map<string, Noted>()
  /** By host and task, until the task is reported. */
  readonly #open = new Map<string, Set<string>>()
  /** Of hosts without a plan, in the words of the run. */
  readonly #failures: string[] = []

  constructor(ports: RecordPorts) {
    this.#ports = ports
  }

  looked(host: string, identity: string, { key, answer }: { key: Key; answer: Answer }): void {
    const { seen } = this.#host(host)
    const { digest } = this.#ports.key
    for (const { part, name, shows, counts } of looksOf(key, answer)) {
      const id = digest('look', identity, keyId(key), part)
      if (seen.has(id)) continue
      const said = shows === null ? null : this.#ports.mask(shows)
      seen.set(id, { id, name: this.#ports.mask(name), shows: said, digest: digest('seen', counts) })
    }
  }

  intends({ host, taskId }: Doer, intent: Intent): void {
    const id = `${host}\n${taskId}`
    const noted = this.#open.get(id) ?? new Set()
    this.#open.set(id, noted)
    for (const digest of intentDigests(this.#ports.key, intent)) noted.add(digest)
  }

  on(event: RunEvent): void {
    if (event.type === 'play.started') for (const host of event.hosts) this.#host(host)
    if (event.type === 'task.result') this.#report(event)
  }

  hosts(): PlannedHost[] {
    const { key, mask } = this.#ports
    return [...this.#hosts].map(([name, { tasks, seen }]) => ({
      id: key.digest('host', name),
      name: mask(name),
      tasks,
      seen: [...seen.values()],
    }))
  }

  /** `web1: …`, a line each. */
  failures(): readonly string[] {
    return this.#failures
  }

  #report(report: TaskReport): void {
    const open = `${report.host}\n${report.taskId}`
    const may = [...(this.#open.get(open) ?? [])].sort()
    this.#open.delete(open)
    const { status, host, reason } = report
    if (status === 'failed' || status === 'unreachable')
      this.#failures.push(`${host}: ${report.name}: ${reason ?? status}`)
    if (may.length > 0 || status === 'changed' || status === 'late')
      this.#host(host).tasks.push(this.#planned(report, may))
  }

  #planned(report: TaskReport, may: string[]): PlannedTask {
    const { name, module, role, handler, delegatedTo, status, changes, reason, position } = report
    const { key, place, mask } = this.#ports
    return {
      id: taskIdOf(key, place(report.taskId)),
      name,
      module,
      role,
      handler,
      delegatedTo,
      position: { ...position, file: mask(place(position.file)) },
      status,
      changes: changes.map(one => ({ ...one, from: plain(one.from), to: plain(one.to) })),
      reason: status === 'late' ? reason : null,
      may,
    }
  }

  #host(name: string): Noted {
    const noted = this.#hosts.get(name) ?? { tasks: [], seen: new Map() }
    this.#hosts.set(name, noted)
    return noted
  }
}

/** As JSON has it, so that what is written is what is read back. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return String(value)
  if (value instanceof Map)
    return Object.fromEntries([...value].map(([key, one]) => [String(key), plain(one)]))
  if (Array.isArray(value)) return value.map(plain)
  if (isDict(value)) return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)]))
  return value ?? null
}
