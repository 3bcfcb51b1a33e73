/**
 * docker_container: a container of the Docker engine, there or not, as it is asked for, running or not.
 *
 * Args     name, image, state (started | present | stopped | healthy | absent), command, env, published_ports, volumes,
 *          networks … and comparisons, which says how an existing container is compared with them.
 * Changes  Limits and the restart policy are changed in place; networks are connected and disconnected; for any other
 *          difference the container is made anew. Lists and mappings may have more than was asked for unless
 *          comparisons says strict. Values of env and labels are handed over in files, never as arguments.
 * Errors   docker's own words; no image to be had; a container that does not become healthy; with detach: false an
 *          exit code that is not 0. A health check after CMD runs through the container's shell, and an entrypoint of
 *          several words continues in the command: the docker program has no other form.
 * Returns  container (as docker inspect tells, {} when absent), status (with detach: false).
 */

import type { Seen } from '../probes/contract.ts'
import { type Context, defineModule, type Verdict } from './contract.ts'
import { type ContainerArgs, containerSchema, withDefaults } from './shared/container-arguments.ts'
import { type Comparisons, isImageId, readComparisons } from './shared/container-differences.ts'
import { containerKey, containerKeys, homeKey, lookAtContainer } from './shared/container-look.ts'
import { planContainer } from './shared/container-plan.ts'
import { portProblem } from './shared/container-ports.ts'
import { applyPlan, pullAndApply, removeContainer, waitUntilHealthy } from './shared/container-steps.ts'
import { needsHome, volumeProblem, withHomeIn } from './shared/container-volumes.ts'
import type { ContainerSight } from './shared/container-wish.ts'
import { ofOwnEngine } from './shared/declared.ts'
import { textAt } from './shared/docker-cli.ts'
import { withHome } from './shared/home.ts'
import { fail } from './shared/results.ts'

export const dockerContainer = withHome<ContainerArgs>(
  () => ['env_file'],
  defineModule<ContainerArgs>({
    name: 'docker_container',
    summary: 'A container of the Docker engine',
    args: containerSchema,
    keys: (args, ctx) => containerKeys(args, ctx),
    decide(given, seen, ctx): Verdict {
      const args = atHome(withDefaults(given), seen, ctx)
      const problem = typeof args === 'string' ? args : (portProblem(args) ?? volumeProblem(args))
      if (typeof args === 'string' || problem !== null) return fail(problem ?? '')
      const comparisons = readComparisons(args)
      if (typeof comparisons === 'string') return fail(comparisons)
      const sight = lookAtContainer(args, seen)
      if ('kind' in sight) return sight
      return args.state === 'absent' ? absent(args, sight) : present(args, sight, { comparisons, ctx })
    },
    declares: args =>
      args.state === 'absent' || args.detach === false || args.auto_remove === true
        ? []
        : ofOwnEngine(args, [{ kind: 'container', name: args.name }]),
    settles:
      'recreate, restart and pull: always act or look each time they are asked for, and with detach: false an ended container is run again',
  }),
)

/** Sources of volumes below the home directory, made absolute; a sentence when there is no such user. */
function atHome(args: ContainerArgs, seen: Seen, ctx: Context): ContainerArgs | string {
  if (!needsHome(args)) return args
  const user = seen.get(homeKey(ctx))
  if (!user.exists) return `volumes: there is no user ${ctx.user} on the host`
  return { ...args, volumes: withHomeIn(args.volumes ?? [], user.home) }
}

function absent(args: ContainerArgs, sight: ContainerSight): Verdict {
  if (sight.container === null) return { kind: 'ok', result: { container: {} } }
  const from = textAt(sight.container, 'State.Status') || 'present'
  return {
    kind: 'change',
    changes: [{ what: 'state', subject: args.name, from, to: 'absent' }],
    apply: () => removeContainer(args, sight),
    result: { container: {} },
    touches: [containerKey(args)],
  }
}

interface Rules {
  readonly comparisons: Comparisons
  readonly ctx: Context
}

function present(args: ContainerArgs, sight: ContainerSight, { comparisons, ctx }: Rules): Verdict {
  const isMissing = args.image !== undefined && sight.image === null
  const isPulled = args.image !== undefined && !isImageId(args.image)
  if (isMissing && (args.pull === 'never' || !isPulled))
    return fail(`the image ${args.image} is not on the host, and it is not to be pulled`)
  const plan = planContainer(args, sight, comparisons)
  if (typeof plan === 'string') return fail(plan)
  const pulls = isPulled && (isMissing || args.pull === 'always')
  const tells = isMissing || (pulls && args.pull_check_mode_behavior === 'always' && ctx.check)
  const pull = {
    what: 'image',
    subject: args.image ?? '',
    from: isMissing ? 'absent' : 'present',
    to: 'pulled',
  }
  const changes = [...(tells ? [pull] : []), ...plan.changes]
  const apply = () => (pulls ? pullAndApply(args, sight, comparisons) : applyPlan(args, sight, plan))
  if (pulls && !isMissing && !ctx.check)
    return { kind: 'opaque', summary: `pull ${args.image} and see to ${args.name}`, apply }
  const result = { container: sight.container ?? {} }
  if (changes.length > 0) return { kind: 'change', changes, apply, result, touches: [containerKey(args)] }
  const isHealthy = textAt(sight.container, 'State.Health.Status') === 'healthy'
  if (args.state !== 'healthy' || isHealthy || ctx.check) return { kind: 'ok', result }
  const summary = `wait until ${args.name} is healthy`
  return { kind: 'opaque', summary, changes: false, apply: () => waiting(args) }
}

function* waiting(args: ContainerArgs) {
  return { ...(yield* waitUntilHealthy(args)), changed: false }
}
