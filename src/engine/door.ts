/**
 * The one door: every action on a host goes through `perform`, which adds, in this order, the intent, the taint
 * check, the deadline, the identity, the fence and the precondition (both looked at by the host itself), the
 * execution and the outcome. Modules cannot go around it.
 */

import {
  type Bundle,
  explainFailure,
  type HostAction,
  isFine,
  isStale,
  type Precondition,
  renderAction,
} from '../actions/index.ts'
import { type Position, VpaiError } from '../base/error.ts'
import type { Action, Output } from '../modules/contract.ts'
import { LEASE_LOST } from '../record/layout.ts'
import { enterRecord } from './enter-record.ts'
import { hideDigests } from './hide-digests.ts'
import type { Entered, HostRecord } from './host-record.ts'
import type { HostState } from './host-state.ts'
import type { Identity, Reply, Session } from './ports.ts'
import { type LedgerEntry, type World, warn } from './world.ts'

/** Who acts, where, for which task. */
export interface Actor {
  readonly host: HostState
  readonly identity: Identity
  readonly session: () => Promise<Session>
  readonly reconnect: (action: Extract<Action, { do: 'reconnect' }>) => Promise<Output>
  readonly taskId: string
  readonly taskName: string
  readonly position: Position
  /** Seconds the task may take, 0 for no end. */
  readonly timeoutS: number
  /** no_log: what it says stays with it. */
  readonly isSilent: boolean
  /** The task's `environment:`, for every program it starts. */
  readonly environment: Readonly<Record<string, string>>
  /** What the host keeps of this run; null: nothing. */
  readonly record: () => Promise<HostRecord | null>
  /** Names of the handlers it notifies when it changes something. */
  readonly notifies: () => readonly string[]
  /** It says of itself that it changes nothing, whatever it runs. */
  readonly isLook: boolean
}

/** An action that failed; the task fails with this message and result. */
export class ActionFailed extends VpaiError {
  readonly output: Output

  constructor(message: string, output: Output) {
    super('ACTION_FAILED', message)
    this.output = output
  }
}

/** The host found another state than the decision was based on: look again and decide again. */
export class StaleError extends VpaiError {
  constructor() {
    super('ACTION_STALE', 'the file changed between looking at it and changing it')
  }
}

/** Not done, because a deed of its chain before it failed. */
export class SkippedError extends VpaiError {
  constructor() {
    super('ACTION_SKIPPED', 'the host skipped an action because one before it failed')
  }
}

export interface Deed {
  readonly action: Action | Bundle
  /** What was seen where a `put` goes; anything else there refuses the change. */
  readonly precondition?: Precondition
  /** Lines that must come out true on the host right before; otherwise nothing is done and it is stale. */
  readonly guard?: string
  /** Deeds of one chain: after one that failed the rest is not done. */
  readonly chain?: string
  /** An interrupt stops it on the host: a command somebody wrote, not the steps of a module. */
  readonly mayStop?: boolean
  /** Called once the action is on its way: what is asked then rides behind it without a round trip of its own. */
  readonly sent?: () => void
}

let nextEntry = 0

export async function perform(world: World, actor: Actor, deed: Deed): Promise<Output> {
  const { action } = deed
  const entry: LedgerEntry = {
    id: ++nextEntry,
    host: actor.host.name,
    taskId: actor.taskId,
    action: action.do,
    subject: subjectOf(action),
  }
  const writes = !(action.do === 'read' || action.do === 'pause' || (action.do === 'run' && action.readOnly))
  if (writes) await world.ledger.intent(entry)
  checkTaint(world, actor, action)
  for (const content of contentsOf(action)) hideDigests(world.secrets, content)
  const started = world.clock.now()
  let ok = false
  try {
    const output = await execute(world, actor, deed)
    ok = true
    return output
  } finally {
    if (writes) await world.ledger.outcome(entry, { ok, elapsedMs: world.clock.now() - started })
  }
}

async function execute(world: World, actor: Actor, { action, ...deed }: Deed): Promise<Output> {
  switch (action.do) {
    case 'pause':
      return pause(world, action)
    case 'reconnect':
      return actor.reconnect(action)
    case 'writeLocal':
      return (await world.files.write(action.path, action.content, action.mode))
        ? DONE
        : { ...DONE, stdout: 'unchanged' }
    default: {
      const token = world.token(16)
      const rendered = renderAction(withEnvironment(action, actor.environment), {
        token,
        precondition: deed.precondition,
        timeoutS: actor.timeoutS || undefined,
      })
      const session = await actor.session()
      const entered = await enterRecord(actor, { action, session, token, ...rendered })
      const { stdin, timeoutS } = rendered
      const script = [entered?.fence, deed.guard, entered?.notes, entered?.script ?? rendered.script]
      const asked = session.request({
        script: script.filter(part => part !== undefined).join('; '),
        stdin,
        timeoutS,
        chain: deed.chain,
      })
      deed.sent?.()
      const mayStop = deed.mayStop === true || (action.do === 'run' && action.readOnly === true)
      const output = await outputOf(
        untilInterrupted(world, actor, { action, session, asked, mayStop }),
        entered,
      )
      if (deed.guard !== undefined && output.code === GUARD_FAILED) throw new StaleError()
      if (action.do === 'bundle' && output.code === NO_TAR) {
        actor.host.takesBundles = false
        throw new StaleError()
      }
      return judge(action, output)
    }
  }
}

/**
 * On an interrupt a command is stopped where that does no harm; the steps of a module come to their end, lest a
 * package manager be torn out of its work. Throws the signal's reason when the command was stopped.
 */
async function untilInterrupted(
  world: World,
  actor: Actor,
  running: { action: HostAction; session: Session; asked: Promise<Reply>; mayStop: boolean },
): Promise<Reply> {
  // The steps of a module end by themselves, and soon.
  if (running.action.do !== 'run') return running.asked
  const { signal } = world
  const tell = (text: string) => warn(world, `${actor.taskName}: ${text}`, { host: actor.host.name })
  let stopping: Promise<void> | null = null
  const interrupted = () => {
    // Those behind one that was stopped are not begun.
    if (STOPPING.has(running.session)) return
    if (running.mayStop) STOPPING.add(running.session)
    tell(running.mayStop ? 'is being stopped' : 'is waited for')
    if (!running.mayStop) return
    stopping = running.session
      .cancel(running.asked)
      .catch((error: unknown) => tell(error instanceof Error ? error.message : String(error)))
  }
  signal.addEventListener('abort', interrupted, { once: true })
  if (signal.aborted) interrupted()
  try {
    const reply = await running.asked
    await stopping
    if (stopping !== null && reply.kind === 'done' && reply.code !== 0) signal.throwIfAborted()
    return reply
  } finally {
    signal.removeEventListener('abort', interrupted)
  }
}

const STOPPING = new WeakSet<Session>()

function contentsOf(action: Action | Bundle): readonly Uint8Array[] {
  if (action.do === 'bundle') return action.files.map(file => file.action.content)
  return action.do === 'put' || action.do === 'writeLocal' ? [action.content] : []
}

function withEnvironment<A extends Action | Bundle>(action: A, environment: Actor['environment']): A {
  if (action.do !== 'run' || Object.keys(environment).length === 0) return action
  return { ...action, env: { ...environment, ...action.env } }
}

async function outputOf(asked: Promise<Reply>, entered: Entered | null): Promise<Output> {
  const reply = await asked
  if (reply.kind === 'skipped' || reply.code === GUARD_FAILED) entered?.notDone()
  if (reply.kind === 'skipped') throw new SkippedError()
  if (reply.code === LEASE_LOST) await entered?.refused(reply.stderr.toString('utf8'))
  if (reply.code !== GUARD_FAILED) entered?.answered()
  return {
    code: reply.code,
    stdout: reply.stdout.toString('utf8'),
    stderr: reply.stderr.toString('utf8'),
    timedOut: reply.timedOut,
    elapsed: reply.elapsedMs / 1000,
    bytes: reply.stdout,
  }
}

/** As stillSo ends when something is not what it was taken for. */
const GUARD_FAILED = 93
const NO_TAR = 98

function judge(action: HostAction, output: Output): Output {
  if (!output.timedOut && isFine(action, output.code)) return output
  if (isStale(action, output.code)) throw new StaleError()
  throw new ActionFailed(explainFailure(action, output), output)
}

/**
 * What becomes an argument of a program can be read in the process list of the host: refused under
 * strict_secrets, otherwise told, once for each task, host and kind of place (`where`).
 */
export function guardArguments(world: World, actor: Actor, { text, where }: Argued): void {
  if (!world.secrets.taints(text)) return
  const message = `${actor.taskName}: a secret stands in ${where}, where every user of ${actor.host.name} can read it`
  const hint = where === A_COMMAND ? 'Hand it over with `stdin:` or `environment:` instead.' : NAMES_ARE_SEEN
  if (world.options.strictSecrets)
    throw new VpaiError('SECRET_IN_ARGUMENTS', message, { hint, position: actor.position })
  const told = TOLD.get(actor.host) ?? new Set()
  TOLD.set(actor.host, told)
  if (told.has(`${actor.taskId} ${where}`)) return
  told.add(`${actor.taskId} ${where}`)
  warn(world, `${message}. ${hint}`, { host: actor.host.name, position: actor.position })
}

export interface Argued {
  readonly text: string
  /** As in "a secret stands in …". */
  readonly where: string
}

const A_COMMAND = 'a command line'
const NAMES_ARE_SEEN = 'Names and paths are no place for secrets: programs get them as arguments.'

/** What each host's tasks were told. */
const TOLD = new WeakMap<HostState, Set<string>>()

function checkTaint(world: World, actor: Actor, action: Action | Bundle): void {
  if (action.do === 'bundle') {
    for (const part of action.parts) checkTaint(world, actor, part)
  } else if (action.do === 'run') {
    const { script = '', cwd = '', argv = [] } = action
    // Joined by spaces as well: a module may have split a secret into words.
    const text = [script, cwd, ...argv, argv.join(' ')].join('\0')
    guardArguments(world, actor, { text, where: A_COMMAND })
  } else if ('path' in action && action.do !== 'writeLocal') {
    const more = action.do === 'link' ? action.target : action.do === 'put' ? (action.validate ?? '') : ''
    guardArguments(world, actor, { text: `${action.path}\0${more}`, where: 'a path' })
  }
}

async function pause(world: World, action: Extract<Action, { do: 'pause' }>): Promise<Output> {
  if (action.prompt !== undefined && action.seconds === undefined) {
    const answer = await world.prompt(world.secrets.mask(action.prompt), action.echo ?? true)
    return { ...DONE, stdout: answer ?? '' }
  }
  await world.clock.sleep((action.seconds ?? 0) * 1000, world.signal)
  return { ...DONE, elapsed: action.seconds ?? 0 }
}

const DONE: Output = { code: 0, stdout: '', stderr: '', timedOut: false, elapsed: 0, bytes: new Uint8Array() }

function subjectOf(action: Action | Bundle): string {
  switch (action.do) {
    case 'run':
      return action.argv?.[0] ?? 'script'
    case 'pause':
    case 'reconnect':
      return action.do
    default:
      return action.path
  }
}
