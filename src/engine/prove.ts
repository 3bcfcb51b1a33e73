/** After what may have locked us out: a new login, and what follows from it. */
import { VpaiError } from '../base/error.ts'
import { toldScript } from '../guard/requests.ts'
import type { HostState } from './host-state.ts'
import type { LockOut } from './lock-out.ts'
import { type World, warn } from './world.ts'

/** A login is tried for this part of the window; the rest is for undoing. */
const TRYING = 2 / 3
const PAUSE_MS = 500
/**
 * What says no clearly is believed when it says so again: keys and sudo at once (sshd shuts out who fails more often), a
 * port after the time a restart takes.
 */
const REFUSALS = 2
const RESTART_MS = 10_000
/** A failed login too many, and sshd refuses all of them for minutes. */
const LONGEST_PAUSE_MS = 10_000
/** Beyond its window, for a host that is slow to undo. */
const GRACE_MS = 90_000

/** Ends the guard, or has it wait for handlers (`holds`). Throws GUARD_FIRED when one could not log in. */
export async function prove(
  world: World,
  host: HostState,
  { holds, failure }: { holds: boolean; failure: unknown },
): Promise<void> {
  const guard = host.lockOut
  if (guard === null || guard.isProven) return
  if (guard.isRefused) {
    host.lockOut = null
    return
  }
  const reason = await locked(world, guard)
  if (reason === null && (await ended(world, host, { guard, holds }))) return
  await undone(world, host, { guard, reason: reason ?? textOf(failure) ?? 'the guard had fired', failure })
}

/** Why one cannot log in; null when one can. */
async function locked(world: World, guard: LockOut): Promise<string | null> {
  const began = world.clock.now()
  const windowMs = guard.withinS * 1000
  const end = began + windowMs * TRYING
  const patience = began + Math.min(windowMs / 3, RESTART_MS)
  let refusals = 0
  for (;;) {
    const left = Math.max(1000, end - world.clock.now())
    const reason = await loginEverywhere(world, guard, left)
    if (reason === null) return null
    if (/^(SSH_AUTH|SSH_HOST_KEY|BECOME_)/.test(reason.code)) refusals++
    const isClosed =
      /^SSH_(REFUSED|CONNECTION_LOST|UNREACHABLE)$/.test(reason.code) && world.clock.now() > patience
    if (refusals === REFUSALS || isClosed || world.clock.now() + PAUSE_MS >= end) return reason.message
    await world.clock.sleep(PAUSE_MS)
  }
}

interface Reason {
  readonly code: string
  readonly message: string
}

async function loginEverywhere(world: World, guard: LockOut, limitMs: number): Promise<Reason | null> {
  const tries = guard.ways.map(async via => {
    try {
      await limited(world, limitMs, guard.way.loginAnew(via))
      return null
    } catch (error) {
      const where = via === null ? '' : `${via}: `
      const code = error instanceof VpaiError ? error.code : ''
      return { code, message: `${where}${textOf(error) ?? 'no answer'}` }
    }
  })
  return (await Promise.all(tries)).find(one => one !== null) ?? null
}

/** false: it has fired, or what is left would not start again. */
async function ended(
  world: World,
  host: HostState,
  { guard, holds }: { guard: LockOut; holds: boolean },
): Promise<boolean> {
  const said = await onSession(world, guard, () => (holds ? guard.hold() : guard.disarm()))
  if (said === 'fine') {
    guard.isProven = true
    guard.told(holds)
    if (!holds) host.lockOut = null
    return true
  }
  if (said !== 'fired')
    await undone(world, host, { guard, reason: `a pre-flight refuses it: ${said.refused}`, failure: null })
  return false
}

/** On the session that is there; where that died, on a new one. */
async function onSession<T>(world: World, guard: LockOut, work: () => Promise<T>): Promise<T> {
  const limitMs = Math.max(10_000, guard.withinS * 1000)
  try {
    return await limited(world, limitMs, work())
  } catch {
    await limited(world, PAUSE_MS * 4, guard.way.drop()).catch(() => undefined)
    return await limited(world, limitMs, work())
  }
}

/** Undoes it through the old session at once, or waits for the host to do it; then says so. */
async function undone(
  world: World,
  host: HostState,
  { guard, reason, failure }: { guard: LockOut; reason: string; failure: unknown },
): Promise<never> {
  const windowMs = guard.withinS * 1000
  const known = await limited(world, Math.max(5000, windowMs / 3), guard.fire(reason)).catch(() => null)
  host.lockOut = null
  if (known === null) {
    const text = `${guard.way.hostName}: nobody can log in (${reason}); the host undoes what was changed within ${guard.withinS} s`
    warn(world, text, { host: guard.way.hostName })
  }
  const found = await comeBack(world, guard, windowMs + GRACE_MS)
  const name = guard.way.hostName
  const report = found ?? known
  if (report === null) {
    throw new VpaiError(
      'GUARD_NOT_BACK',
      `${name}: after this task nobody can log in (${reason}), and the host has not undone it so far`,
      { hint: `What it kept lies in /var/lib/vpai/guard/${guard.id} there.`, cause: failure },
    )
  }
  const list = report.map(line => world.secrets.mask(line))
  world.emit({
    type: 'guard.fired',
    host: name,
    guard: guard.id,
    reason: world.secrets.mask(reason),
    undone: list,
  })
  throw new VpaiError(
    'GUARD_FIRED',
    `nobody could log in to ${name} after this task: ${reason}\nIt was undone, ${found ? 'and one can log in again' : 'but a login is still refused'}: ${list.join(', ') || 'nothing had changed'}`,
    { cause: failure },
  )
}

/** Logs in until it works and asks what was undone; null when the time is up. */
async function comeBack(world: World, guard: LockOut, limitMs: number): Promise<readonly string[] | null> {
  const end = world.clock.now() + limitMs
  for (let pauseMs = PAUSE_MS; world.clock.now() < end; pauseMs = Math.min(pauseMs * 1.5, LONGEST_PAUSE_MS)) {
    try {
      await limited(world, 10_000, guard.way.loginAnew(null))
      await limited(world, PAUSE_MS * 4, guard.way.drop()).catch(() => undefined)
      const session = await limited(world, 20_000, guard.way.session())
      const reply = await limited(world, 20_000, session.request({ script: toldScript(guard.id) }))
      const lines = reply.kind === 'done' ? reply.stdout.toString().split('\n') : []
      // The first says why; none: the host is still at it.
      if (lines.length > 1) return lines.slice(1).filter(line => line !== '')
    } catch {
      // Not yet.
    }
    await world.clock.sleep(pauseMs)
  }
  return null
}

/** At the end of what may need it: handlers ran. */
export async function release(world: World, host: HostState): Promise<void> {
  const guard = host.lockOut
  if (!guard?.isProven) return
  if (await ended(world, host, { guard, holds: false })) return
  await undone(world, host, { guard, reason: 'the guard had fired', failure: null })
}

/** Its handlers never ran: what they would have made true is taken back. Never throws. */
export async function abandon(world: World, host: HostState): Promise<void> {
  const guard = host.lockOut
  if (guard === null) return
  try {
    await undone(world, host, {
      guard,
      reason: 'the run ended before the handlers of what it changed',
      failure: null,
    })
  } catch {
    // It was told as an event; the task that failed has its own message.
  }
}

async function limited<T>(world: World, ms: number, work: Promise<T>): Promise<T> {
  const ending = new AbortController()
  const late = world.clock.sleep(ms, ending.signal).then(
    () => {
      throw new VpaiError('GUARD_NO_ANSWER', `no answer within ${Math.round(ms / 1000)} s`)
    },
    () => new Promise<never>(() => undefined),
  )
  try {
    return await Promise.race([work, late])
  } finally {
    work.catch(() => undefined)
    ending.abort()
  }
}

function textOf(error: unknown): string | null {
  return error instanceof Error ? error.message : null
}
