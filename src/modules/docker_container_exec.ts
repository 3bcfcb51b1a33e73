/**
 * docker_container_exec: run a program in a container.
 *
 * Args     container, argv or command, chdir, env, user, stdin, stdin_add_newline, strip_empty_ends, tty, detach.
 * Changes  unknown ahead, so it runs every time.
 * Errors   non-zero rc; docker's own words. Values of `env` travel in docker's environment, never as arguments.
 */
import type { z } from 'zod'
import { defineModule, type Verdict } from './contract.ts'
import { bool, list, path, text, word } from './shared/arguments.ts'
import { dockerArguments, dockerWords } from './shared/docker-cli.ts'
import { quotedTexts } from './shared/docker-values.ts'
import { passEnvironment } from './shared/pass-environment.ts'
import { failedResult, outputResult } from './shared/results.ts'
import { splitWords } from './shared/split-words.ts'

const schema = () =>
  dockerArguments({
    container: word(),
    argv: list().optional(),
    command: text().optional(),
    chdir: path().optional(),
    env: quotedTexts().default({}),
    user: text().optional(),
    stdin: text().optional(),
    stdin_add_newline: bool().default(true),
    strip_empty_ends: bool().default(true),
    tty: bool().default(false),
    detach: bool().default(false),
  }).refine(
    args => (args.argv === undefined) !== (args.command === undefined),
    'needs either argv or command',
  )
type Args = z.output<ReturnType<typeof schema>>

export const dockerContainerExec = defineModule<Args>({
  name: 'docker_container_exec',
  summary: 'Run a program in a container',
  args: schema,
  keys: () => [],
  decide(args, _seen, ctx): Verdict {
    const program = args.argv ?? splitWords(args.command ?? '')
    const passed = passEnvironment('--env', args.env)
    const argv = [...execWords(args), ...passed.flags, args.container, ...program]
    // Where it is run, the engine tells of it.
    const leak = ctx.check && program.some(ctx.taints)
    return {
      kind: 'opaque',
      summary: `docker exec ${args.container} ${program[0] ?? ''}`,
      changes: true,
      warnings: leak
        ? [
            'A secret stands in the command line, where every user of the host can read it: use `stdin:` or `env:`',
          ]
        : [],
      apply: function* () {
        const newline = args.stdin_add_newline && args.stdin?.endsWith('\n') === false ? '\n' : ''
        const stdin = args.stdin === undefined ? {} : { stdin: `${args.stdin}${newline}` }
        const output = yield { do: 'run', argv, env: passed.env, ok: 'any', ...stdin }
        const result = outputResult(output, args.strip_empty_ends)
        return output.code === 0 ? { ...result, changed: true } : failedResult('non-zero return code', result)
      },
    }
  },
  settles: 'a command may do something every time it runs',
})

function execWords(args: Args): string[] {
  const when = (wanted: boolean, ...words: string[]) => (wanted ? words : [])
  return [
    ...dockerWords(args),
    'exec',
    ...when(args.stdin !== undefined, '--interactive'),
    ...when(args.tty, '--tty'),
    ...when(args.detach, '--detach'),
    ...when(args.user !== undefined, '--user', args.user ?? ''),
    ...when(args.chdir !== undefined, '--workdir', args.chdir ?? ''),
  ]
}
