import { VpaiError } from '../../base/error.ts'
import { askYes } from '../ask.ts'
import type { Invocation } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import { madePlaybook } from '../made-play.ts'
import { type PlayRequest, play } from '../play.ts'

/** vpai remove ROLE [PATTERN]: what only that role has declared on the hosts; shown and asked for before it is done. */
export async function run({ args, options, io }: Invocation): Promise<number> {
  const [role = '', pattern = 'all'] = args
  let count = 0
  const request: PlayRequest = {
    io,
    options,
    command: `remove ${role} ${pattern}`,
    playbooks: () => [],
    made: project =>
      madePlaybook(project.root, {
        pattern,
        name: `look at what role ${role} has brought`,
        module: 'stat',
        args: { path: '/' },
        become: true,
      }),
    owning: { kind: 'remove', role },
    onEvent: event => {
      if (event.type === 'orphan') count++
    },
  }
  if (options.check === true || options.yes === true) return told(await play(request))
  if (!io.stdinIsTty) {
    throw new VpaiError('CONFIRM_NEEDED', `removing ${role} asks first, and nobody can be asked`, {
      hint: 'Look with --check; add --yes when a program runs this.',
    })
  }
  const code = told(await play({ ...request, check: true }))
  if (code !== EXIT.fine || count === 0) return code
  if (!(await askYes(`Remove this of role ${role}?`))) return EXIT.usage
  return play(request)

  function told(exitCode: number): number {
    if (exitCode === EXIT.fine && count === 0)
      io.err.write(`Nothing on these hosts is of role ${role} alone.\n`)
    return exitCode
  }
}
