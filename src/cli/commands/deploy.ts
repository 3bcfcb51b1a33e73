import path from 'node:path'
import { VpaiError } from '../../base/error.ts'
import type { DataKept } from '../../engine/first-change.ts'
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
  const ended: Ended = { before: null, dataKept: null }
  const code = await play({
    io,
    options: deployment.options,
    command: `deploy ${env}`,
    playbookDirectory: (_root, settings) => path.dirname(settings.playbook),
    playbooks: project => [sitePlaybook(project, env)],
    extraVars: { target_env: env },
    within: env,
    release: { env },
    keepsData: true,
    owning: owningOf(env, deployment.options),
    ...(savedPlan ? { savedPlan } : {}),
    ...(asksFirst(env, options) ? { confirm: () => confirmed(io, env) } : {}),
    onEnd: ({ released, dataKept }) => {
      ended.before = released.before
      ended.dataKept = dataKept
    },
  })
  // Where data could not be kept, nothing was changed.
  if (code !== EXIT.failed || options.check === true || ended.before === null || ended.dataKept === 'failed')
    return code
  return afterFailure({ args, options, io }, { env, to: ended.before, isDataKept: ended.dataKept === 'kept' })
}

interface Ended {
  before: number | null
  dataKept: DataKept
}

/** What was deployed before is still there to go back to. */
async function afterFailure(
  { options, io }: Invocation,
  { env, to, isDataKept }: { readonly env: string; readonly to: number; readonly isDataKept: boolean },
): Promise<number> {
  const back = `vpai rollback ${env} --to ${to}`
  const data = isDataKept ? `With the data as it was before anything was changed: ${back} --with-data\n` : ''
  if (options.rollbackOnFailure !== true) {
    io.err.write(`To go back to release ${to}: ${back}\n${data}`)
    return EXIT.failed
  }
  io.err.write(`The deploy failed: going back to release ${to}. Data stays as it is.\n${data}`)
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

function asksFirst(env: string, options: Invocation['options']): boolean {
  return isProduction(env) && options.check !== true && options.yes !== true
}

async function confirmed(io: Io, env: string): Promise<boolean> {
  if (!io.stdinIsTty) {
    throw new VpaiError('CONFIRM_NEEDED', `deploying to ${env} asks first, and nobody can be asked`, {
      hint: 'Add --yes when a program runs this.',
    })
  }
  return askYes(`Deploy to ${env}?`)
}
