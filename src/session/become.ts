import { VpaiError } from '../base/error.ts'
import { quote } from '../base/quote.ts'
import type { Identity } from '../engine/ports.ts'
import { LOADER } from './helper.ts'

/** How one attempt to become somebody is made. */
export interface Attempt {
  /** `ask`: the become program may ask for a password on stdin. `silent`: it must not, and fails instead. */
  readonly password: 'ask' | 'silent'
  /** On a terminal, for hosts whose sudo insists on one (requiretty). */
  readonly pty: boolean
}

export interface BecomeCommand {
  readonly commandLine: string
  /** Printed on stdout when the terminal takes bytes as they are; write nothing before it. null without a terminal. */
  readonly readyMark: string | null
  /** Printed on stdout when the loader waits for the helper; null when the helper may be written at once. */
  readonly upMark: string | null
  /** What a request for a password ends with; null when none can come. */
  readonly prompt: string | null
}

/** The command line for an identity. `token` is random: nothing on the host can print the marks by chance. */
export function becomeCommand(identity: Identity, attempt: Attempt, token: string): BecomeCommand {
  const { user, method } = identity
  if (user === null) return plain(`exec /bin/sh -c ${singleQuote(LOADER)}`)
  if (!/^[A-Za-z0-9_][A-Za-z0-9_.@-]*\$?$/.test(user)) {
    throw new VpaiError('BECOME_BAD_USER', `"${user}" is not a user name.`)
  }
  const mayAsk = method === 'su' || attempt.password === 'ask'
  const upMark = mayAsk ? `vpai-up-${token}` : null
  const loader = upMark === null ? LOADER : `echo ${upMark};${LOADER}`
  const prompt = !mayAsk ? null : method === 'sudo' ? `vpai-password-${token}:` : 'assword:'
  const command = (script: string) => `env LC_ALL=C ${program(identity, attempt, { prompt, script })}`
  if (!attempt.pty)
    return { commandLine: `exec ${command(singleQuote(loader))}`, readyMark: null, upMark, prompt }
  const readyMark = `vpai-ready-${token}`
  const inner = `stty raw -echo;echo ${readyMark};exec ${command(doubleQuote(loader))}`
  return { commandLine: `exec /bin/sh -c ${singleQuote(inner)}`, readyMark, upMark, prompt }
}

interface Started {
  readonly prompt: string | null
  /** Quoted already. */
  readonly script: string
}

function program(identity: Identity, attempt: Attempt, started: Started): string {
  const user = quote(identity.user ?? '')
  const exe = words(identity.exe) || identity.method
  // Whether a password may be asked for is decided here.
  const own = words(identity.flags, ['-n', '-S'])
  const flags = own === '' ? '' : `${own} `
  switch (identity.method) {
    case 'sudo': {
      const ask = attempt.password === 'ask' ? `-S -p ${started.prompt}` : '-n'
      const home = identity.flags === undefined ? '-H ' : flags
      return `${exe} ${home}${ask} -u ${user} -- /bin/sh -c ${started.script}`
    }
    case 'su':
      return `${exe} ${flags}-s /bin/sh -c ${started.script} ${user}`
    case 'doas':
      return `${exe} ${flags}${attempt.password === 'ask' ? '' : '-n '}-u ${user} /bin/sh -c ${started.script}`
  }
}

/** become_exe and become_flags stand in a command line that any login shell reads: plain words only. */
function words(text: string | undefined, without: readonly string[] = []): string {
  const all = (text ?? '').split(/\s+/).filter(word => word !== '' && !without.includes(word))
  const bad = all.find(word => !/^[\w./=:@%+,-]+$/.test(word))
  if (bad === undefined) return all.join(' ')
  throw new VpaiError('BECOME_BAD_WORDS', `"${bad}" cannot be part of become_exe or become_flags.`, {
    hint: 'Letters, digits and . / = : @ % + , - are fine.',
  })
}

/** What to make of a become program that ended before the helper answered. `said`: its stderr (and stdout noise). */
export function becomeProblem(identity: Identity, said: string): VpaiError {
  const { method, user } = identity
  const found = REASONS.find(reason => reason.pattern.test(said))
  const text = said.trim().split('\n').slice(-3).join(' ').slice(0, 300)
  const quoted = text === '' ? 'it said nothing' : `it said: ${text}`
  return new VpaiError(
    found?.code ?? 'BECOME_FAILED',
    `Cannot become ${user} with ${method}: ${found?.because ?? 'the program failed'} (${quoted}).`,
    { hint: found?.hint },
  )
}

const REASONS: readonly {
  readonly pattern: RegExp
  readonly code: string
  readonly because: string
  readonly hint?: string
}[] = [
  {
    pattern: /must have a tty|no tty present(?! and no askpass)/i,
    code: 'BECOME_NEEDS_TTY',
    because: 'it works on a terminal only',
    hint: 'Remove "requiretty" from the sudoers file of the host.',
  },
  {
    pattern:
      /password is required|no askpass|Authentication required|a terminal is required to (read|authenticate)/i,
    code: 'BECOME_PASSWORD_REQUIRED',
    because: 'a password is needed and none was given',
    hint: 'Run with --ask-become-pass, set ansible_become_password, or allow NOPASSWD in sudoers.',
  },
  {
    pattern:
      /not in the sudoers|not allowed to|may not run sudo|Operation not permitted|Permission denied|must be suid|no new privileges|must be owned by uid 0/i,
    code: 'BECOME_NOT_ALLOWED',
    because: 'the login user is not allowed to',
  },
  {
    pattern:
      /incorrect password|Authentication failure|Sorry, try again|incorrect authentication|su: incorrect|doas: Authentication failed/i,
    code: 'BECOME_PASSWORD_WRONG',
    because: 'the password is wrong',
  },
  {
    pattern: /unknown user|does not exist|unknown id|No passwd entry/i,
    code: 'BECOME_NO_USER',
    because: 'there is no such user on the host',
  },
  {
    pattern: /not found|No such file/i,
    code: 'BECOME_NOT_INSTALLED',
    because: 'the program is not installed on the host',
  },
]

function plain(commandLine: string): BecomeCommand {
  return { commandLine, readyMark: null, upMark: null, prompt: null }
}

/** Without the backslash form: fish reads `\\'` in its own way. The texts hold no single quote. */
function singleQuote(text: string): string {
  return `'${text}'`
}

function doubleQuote(text: string): string {
  return `"${text.replaceAll(/["$]/g, '\\$&')}"`
}
