/** From a host's name to sessions on it: connection variables, identity, reconnects. One connection a host and run. */
import { VpaiError } from '../base/error.ts'
import type { Value } from '../base/value.ts'
import type { Output } from '../modules/contract.ts'
import type { Actor } from './door.ts'
import type { HostState } from './host-state.ts'
import type { Host, Identity } from './ports.ts'
import { flag, type Setting } from './prepare.ts'
import { Snapshot } from './snapshot.ts'
import { scopeOf } from './variables.ts'
import type { Reached, World } from './world.ts'

export class Connections {
  readonly #world: World
  readonly #reached = new Map<string, Promise<Reached>>()

  constructor(world: World) {
    this.#world = world
  }

  /** Dials on first use; later calls share the connection. */
  async reach(host: HostState, setting: Setting): Promise<Reached> {
    let dialling = this.#reached.get(host.name)
    if (!dialling) {
      dialling = this.#dial(host, setting)
      this.#reached.set(host.name, dialling)
      dialling.catch(() => this.#reached.delete(host.name))
    }
    return dialling
  }

  async #dial(host: HostState, setting: Setting): Promise<Reached> {
    const started = this.#world.clock.now()
    const { nearest } = setting.place.frame
    const variables = (name: string) => connectionVariable(this.#world, host, setting, name)
    const reached = await this.#world.connect({
      name: host.name,
      variables,
      connection: String(renderedOr(setting, nearest.connection) ?? variables('ansible_connection') ?? 'ssh'),
      remoteUser: textOrNull(renderedOr(setting, nearest.remoteUser)),
      port: nearest.port === undefined ? null : Number(renderedOr(setting, nearest.port)),
    })
    host.loginUser = reached.user
    host.snapshot ??= new Snapshot({
      session: async identity => (await this.reach(host, setting)).host.session(identity),
      token: () => this.#world.token(24),
    })
    this.#world.emit({
      type: 'host.connected',
      host: host.name,
      elapsedMs: this.#world.clock.now() - started,
    })
    return reached
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

  async drop(host: HostState): Promise<void> {
    const reached = this.#reached.get(host.name)
    this.#reached.delete(host.name)
    host.snapshot?.clear()
    await (await reached?.catch(() => null))?.host.close().catch(() => undefined)
  }

  async closeAll(): Promise<void> {
    const all = [...this.#reached.values()]
    this.#reached.clear()
    await Promise.allSettled(all.map(async one => (await one).host.close()))
  }

  async traffic(): Promise<Host['traffic']> {
    const sum = { requests: 0, bytesSent: 0, bytesReceived: 0 }
    for (const one of await Promise.allSettled(this.#reached.values())) {
      if (one.status !== 'fulfilled') continue
      const { traffic } = one.value.host
      sum.requests += traffic.requests
      sum.bytesSent += traffic.bytesSent
      sum.bytesReceived += traffic.bytesReceived
    }
    return sum
  }
}

/** become, as keyword, variable or command-line flag; null user when the login user is who it asks for. */
export function identityOf(setting: Setting, target: HostState): Identity {
  const { nearest } = setting.place.frame
  const { become } = setting.place.world.options
  const variable = (name: string) => connectionVariable(setting.place.world, target, setting, name)
  const wanted = flag(setting, nearest.become ?? variable('ansible_become'), become.on)
  const method = String(
    renderedOr(setting, nearest.becomeMethod) ?? variable('ansible_become_method') ?? become.method ?? 'sudo',
  )
  if (method !== 'sudo' && method !== 'su' && method !== 'doas') {
    throw new VpaiError('BECOME_METHOD', `become_method ${method} is not one of sudo, su, doas`, {
      position: setting.task.position,
    })
  }
  if (!wanted) return { user: null, method }
  const user = String(
    renderedOr(setting, nearest.becomeUser) ?? variable('ansible_become_user') ?? become.user ?? 'root',
  )
  return { user: user === target.loginUser ? null : user, method }
}

/** A delegate's connection variables are its own; the task's host has the play's and the task's as well. */
function connectionVariable(
  world: World,
  host: HostState,
  setting: Setting,
  name: string,
): Value | undefined {
  const { place } = setting
  const scope = host === place.host ? scopeOf(place, setting.locals) : world.inventory.variables(host.name)
  const raw = scope.get(name)
  return raw === undefined ? undefined : setting.templar.value(raw)
}

function renderedOr(setting: Setting, value: Value | undefined): Value | undefined {
  return value === undefined ? undefined : setting.templar.value(value)
}

function textOrNull(value: Value | undefined): string | null {
  return value === undefined || value === null ? null : String(value)
}
