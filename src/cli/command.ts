/**
 * A command as data: what help and completion show without loading anything, and where its body is.
 * Bodies are imported when the command runs, so that `vpai --help` stays as fast as Node itself.
 */
import type { Io } from './io.ts'

export interface OptionSpec {
  /** As commander reads it: `-t, --tags <tags>`. */
  readonly flags: string
  readonly description: string
  readonly default?: string | boolean | number
  /** May be given several times; the values come as a list. */
  readonly repeat?: boolean
  readonly choices?: readonly string[]
  /** Counts how often it was given (-vvv). */
  readonly count?: boolean
}

export interface Invocation {
  readonly args: readonly string[]
  readonly options: Readonly<Record<string, unknown>>
  readonly io: Io
}

export interface CommandBody {
  /** Resolves with the exit code; throws VpaiError for what a person should read. */
  run(invocation: Invocation): Promise<number>
}

export interface CommandSpec {
  readonly name: string
  readonly summary: string
  /** Positional arguments as commander writes them: `<env>`, `[hosts...]`. */
  readonly args?: string
  readonly options?: readonly OptionSpec[]
  /** Lines under the options: examples, exit codes. */
  readonly notes?: string
  readonly hidden?: boolean
  readonly children?: readonly CommandSpec[]
  readonly load?: () => Promise<CommandBody>
}
