/**
 * The lock-out guard of one host, as the engine holds it: armed in front of a risky change, in the same chain of
 * requests; proven by a new login; held while handlers are pending; then disarmed. See docs/decisions/0009.
 */
import { VpaiError } from '../base/error.ts'
import type { GuardKeyword } from '../config/guard-keyword.ts'
import { armScript, disarmScript, fireScript, holdScript, readStatus } from '../guard/requests.ts'
import type { Reply, Session } from './ports.ts'
import type { World } from './world.ts'

/** How its host is reached. */
export interface WayIn {
  readonly hostName: string
  readonly login: string
  /** As root, on the connection that is there. */
  readonly session: () => Promise<Session>
  /** A connection and session of its own, closed again; null: the way that is used anyway. */
  readonly loginAnew: (via: string | null) => Promise<void>
  /** Forgets the connection, so that `session` makes a new one. */
  readonly drop: () => Promise<void>
}

export interface GuardPlan {
  readonly areas: readonly string[]
  readonly things: readonly string[]
  readonly must: readonly string[]
  readonly keyword: GuardKeyword
}

/** Exit codes of the guard's program. */
const TAKEN = 73
const REFUSED = 74
const FIRED = 75

export type Said = 'fine' | 'fired' | { readonly refused: string }

export class LockOut {
  readonly id: string
  readonly way: WayIn
  /** Nothing was changed since the last login. */
  isProven = true
  #via = new Set<string | null>()
  #withinS = 0
  #owner = 0
  /** The host never made it: nothing has to be proven or undone. */
  isRefused = false
  #isArmed = false
  readonly #world: World

  constructor(world: World, way: WayIn) {
    this.#world = world
    this.way = way
    this.id = world.token(12)
  }

  get withinS(): number {
    return this.#withinS
  }

  /** What has to let us in. */
  get ways(): readonly (string | null)[] {
    return [...this.#via]
  }

  /** Sends the request that arms it; what is sent in the same chain behind it is done only when it is armed. */
  arm(session: Session, plan: GuardPlan, chain: string): Promise<void> {
    const { keyword } = plan
    this.isProven = false
    this.#withinS = Math.max(this.#withinS, keyword.withinS)
    this.#owner = session.hello.pid
    for (const via of keyword.via.length > 0 ? keyword.via : [null]) this.#via.add(via)
    const script = armScript({
      id: this.id,
      windowS: this.#withinS,
      owner: this.#owner,
      login: this.way.login,
      things: [...plan.must.map(check => `must:${check}`), ...plan.things],
      hasUndo: keyword.undo !== null,
    })
    const stdin = keyword.undo === null ? undefined : `${keyword.undo}\n`
    const armed = session.request({ script, stdin, chain }).then(reply => this.#armed(reply, plan))
    // Whoever sent it waits for it in his turn.
    armed.catch(() => undefined)
    return armed
  }

  #armed(reply: Reply, { areas }: GuardPlan): void {
    const host = this.way.hostName
    if (reply.kind === 'skipped') {
      this.isRefused = !this.#isArmed
      throw new VpaiError('GUARD_NOT_ARMED', `${host}: the lock-out guard was not armed`)
    }
    const [stdout, stderr] = [reply.stdout.toString(), reply.stderr.toString().trim()]
    this.isRefused = reply.code !== 0 && !this.#isArmed
    if (reply.code === TAKEN) throw taken(host, stderr)
    if (reply.code === REFUSED)
      throw new VpaiError('GUARD_PRE_FLIGHT', `not done on ${host}, because it would lock us out: ${stderr}`)
    if (reply.code === FIRED)
      throw new VpaiError('GUARD_NOT_ARMED', `${host}: the guard has fired already; nothing was changed`)
    if (reply.code !== 0) {
      throw new VpaiError(
        'GUARD_NOT_ARMED',
        `${host}: the lock-out guard could not be armed, so nothing was changed: ${stderr}`,
        { hint: 'It needs room in /var/lib/vpai and POSIX tools. `guard: false` goes on without one.' },
      )
    }
    if (this.#isArmed) return
    this.#isArmed = true
    const boot = stdout.trim().split('\n').at(-1) ?? 'nothing'
    this.#world.emit({ type: 'guard.armed', host, guard: this.id, areas, withinS: this.#withinS, boot })
  }

  /** After a login was proven. */
  async hold(): Promise<Said> {
    const session = await this.way.session()
    this.#owner = session.hello.pid
    return said(await session.request({ script: holdScript(this.id, this.#owner) }))
  }

  /** Our session is another one than it knows: after a reboot, or a connection that was made anew. */
  async keepUp(): Promise<void> {
    const session = await this.way.session()
    if (session.hello.pid !== this.#owner) await this.hold()
  }

  async disarm(): Promise<Said> {
    const session = await this.way.session()
    return said(await session.request({ script: disarmScript(this.id) }))
  }

  /** What was put back; null: somebody else is at it. */
  async fire(why: string): Promise<readonly string[] | null> {
    const session = await this.way.session()
    const reply = await session.request({ script: fireScript(this.id, why) })
    const [found] = reply.kind === 'done' ? readStatus(reply.stdout.toString()) : []
    return found?.is === 'fired' ? found.report.slice(1) : null
  }

  told(held: boolean): void {
    this.#world.emit({ type: 'guard.disarmed', host: this.way.hostName, guard: this.id, held })
  }
}

function said(reply: Reply): Said {
  if (reply.kind === 'done' && reply.code === 0) return 'fine'
  if (reply.kind === 'done' && reply.code === REFUSED) return { refused: reply.stderr.toString().trim() }
  return 'fired'
}

function taken(host: string, status: string): VpaiError {
  const [found] = readStatus(status)
  const who = found?.is === 'owned' ? ` Its session is the process ${found.owner} there.` : ''
  return new VpaiError('GUARD_TAKEN', `${host}: another run has a lock-out guard armed there.${who}`, {
    hint: 'Wait for the end of that run. Where it hangs, end its process on the host; the guard then undoes its change.',
  })
}
