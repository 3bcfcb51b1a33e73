/**
 * shell: run a text through a shell (/bin/sh, or `executable`).
 *
 * Args     cmd; executable, chdir, creates, removes, stdin, stdin_add_newline, strip_empty_ends.
 * Changes  unknown ahead, so it runs every time unless creates or removes settle it.
 * Errors   non-zero return code.
 */
import type { z } from 'zod'
import { defineModule } from './contract.ts'
import { argumentsOf, path, word } from './shared/arguments.ts'
import { commandKeys, commandShape, commandVerdict } from './shared/run-command.ts'

const schema = () => argumentsOf({ ...commandShape, cmd: word(), executable: path().optional() })
type Args = z.output<ReturnType<typeof schema>>

export const shell = defineModule<Args>({
  name: 'shell',
  summary: 'Run a text through a shell on the host',
  args: schema,
  freeForm: 'cmd',
  keys: commandKeys,
  decide(args, seen, ctx) {
    const shell = args.executable === undefined ? {} : { shell: args.executable }
    const run = { do: 'run', script: args.cmd, ...shell } as const
    return commandVerdict({ args, cmd: args.cmd, summary: firstLine(args.cmd), run }, seen, ctx)
  },
  settles: 'a command may do something every time it runs',
})

function firstLine(text: string): string {
  const [first = '', ...rest] = text.trim().split('\n')
  return rest.length === 0 ? first : `${first} …`
}
