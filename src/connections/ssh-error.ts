import { VpaiError } from '../base/error.ts'
import { describeTarget, type SshTarget } from './ssh-target.ts'

/** What ssh2 and sockets put on their errors. */
interface RawError extends Error {
  readonly code?: string | number
  readonly level?: string
}

/** An error of the dial or the handshake, in words. VpaiErrors pass through. */
export function sshProblem(target: SshTarget, error: unknown): VpaiError {
  if (error instanceof VpaiError) return error
  const raw = error as RawError
  const where = `${target.host}:${target.port}`
  const known = DIAL_ERRORS[String(raw.code)]
  if (known !== undefined)
    return new VpaiError(known.code, `${where}: ${known.message}`, { hint: known.hint, cause: error })
  if (/no matching/i.test(raw.message)) {
    return new VpaiError(
      'SSH_NO_ALGORITHM',
      `${where}: no way of encryption both sides know (${raw.message}).`,
      {
        hint: /host key/.test(raw.message)
          ? `The host no longer has the type of key that is known. If that is right: vpai trust ${target.hostKeys.trustAs ?? target.host}`
          : 'The SSH server of the host is very old or restricted.',
        cause: error,
      },
    )
  }
  if (raw.level === 'client-timeout') return timedOut(target, 'the host stopped answering')
  return new VpaiError(
    'SSH_CONNECTION_LOST',
    `${describeTarget(target)}: the connection broke off (${raw.message}).`,
    {
      cause: error,
    },
  )
}

export function timedOut(target: SshTarget, what: string): VpaiError {
  return new VpaiError('SSH_TIMEOUT', `${target.host}:${target.port}: ${what}.`, {
    hint: 'Is the address right, the host up, and does a firewall let you through?',
  })
}

export function connectionLost(target: SshTarget, cause: unknown): VpaiError {
  const why = whyOf(cause)
  return new VpaiError(
    'SSH_CONNECTION_LOST',
    `The connection to ${describeTarget(target)} was lost: ${why}.`,
    { cause },
  )
}

function whyOf(cause: unknown): string {
  if (!(cause instanceof Error)) return 'the host closed it'
  const { level, code } = cause as RawError
  if (level === 'client-timeout') return 'the host stopped answering'
  return code === 'ECONNRESET' ? 'something on the way broke it off (connection reset)' : cause.message
}

/** Servers under load (MaxStartups) drop newcomers before saying anything: worth another try. */
export function isWorthRetrying(error: unknown): boolean {
  const cause = (error as VpaiError).cause as RawError | undefined
  return cause?.code === 'ECONNRESET' || /before handshake|socket hang up/i.test(cause?.message ?? '')
}

const DIAL_ERRORS: Readonly<
  Record<string, { readonly code: string; readonly message: string; readonly hint?: string }>
> = {
  ECONNREFUSED: {
    code: 'SSH_REFUSED',
    message: 'nothing listens on that port.',
    hint: 'Is the port right (ansible_port, Port in ~/.ssh/config) and is sshd running?',
  },
  ETIMEDOUT: {
    code: 'SSH_TIMEOUT',
    message: 'no answer.',
    hint: 'Is the host up, and does a firewall let you through?',
  },
  EHOSTUNREACH: { code: 'SSH_UNREACHABLE', message: 'there is no way to that host.' },
  ENETUNREACH: { code: 'SSH_UNREACHABLE', message: 'there is no way to that network.' },
  ENOTFOUND: {
    code: 'SSH_DNS',
    message: 'the name is not known.',
    hint: 'Check the spelling, or set ansible_host to an address.',
  },
  EAI_AGAIN: { code: 'SSH_DNS', message: 'the name server does not answer.' },
}
