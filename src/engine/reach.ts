/** From a host's name to sessions on it: connection variables, identity, reconnects. One connection a host and run. */
import { VpaiError } from '../base/error.ts'
import type { Value } from '../base/value.ts'
import type { Output } from '../modules/contract.ts'
import type { Actor } from './door.ts'
import { HostRecord } from './host-record.ts'
import type { HostState } from './host-state.ts'
import type { Host, Identity } from './ports.ts'
import { flag, type Setting, settingOf } from './prepare.ts'
import { Recall } from './recall.ts'
import { Snapshot, type SnapshotPorts } from './snapshot.ts'
import { valueKey } from './value-key.ts'
import { saidScope } from './variables.ts'
import type { ConnectTarget, Reached, World } from './world.ts'

/** A way to a host, and what was seen of the host on it. */
export interface Link extends Reached {
  readonly snapshot: Snapshot
  /** null: hosts keep nothing of this run. */
  readonly record: HostRecord | null
}

/** Where and as whom a host is reached, as a task found it. */
interface Endpoint {
  readonly target: ConnectTarget
  readonly key: string
  readonly setting: Setting
}

export class Connections {
  readonly #world: World
  /** By host, and then by where and as whom it is reached. */
  readonly #links = new Map<string, Map<string, Promise<Link>>>()

  readonly #recalls = new Map<string, Recall>()

  constructor(world: World) {
    this.#world = world
  }

  /** Dials on first use; later calls that mean the same place and user share the connection. */
  async reach(host: HostState, setting: Setting): Promise<Link> {
    const target = targetOf(host, setting)
    const link = await this.#link(host, { target, key: endpointOf(target), setting })
    host.loginUser = link.user
    host.isRemote = link.isRemote === true
    return link
  }

  #link(host: HostState, to: Endpoint): Promise<Link> {
    const { key } = to
    const links = this.#links.get(host.name) ?? new Map<string, Promise<Link>>()
    this.#links.set(host.name, links)
    let dialling = links.get(key)
    if (!dialling) {
      const begun = this.#dial(host, to)
      links.set(key, begun)
      begun.catch(() => links.get(key) === begun && links.delete(key))
      dialling = begun
    }
    return dialling
  }

  #recordOf(host: HostState, to: Endpoint, reached: Reached): HostRecord | null {
    const { record: options } = this.#world
    if (options === undefined) return null
    return new HostRecord(this.#world, options, {
      name: host.name,
      loginUser: reached.user,
      folder: recordPlace(to.target, reached.isRemote ? undefined : options.ownFolder),
      session: async identity => {
        const link = await this.#link(host, to)
        // A host that was set up meanwhile is no longer logged in to as root, but the record is still root's.
        const user = identity.user ?? reached.user
        return link.host.session(user === link.user ? { ...identity, user: null } : { ...identity, user })
      },
    })
  }

  async #dial(host: HostState, to: Endpoint): Promise<Link> {
    const started = this.#world.clock.now()
    const reached = await this.#world.connect(to.target)
    const session = async (identity: Identity) => (await this.reach(host, to.setting)).host.session(identity)
    // Whoever is reached first keeps the record, whoever else logs in to the host later.
    const isFirst = host.record === null
    host.record ??= this.#recordOf(host, to, reached)
    const known = host.snapshots.get(to.key)
    const snapshot =
      known ??
      new Snapshot({
        session,
        clear: () => host.forget(),
        token: () => this.#world.token(24),
        recall: this.#recall(host.name),
        ...this.#watching(host.name),
        ...(isFirst && host.record !== null ? { lease: host.record.lease } : {}),
      })
    host.snapshots.set(to.key, snapshot)
    this.#world.emit({
      type: 'host.connected',
      host: host.name,
      elapsedMs: this.#world.clock.now() - started,
    })
    return { ...reached, snapshot, record: host.record }
  }

  #watching(host: string): Pick<SnapshotPorts, 'looked' | 'answered'> {
    const { witness } = this.#world
    if (witness === undefined) return {}
    return {
      looked: (id, key, answer) => witness.looked(host, id, { key, answer }),
      answered: (id, key, answer) => witness.answered(host, id, { key, answer }),
    }
  }

  /** Closes and forgets the connection, waits, and dials until the host answers or the time is up. */
  async redial(
    host: HostState,
    setting: Setting,
    action: Parameters<Actor['reconnect']>[0],
  ): Promise<Output> {
    const started = this.#world.clock.now()
    await this.drop(host)
    if (action.delayS > 0) await this.#world.clock.sleep(action.delayS * 1000, this.#world.signal)
    for (;;) {
      try {
        const { host: reached } = await this.reach(host, setting)
        await reached.session({ user: null, method: 'sudo' })
        const elapsed = (this.#world.clock.now() - started) / 1000
        return { code: 0, stdout: '', stderr: '', timedOut: false, elapsed, bytes: new Uint8Array() }
      } catch (error) {
        await this.drop(host)
        const waitedS = (this.#world.clock.now() - started) / 1000
        if (waitedS > action.timeoutS) {
          throw new VpaiError(
            'RECONNECT_TIMEOUT',
            `${host.name} did not answer within ${action.timeoutS} s`,
            { cause: error },
          )
        }
        await this.#world.clock.sleep(Math.max(0.2, action.sleepS) * 1000, this.#world.signal)
      }
    }
  }

  /** A connection of its own, a session and a request; all of it closed again. `via`: at another address. */
  async loginAnew(
    host: HostState,
    setting: Setting,
    { identity, via }: { identity: Identity; via: string | null },
  ): Promise<void> {
    const target = targetOf(host, setting)
    const reached = await this.#world.connect(via === null ? target : atAddress(target, via))
    try {
      const session = await reached.host.session(identity)
      await session.request({ script: 'exit 0' })
    } finally {
      await reached.host.close()
    }
  }

  async drop(host: HostState): Promise<void> {
    const links = [...(this.#links.get(host.name)?.values() ?? [])]
    this.#links.delete(host.name)
    host.forget()
    await Promise.allSettled(links.map(async one => (await one).host.close()))
  }

  #recall(host: string): Recall {
    const recall = this.#recalls.get(host) ?? new Recall(this.#world, host)
    this.#recalls.set(host, recall)
    return recall
  }

  /** A run like this one came to its end there. */
  isRepeat({ name }: HostState): boolean {
    return this.#recall(name).isRepeat
  }

  /** Of hosts on which the run came to its end: what they were looked at for is a guess for the next. */
  keepKeys(hosts: Iterable<HostState>): void {
    for (const { name } of hosts) this.#recalls.get(name)?.keep()
  }

  async closeAll(): Promise<void> {
    const all = this.#all()
    this.#links.clear()
    await Promise.allSettled(all.map(async one => (await one).host.close()))
  }

  #all(): Promise<Link>[] {
    return [...this.#links.values()].flatMap(links => [...links.values()])
  }

  async traffic(): Promise<Host['traffic']> {
    const sum = { requests: 0, roundTrips: 0, bytesSent: 0, bytesReceived: 0 }
    for (const one of await Promise.allSettled(this.#all())) {
      if (one.status !== 'fulfilled') continue
      const { traffic } = one.value.host
      sum.requests += traffic.requests
      sum.roundTrips += traffic.roundTrips
      sum.bytesSent += traffic.bytesSent
      sum.bytesReceived += traffic.bytesReceived
    }
    return sum
  }
}

/** Where Ansible has its ways to become somebody and to connect. */
const FULL_NAME = /^(?:ansible\.builtin|community\.general)\./

/** become, as keyword, variable or command-line flag; null user when the login user is who it asks for. */
export function identityOf(setting: Setting, target: HostState): Identity {
  const { nearest } = setting.place.frame
  const { become } = setting.place.world.options
  const variable = connectionVariables(target, setting)
  // As in Ansible, variables are stronger than keywords.
  const wanted = flag(setting, variable('ansible_become') ?? nearest.become, become.on)
  const written = String(
    variable('ansible_become_method') ?? renderedOr(setting, nearest.becomeMethod) ?? become.method ?? 'sudo',
  )
  const method = written.replace(FULL_NAME, '')
  if (method !== 'sudo' && method !== 'su' && method !== 'doas') {
    throw new VpaiError('BECOME_METHOD', `become_method ${written} is not one of sudo, su, doas`, {
      position: setting.task.position,
    })
  }
  if (!wanted) return { user: null, method }
  const user = String(
    variable('ansible_become_user') ?? renderedOr(setting, nearest.becomeUser) ?? become.user ?? 'root',
  )
  if (user === target.loginUser) return { user: null, method }
  const word = (name: 'exe' | 'flags', written: Value | undefined) => {
    const said = variable(`ansible_become_${name}`) ?? variable(`ansible_${method}_${name}`)
    const value = said ?? renderedOr(setting, written)
    return value === undefined || value === null ? {} : { [name]: String(value) }
  }
  return { user, method, ...word('exe', nearest.becomeExe), ...word('flags', nearest.becomeFlags) }
}

function targetOf(host: HostState, setting: Setting): ConnectTarget {
  const { nearest } = setting.place.frame
  const variables = connectionVariables(host, setting)
  const connection = textOrNull(variables('ansible_connection') ?? renderedOr(setting, nearest.connection))
  return {
    name: host.name,
    variables,
    connection: connection?.replace(FULL_NAME, '') ?? null,
    remoteUser: textOrNull(renderedOr(setting, nearest.remoteUser)),
    port: nearest.port === undefined ? null : Number(renderedOr(setting, nearest.port)),
  }
}

/** `host`, `host:port`, `:port`, `[ipv6]:port` or an address of IPv6. */
function atAddress(target: ConnectTarget, via: string): ConnectTarget {
  const parts = /^(?:\[(?<six>[^\]]+)\]|(?<name>[^:]*))(?::(?<port>\d+))?$/.exec(via)?.groups
  const address = parts === undefined ? via : parts.six || parts.name
  const port = parts?.port
  const variables: ConnectTarget['variables'] = name => {
    if (address && (name === 'ansible_host' || name === 'ansible_ssh_host')) return address
    if (port && (name === 'ansible_port' || name === 'ansible_ssh_port')) return Number(port)
    return target.variables(name)
  }
  return { ...target, variables }
}

function endpointOf({ connection, remoteUser, port, variables }: ConnectTarget): string {
  const named = ['ansible_host', 'ansible_port', 'ansible_user'].map(name => variables(name))
  return valueKey([connection, remoteUser, port, ...named.map(value => value ?? null)])
}

/** Variables of the host that is connected to, rendered as that host sees them; also for a delegate. */
function connectionVariables(
  host: HostState,
  { place, task, locals, templar, ahead }: Setting,
): (name: string) => Value | undefined {
  const own = host === place.host
  const there = { ...place, host }
  const scope = saidScope(there, locals, ahead)
  const renderer = own ? templar : settingOf(there, task, { locals, ahead }).templar
  return name => {
    const raw = scope.get(name)
    return raw === undefined ? undefined : renderer.value(raw)
  }
}

function renderedOr(setting: Setting, value: Value | undefined): Value | undefined {
  return value === undefined ? undefined : setting.templar.value(value)
}

/** Another folder for records than the one all hosts have. */
function recordPlace({ variables }: ConnectTarget, own: string | undefined): string | undefined {
  return textOrNull(variables('vpai_host_state')) ?? own
}

function textOrNull(value: Value | undefined): string | null {
  return value === undefined || value === null ? null : String(value)
}
