import path from 'node:path'
import { VpaiError } from '../../base/error.ts'
import { askYes } from '../ask.ts'
import type { Invocation } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import type { Io } from '../io.ts'
import { play } from '../play.ts'
import { owningOf, pruneAndPlan } from '../project/owning.ts'
import { sitePlaybook } from '../project/site-playbook.ts'
import type { SavedPlan } from '../saved-plan/saved-plan.ts'

interface Deployment {
  readonly env: string
  readonly options: Invocation['options']
  readonly savedPlan?: SavedPlan
}

/** vpai deploy ENV: the site playbook on the hosts of a group. Production asks first. */
export async function run({ args, options, io }: Invocation): Promise<number> {
  const { env, savedPlan, ...deployment } = await deploymentOf({ args, options, io })
  const ended: { before: number | null } = { before: null }
  const code = await play({
    io,
    options: deployment.options,
    command: `deploy ${env}`,
    playbookDirectory: (_root, settings) => path.dirname(settings.playbook),
    playbooks: project => [sitePlaybook(project, env)],
    extraVars: { target_env: env },
    within: env,
    release: { env },
    owning: owningOf(env, deployment.options),
    ...(savedPlan ? { savedPlan } : {}),
    confirm: async () =>
      options.check === true || options.yes === true || !isProduction(env) || confirmed(io, env),
    onEnd: ({ released }) => {
      ended.before = released.before
    },
  })
  if (code !== EXIT.failed || options.check === true || ended.before === null) return code
  return afterFailure({ args, options, io }, { env, to: ended.before })
}

/** What was deployed before is still there to go back to. */
async function afterFailure(
  { options, io }: Invocation,
  { env, to }: { readonly env: string; readonly to: number },
): Promise<number> {
  if (options.rollbackOnFailure !== true) {
    io.err.write(`To go back to release ${to}: vpai rollback ${env} --to ${to}\n`)
    return EXIT.failed
  }
  io.err.write(`The deploy failed: going back to release ${to}.\n`)
  const { run: rollback } = await import('./rollback.ts')
  await rollback({ args: [env], options: { ...options, to: String(to), yes: true }, io })
  return EXIT.failed
}

/** With --plan the environment and the flags are those of the plan. */
async function deploymentOf({ args, options, io }: Invocation): Promise<Deployment> {
  const [environment] = args
  if (typeof options.plan === 'string') {
    if (options.prune === true) throw pruneAndPlan()
    const { openPlan } = await import('../saved-plan/open-plan.ts')
    const { saved, options: planned } = await openPlan(io, { file: options.plan, environment, options })
    return { env: saved.plan.selection.environment, options: planned, savedPlan: saved }
  }
  if (options.maxAge !== undefined)
    throw new VpaiError('OPTION_VALUE', '--max-age is about a saved plan: it needs --plan')
  if (environment !== undefined) return { env: environment, options }
  throw new VpaiError('ENVIRONMENT_MISSING', 'no environment was given', {
    hint: 'vpai deploy ENV, where ENV is a group of the inventory; or vpai deploy --plan FILE.',
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
