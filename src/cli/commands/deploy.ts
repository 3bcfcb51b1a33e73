import path from 'node:path'
import { VpaiError } from '../../base/error.ts'
import { askYes } from '../ask.ts'
import type { Invocation } from '../command.ts'
import type { Io } from '../io.ts'
import { play } from '../play.ts'
import { sitePlaybook } from '../project/site-playbook.ts'

/** vpai deploy ENV: the site playbook on the hosts of a group. Production asks first. */
export async function run({ args, options, io }: Invocation): Promise<number> {
  const [env = ''] = args
  return play({
    io,
    options,
    command: `deploy ${env}`,
    playbookDirectory: (_root, settings) => path.dirname(settings.playbook),
    playbooks: project => [sitePlaybook(project, env)],
    extraVars: { target_env: env },
    within: env,
    confirm: async () =>
      options.check === true || options.yes === true || !isProduction(env) || confirmed(io, env),
  })
}

function isProduction(env: string): boolean {
  return /(^|[-_])prod(uction)?($|[-_])/.test(env)
}

async function confirmed(io: Io, env: string): Promise<boolean> {
  if (!io.stdinIsTty) {
    throw new VpaiError('CONFIRM_NEEDED', `deploying to ${env} asks first, and nobody can be asked`, {
      hint: 'Add --yes when a program runs this.',
    })
  }
  return askYes(`Deploy to ${env}?`)
}
