/** Watches a run in check mode, and keeps what a plan holds of its hosts. */
import type { HostStats, RunEvent, TaskReport } from '../base/event.ts'
import type { SecretRegistry } from '../base/secret-registry.ts'
import { isDict } from '../base/value.ts'
import type { Doer, Intent, Looked, Witness } from '../engine/world.ts'
import type { Key } from '../probes/contract.ts'
import { keyId } from '../probes/index.ts'
import { keySchema } from '../probes/key-schema.ts'
import { intentDigests, taskIdOf } from './deeds.ts'
import type { PlannedHost, PlannedLook, PlannedTask } from './format.ts'
import { looksOf } from './looks.ts'
import type { PlanKey } from './plan-key.ts'

export interface RecordPorts {
  readonly key: PlanKey
  readonly secrets: Pick<SecretRegistry, 'mask' | 'taints'>
  /** The name of a file, the same on every machine. */
  readonly place: (file: string) => string
  /**
   * The hosts of a plan that this one is compared with. What stands in it counts as looked at when the host tells it,
   * also where no task looks at it any more, since something before it moved.
   */
  readonly was?: readonly PlannedHost[]
}

interface Noted {
  readonly tasks: PlannedTask[]
  /** The first look counts: in check mode nothing changes. */
  readonly seen: Map<string, PlannedLook>
  /** What no task looked at. */
  readonly told: Map<string, PlannedLook>
}

export class PlanRecord implements Witness {
  readonly #ports: RecordPorts
  readonly #hosts = new Map<string, Noted>()
  /** By host and task, until the task is reported. */
  readonly #open = new Map<string, Set<string>>()
  /** By host: ids of looks. */
  readonly #expected = new Map<string, ReadonlySet<string>>()
  /** By host, in the words of the run. */
  readonly #failures = new Map<string, string>()

  constructor(ports: RecordPorts) {
    this.#ports = ports
  }

  looked(host: string, identity: string, look: Looked): void {
    const { seen } = this.#host(host)
    for (const one of this.#looks(identity, look)) if (!seen.has(one.id)) seen.set(one.id, one)
  }

  answered(host: string, identity: string, look: Looked): void {
    const expected = this.#expected.get(host) ?? this.#expect(host)
    if (expected.size === 0) return
    const { told } = this.#host(host)
    for (const one of this.#looks(identity, look))
      if (expected.has(one.id) && !told.has(one.id)) told.set(one.id, one)
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
    const { key, secrets } = this.#ports
    return [...this.#hosts].map(([name, { tasks, seen, told }]) => ({
      id: key.digest('host', name),
      name: secrets.mask(name),
      tasks,
      seen: [...new Map([...told, ...seen]).values()],
    }))
  }

  /** A line for each host that has no plan. */
  failures(stats: Readonly<Record<string, HostStats>>): readonly string[] {
    return Object.entries(stats)
      .filter(([, { failed, unreachable }]) => failed > 0 || unreachable > 0)
      .map(([host]) => `${host}: ${this.#failures.get(host) ?? 'did not come to the end'}`)
  }

  #looks(identity: string, { key, answer }: Looked): PlannedLook[] {
    const { key: by, secrets } = this.#ports
    const asked = this.#asked(identity, key)
    return looksOf(key, answer).map(({ part, name, shows, counts }) => ({
      id: by.digest('look', identity, keyId(key), part),
      name: shortened(secrets.mask(name)),
      shows: shows === null ? null : secrets.mask(shows),
      digest: by.digest('seen', counts),
      ...asked,
    }))
  }

  #expect(host: string): ReadonlySet<string> {
    const { key, was = [] } = this.#ports
    const id = key.digest('host', host)
    const expected = new Set(was.find(one => one.id === id)?.seen.map(look => look.id))
    this.#expected.set(host, expected)
    return expected
  }

  /** Of what says all by itself, and holds no secret. */
  #asked(as: string, key: Key): Pick<PlannedLook, 'asked'> {
    const known = keySchema.safeParse(key)
    if (!known.success || this.#ports.secrets.taints(`${as}\0${keyId(key)}`)) return {}
    return { asked: { as, key: known.data } }
  }

  #report(report: TaskReport): void {
    const open = `${report.host}\n${report.taskId}`
    const may = [...(this.#open.get(open) ?? [])].sort()
    this.#open.delete(open)
    const { status, host, reason } = report
    if (status === 'failed' || status === 'unreachable')
      this.#failures.set(host, `${report.name}: ${reason ?? status}`)
    if (may.length > 0 || status === 'changed' || status === 'late')
      this.#host(host).tasks.push(this.#planned(report, may))
  }

  #planned(report: TaskReport, may: string[]): PlannedTask {
    const { name, module, role, handler, delegatedTo, status, changes, reason, position } = report
    const { key, place, secrets } = this.#ports
    return {
      id: taskIdOf(key, place(report.taskId)),
      name,
      module,
      role,
      handler,
      delegatedTo,
      position: { ...position, file: secrets.mask(place(position.file)) },
      status,
      changes: changes.map(one => ({ ...one, from: plain(one.from), to: plain(one.to) })),
      reason: status === 'late' ? reason : null,
      may,
    }
  }

  #host(name: string): Noted {
    const noted = this.#hosts.get(name) ?? { tasks: [], seen: new Map(), told: new Map() }
    this.#hosts.set(name, noted)
    return noted
  }
}

/** Of a script, its beginning. */
function shortened(name: string): string {
  const [line = ''] = name.split('\n')
  return line.length > 120 || line !== name ? `${line.slice(0, 120)}…` : name
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
