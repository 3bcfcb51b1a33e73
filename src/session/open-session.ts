import { VpaiError } from '../base/error.ts'
import type { Connection, Identity, Session } from '../engine/ports.ts'
import { type Attempt, becomeCommand, becomeProblem } from './become.ts'
import { FramedSession, type SessionOptions } from './framed-session.ts'
import { helperLine } from './helper.ts'
import { startHelper } from './start-helper.ts'

export interface OpenOptions {
  readonly connection: Connection
  readonly identity: Identity
  /** Called only when a password is asked for, at most once per attempt; null: there is none. */
  readonly askPassword?: (identity: Identity) => Promise<string | null>
  /** `bytes` random bytes as lower-case hex. */
  readonly randomHex: (bytes: number) => string
  /** How long a host may take to start the helper, without the time a person needs for a password. */
  readonly helloTimeoutMs: number
  readonly now: () => number
  readonly name: string
  readonly openSibling: () => Promise<Session>
  readonly whyLost?: SessionOptions['whyLost']
  readonly count?: SessionOptions['count']
}

/**
 * Starts a helper as `identity` and waits for its hello. Without a password first (most sudoers allow it, and
 * sudo fails at once), then with one if it is asked for, on a terminal where sudo insists on one.
 *
 * Throws BECOME_PASSWORD_REQUIRED, BECOME_PASSWORD_WRONG, BECOME_NOT_ALLOWED, BECOME_NEEDS_TTY, BECOME_NO_USER,
 * BECOME_NOT_INSTALLED, BECOME_FAILED, SESSION_NO_SHELL, SESSION_NO_TMP, SESSION_TIMEOUT, SESSION_NOISE.
 */
export async function openSession(options: OpenOptions): Promise<FramedSession> {
  let attempt: Attempt = { password: 'silent', pty: false }
  for (;;) {
    try {
      return await tryToOpen(options, attempt)
    } catch (error) {
      const next = nextAttempt(options, attempt, error)
      if (next === null) throw error
      attempt = next
    }
  }
}

function nextAttempt(options: OpenOptions, attempt: Attempt, error: unknown): Attempt | null {
  if (!(error instanceof VpaiError)) return null
  if (error.code === 'BECOME_NEEDS_TTY' && !attempt.pty) return { ...attempt, pty: true }
  const canAsk = options.askPassword !== undefined && attempt.password === 'silent'
  if (error.code !== 'BECOME_PASSWORD_REQUIRED' || !canAsk || options.identity.method === 'su') return null
  // doas reads passwords from the terminal, sudo is told to read stdin.
  return { password: 'ask', pty: attempt.pty || options.identity.method === 'doas' }
}

async function tryToOpen(options: OpenOptions, attempt: Attempt): Promise<FramedSession> {
  const { connection, identity, now, name, openSibling, whyLost, count } = options
  const nonce = options.randomHex(16)
  const command = becomeCommand(identity, attempt, options.randomHex(8))
  // Where nothing else reads before the helper, it goes out with the command line.
  const isWritten = command.readyMark === null && command.upMark === null
  const channel = await connection.open(command.commandLine, {
    pty: attempt.pty,
    ...(isWritten ? { first: Buffer.from(helperLine(nonce)) } : {}),
  })
  const started = await startHelper({
    channel,
    command,
    nonce,
    isWritten,
    timeoutMs: options.helloTimeoutMs,
    askPassword: async () => (await options.askPassword?.(identity)) ?? null,
  })
  if (started.kind === 'started') {
    const { parser, hello, early } = started
    return new FramedSession({ channel, parser, hello, early, openSibling, whyLost, now, name, count })
  }
  channel.destroy()
  const lost = started.kind === 'closed' ? ((await whyLost?.()) ?? null) : null
  if (lost !== null)
    throw new VpaiError('SESSION_LOST', `The session of ${name} could not be begun. ${lost}`, {
      hint: 'Run it again: what was done is not done twice, what was not is done.',
    })
  throw startProblem(options, started)
}

type NotStarted = Exclude<Awaited<ReturnType<typeof startHelper>>, { kind: 'started' }>

function startProblem(options: OpenOptions, outcome: NotStarted): VpaiError {
  const { identity, name } = options
  switch (outcome.kind) {
    case 'failed':
      return outcome.error
    case 'no-password':
      return becomeProblem(identity, `${outcome.said}\na password is required`)
    case 'wrong-password':
      return becomeProblem(identity, 'incorrect password')
    case 'no-tmp':
      return new VpaiError('SESSION_NO_TMP', `${name}: no directory for temporary files can be written to.`, {
        hint: 'One of /dev/shm, /run, /tmp, /var/tmp or the home directory must be writable and have space.',
      })
    case 'timeout':
      return new VpaiError(
        'SESSION_TIMEOUT',
        `${name}: no shell answered within ${options.helloTimeoutMs / 1000} s.${said(outcome.said)}`,
        {
          hint: 'Does a start-up file of the login shell (.bashrc, .profile) wait for input or start another program?',
        },
      )
    case 'closed':
      if (identity.user !== null) return becomeProblem(identity, outcome.said)
      return new VpaiError(
        'SESSION_NO_SHELL',
        `${name}: the login shell ended before a command could run (exit code ${outcome.code}).${said(outcome.said)}`,
        {
          hint: 'The login user needs a usable shell (not nologin or a restricted one) and /bin/sh on the host.',
        },
      )
  }
}

function said(text: string): string {
  const last = text.trim().slice(-300)
  return last === '' ? '' : ` It said: ${last}`
}
