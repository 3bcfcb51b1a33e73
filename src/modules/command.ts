/**
 * command: run one program, without a shell between.
 *
 * Args     cmd or argv (one of them); chdir, creates, removes, stdin, stdin_add_newline,
 *          strip_empty_ends, expand_argument_vars (default yes: $NAME and ~ are taken from the host).
 * Changes  unknown ahead, so it runs every time unless creates or removes settle it.
 * Errors   non-zero return code; COMMAND_QUOTES for a quote that is never closed.
 */
import type { z } from 'zod'
import { quote } from '../base/quote.ts'
import { defineModule } from './contract.ts'
import { argumentsOf, bool, list, text } from './shared/arguments.ts'
import { commandKeys, commandShape, commandVerdict } from './shared/run-command.ts'
import { splitWords } from './shared/split-words.ts'

const schema = () =>
  argumentsOf({
    ...commandShape,
    cmd: text().optional(),
    argv: list().optional(),
    expand_argument_vars: bool().default(true),
  }).refine(
    args => (args.cmd === undefined) !== (args.argv === undefined),
    'needs either a command line or argv',
  )
type Args = z.output<ReturnType<typeof schema>>

export const command = defineModule<Args>({
  name: 'command',
  summary: 'Run one program on the host',
  args: schema,
  freeForm: 'cmd',
  keys: commandKeys,
  decide(args, seen, ctx) {
    const argv = args.argv ?? splitWords(args.cmd ?? '')
    if (argv.length === 0 || argv[0] === '') return { kind: 'fail', message: 'no command given' }
    const run =
      args.expand_argument_vars && argv.some(needsExpanding)
        ? ({
            do: 'run',
            script: `exec ${argv.map(word => expanding(word, ctx.environment)).join(' ')}`,
          } as const)
        : ({ do: 'run', argv } as const)
    return commandVerdict({ args, cmd: argv, summary: argv.join(' '), run }, seen, ctx)
  },
  settles: 'a command may do something every time it runs',
})

const VARIABLE = /\$\{([A-Za-z_]\w*)\}|\$([A-Za-z_]\w*)/g

function needsExpanding(word: string): boolean {
  return word.search(VARIABLE) >= 0 || /^~[\w.-]*(\/|$)/.test(word)
}

/**
 * A shell word where variables and a leading ~ count and nothing else does; unset variables stay as written. Those of
 * the task's own environment are put in here, so that a secret among them is known to become an argument.
 */
function expanding(word: string, environment: Readonly<Record<string, string>>): string {
  const home = /^~[\w.-]*(?=\/|$)/.exec(word)?.[0] ?? ''
  let out = home
  let last = home.length
  for (const match of word.matchAll(VARIABLE)) {
    const name = match[1] ?? match[2] ?? ''
    const fromHost = `"\${${name}-\\$${match[1] === undefined ? name : `{${name}\\}`}}"`
    out += literal(word.slice(last, match.index))
    out += Object.hasOwn(environment, name) ? literal(environment[name] ?? '') : fromHost
    last = match.index + match[0].length
  }
  return `${out}${literal(word.slice(last))}` || "''"
}

function literal(part: string): string {
  return part === '' ? '' : quote(part)
}
