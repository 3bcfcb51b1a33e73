import path from 'node:path'
import { VpaiError } from '../../base/error.ts'
import type { Invocation } from '../command.ts'
import type { Io } from '../io.ts'
import { play } from '../play.ts'
import { owningOf, pruneAndPlan } from '../project/owning.ts'
import { sitePlaybook } from '../project/site-playbook.ts'

/** vpai plan ENV: the same code as deploy with applying left out. Exit 0 nothing to do, 2 changes, 3 a host failed, 4 unreachable. */
export async function run({ args, options, io }: Invocation): Promise<number> {
  const [env = ''] = args
  const file = await fileOf(io, options)
  return play({
    io,
    options,
    command: `plan ${env}`,
    playbookDirectory: (_root, settings) => path.dirname(settings.playbook),
    playbooks: project => [sitePlaybook(project, env)],
    extraVars: { target_env: env },
    within: env,
    owning: owningOf(env, options),
    check: true,
    diff: true,
    isPlan: true,
    ...(file === null ? {} : { savedPlan: { kind: 'save', file } }),
  })
}

async function fileOf(io: Io, options: Invocation['options']): Promise<string | null> {
  if (typeof options.save !== 'string') return null
  if (options.prune === true) throw pruneAndPlan()
  if (options.save === '-' || options.save === '') {
    throw new VpaiError('OPTION_VALUE', '--save takes the name of a file: standard output shows the plan', {
      hint: 'vpai plan ENV -o plan.json',
    })
  }
  const { refuseListing } = await import('../saved-plan/selection.ts')
  refuseListing(options, '--save')
  return path.resolve(io.cwd, options.save)
}
