import path from 'node:path'
import type { Invocation } from '../command.ts'
import { play } from '../play.ts'
import { sitePlaybook } from '../project/site-playbook.ts'

/** vpai plan ENV: the same code as deploy with applying left out. Exit 0 nothing to do, 2 changes, 3 a host failed, 4 unreachable. */
export async function run({ args, options, io }: Invocation): Promise<number> {
  const [env = ''] = args
  return play({
    io,
    options,
    command: `plan ${env}`,
    playbookDirectory: (_root, settings) => path.dirname(settings.playbook),
    playbooks: project => [sitePlaybook(project, env)],
    extraVars: { target_env: env },
    within: env,
    check: true,
    diff: true,
    isPlan: true,
  })
}
