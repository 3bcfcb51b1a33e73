import { VpaiError } from '../../base/error.ts'
import { lastRequest } from '../../state/run-directory.ts'
import type { Invocation } from '../command.ts'
import { openProject } from '../project/open.ts'

/** vpai resume: the last deploy or run that did not come to a good end, once more; what its commands did is not done again. */
export async function run({ io, options }: Invocation): Promise<number> {
  const { stateDirectory } = await openProject({ io, options, needsSecrets: false })
  const request = lastRequest(stateDirectory)
  if (request === null || request.ended === 'ok') {
    throw new VpaiError('RESUME_NOTHING', 'the last run came to its end: there is nothing to go on with')
  }
  if (request.argv === null) {
    throw new VpaiError(
      'RESUME_SECRET',
      'the command line of the last run held a secret, so it was not kept',
      {
        hint: 'Run it again as it was typed. Values of secrets belong into the secrets file, or a file for -e @FILE.',
      },
    )
  }
  io.err.write(`vpai ${request.argv.join(' ')}\n`)
  const { main } = await import('../main.ts')
  return main(request.argv, { ...io, cwd: request.cwd, resumes: true })
}
