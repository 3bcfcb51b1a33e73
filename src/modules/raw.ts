/**
 * raw: run a text as it is, for hosts where nothing else works yet. Everywhere else prefer shell or command.
 *
 * Args     cmd; executable.
 * Changes  always; nothing is known ahead.
 * Errors   non-zero return code.
 */
import type { z } from 'zod'
import { defineModule } from './contract.ts'
import { argumentsOf, path, word } from './shared/arguments.ts'
import { commandVerdict } from './shared/run-command.ts'

const schema = () => argumentsOf({ cmd: word(), executable: path().optional() })
type Args = z.output<ReturnType<typeof schema>>

export const raw = defineModule<Args>({
  name: 'raw',
  summary: 'Run a text on the host as it is',
  args: schema,
  freeForm: 'cmd',
  keys: () => [],
  decide({ cmd, executable }, seen, ctx) {
    const shell = executable === undefined ? {} : { shell: executable }
    const run = { do: 'run', script: cmd, ...shell } as const
    return commandVerdict({ args: { strip_empty_ends: false }, cmd, summary: cmd, run }, seen, ctx)
  },
  settles: 'a command may do something every time it runs',
})
