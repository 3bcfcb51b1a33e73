/** A program in a container of a compose service: what exec and run share. */
import type { Action, Context, Output, Result, Steps } from '../contract.ts'
import { bool, list, path, text, word } from './arguments.ts'
import { composeWords } from './compose-probe.ts'
import type { ComposeProject } from './compose-project.ts'
import { quotedTexts } from './docker-values.ts'
import { passEnvironment } from './pass-environment.ts'
import { failedResult, outputResult } from './results.ts'
import { splitWords } from './split-words.ts'

export const programShape = () => ({
  service: word(),
  argv: list().optional(),
  command: text().optional(),
  chdir: path().optional(),
  detach: bool().default(false),
  user: text().optional(),
  stdin: text().optional(),
  stdin_add_newline: bool().default(true),
  strip_empty_ends: bool().default(true),
  tty: bool().default(true),
  env: quotedTexts().default({}),
})

interface Program extends ComposeProject {
  readonly service: string
  readonly argv?: readonly string[]
  readonly command?: string
  readonly chdir?: string
  readonly detach: boolean
  readonly user?: string
  readonly stdin?: string
  readonly stdin_add_newline: boolean
  readonly strip_empty_ends: boolean
  readonly tty: boolean
  readonly env: Readonly<Record<string, string>>
}

/** The words of the program itself. */
export function programOf({ argv, command }: Program): readonly string[] {
  return argv ?? splitWords(command ?? '')
}

/** `flags` are those of the verb alone. Values of env reach compose through its environment. */
export function composeProgram(args: Program, verb: 'exec' | 'run', flags: readonly string[]): Steps {
  const passed = passEnvironment('--env', args.env)
  const when = (wanted: boolean, ...words: string[]) => (wanted ? words : [])
  const argv = [
    ...composeWords(args),
    verb,
    ...flags,
    ...when(args.detach, '--detach'),
    ...when(!args.tty, '--no-TTY'),
    ...when(args.user !== undefined, '--user', args.user ?? ''),
    ...when(args.chdir !== undefined, '--workdir', args.chdir ?? ''),
    ...passed.flags,
    ...['--', args.service],
    ...programOf(args),
  ]
  const newline = args.stdin_add_newline ? '\n' : ''
  const stdin = args.stdin === undefined ? {} : { stdin: `${args.stdin}${newline}` }
  return function* (): Generator<Action, Result, Output> {
    const output = yield { do: 'run', argv, cwd: args.project_src, env: passed.env, ok: 'any', ...stdin }
    const result = outputResult(output, args.strip_empty_ends)
    if (output.code !== 0) return failedResult('non-zero return code', result)
    if (!args.detach) return { ...result, changed: true }
    return verb === 'run' ? { changed: true, container_id: output.stdout.trim() } : { changed: true }
  }
}

export const PROGRAM_RULES = {
  one: (args: Pick<Program, 'argv' | 'command'>) => args.argv === undefined || args.command === undefined,
  stdin: (args: Pick<Program, 'detach' | 'stdin'>) => !args.detach || args.stdin === undefined,
}

const LEAK =
  'A secret stands in the command line, where every user of the host can read it: use `stdin:` or `env:`'

export function leakWarnings(args: Program, ctx: Context): string[] {
  // Where it is run, the engine tells of it.
  return ctx.check && programOf(args).some(ctx.taints) ? [LEAK] : []
}
