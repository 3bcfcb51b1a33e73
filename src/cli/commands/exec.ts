import { VpaiError } from '../../base/error.ts'
import { quoteAll } from '../../base/quote.ts'
import type { Invocation } from '../command.ts'
import { madePlaybook } from '../made-play.ts'
import { play } from '../play.ts'

/** vpai exec PATTERN -- COMMAND: one word is a shell line, several are one program with its arguments. */
export async function run({ args, options, io }: Invocation): Promise<number> {
  const [pattern = '', ...command] = args
  if (command.length === 0) {
    throw new VpaiError('EXEC_NOTHING', 'no command was given', { hint: `vpai exec ${pattern} -- uptime` })
  }
  const line = command.length === 1 ? (command[0] as string) : quoteAll(command)
  return play({
    io,
    options,
    command: `exec ${pattern}`,
    playbooks: () => [],
    made: project =>
      madePlaybook(project.root, {
        pattern,
        name: line,
        module: 'shell',
        args: { cmd: line },
        changedWhen: [false],
      }),
    showOutput: true,
  })
}
