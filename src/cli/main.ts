/**
 * The door of the program: parses, runs one command, and alone tells expected errors (short text and
 * hint) from unexpected ones (stack, version, how to report).
 */
import { setMaxListeners } from 'node:events'
import { Command, CommanderError } from 'commander'
import { ProblemsError, VpaiError } from '../base/error.ts'
import { COMMANDS } from './commands/index.ts'
import { EXIT } from './exit-codes.ts'
import type { Io } from './io.ts'
import { register } from './register.ts'
import { VERSION } from './version.ts'

export async function main(argv: readonly string[], io: Io = processIo()): Promise<number> {
  let exitCode: number = EXIT.fine
  const program = new Command('vpai')
    .description('Configure your own servers over SSH: nothing needed on them but sh.')
    .version(VERSION)
    .showSuggestionAfterError()
    .showHelpAfterError('(see `vpai --help`)')
    .exitOverride()
    .enablePositionalOptions()
    .configureOutput({ writeOut: text => io.out.write(text), writeErr: text => io.err.write(text) })
  const done = (code: number) => {
    exitCode = code
  }
  for (const spec of COMMANDS) register(program, spec, { io: { ...io, argv }, done })
  try {
    await program.parseAsync(argv, { from: 'user' })
    return exitCode
  } catch (error) {
    return failed(error, io)
  }
}

async function failed(error: unknown, io: Io): Promise<number> {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.fine : EXIT.usage
  const left = error instanceof VpaiError && (error.code === 'ASK_LEFT' || error.code === 'WIZARD_LEFT')
  if (io.signal.aborted) return EXIT.interrupted
  const { errorText } = await import('./error-text.ts')
  io.err.write(`${errorText(error, { color: io.stdoutIsTty && !io.env.NO_COLOR, roots: io.sourceRoots })}\n`)
  if (left) return EXIT.interrupted
  if (error instanceof ProblemsError || error instanceof VpaiError) {
    return /^(SSH_|SESSION_|CONNECTION_|BECOME_)/.test(error.code) ? EXIT.unreachable : EXIT.usage
  }
  return EXIT.usage
}

/** For the last lines of journal and output. */
const LEAVING_MS = 500

const ENDING = ['SIGINT', 'SIGTERM'] as const

/** The first Ctrl-C asks the run to end well, a second one to end at once; a third one ends the process. */
function processIo(): Io {
  const interrupt = new AbortController()
  // Every command that runs listens to it.
  setMaxListeners(0, interrupt.signal)
  // Whoever read our output has heard enough (`vpai run … | head`).
  process.stdout.once('error', (error: NodeJS.ErrnoException) =>
    process.exit(error.code === 'EPIPE' ? EXIT.fine : EXIT.usage),
  )
  const leave = new AbortController()
  const asked = (signal: NodeJS.Signals) => {
    if (interrupt.signal.aborted) {
      for (const one of ENDING) process.off(one, asked)
      leave.abort()
      // What still waits for a host is not waited for.
      setTimeout(() => process.exit(EXIT.interrupted), LEAVING_MS).unref()
      return
    }
    const again = signal === 'SIGINT' ? '; Ctrl-C again to leave at once' : ''
    process.stderr.write(`\nInterrupted: ending what is being done right now${again}.\n`)
    interrupt.abort()
  }
  for (const one of ENDING) process.on(one, asked)
  return {
    out: process.stdout,
    err: process.stderr,
    stdin: process.stdin,
    stdinIsTty: process.stdin.isTTY === true,
    stdoutIsTty: process.stdout.isTTY === true,
    env: process.env,
    cwd: process.cwd(),
    signal: interrupt.signal,
    leave: leave.signal,
    sourceRoots: [process.cwd()],
  }
}
