/** Carries a container plan out, and tells what the container is like then. */
import type { Dict } from '../../base/value.ts'
import type { Action, Output, Result } from '../contract.ts'
import type { ContainerArgs } from './container-arguments.ts'
import {
  createCommand,
  healthCommand,
  pauseCommand,
  removeCommand,
  restartCommand,
  startCommand,
  stopCommand,
  updateCommand,
} from './container-commands.ts'
import type { Comparisons } from './container-differences.ts'
import { containerKey, imageKey, named, theImage } from './container-look.ts'
import { furtherNetworks } from './container-networks.ts'
import { type ContainerPlan, planContainer } from './container-plan.ts'
import type { ContainerSight } from './container-wish.ts'
import { at, dockerLine, dockerWords, readInspected, textAt } from './docker-cli.ts'
import { complaint, failedResult } from './results.ts'

type Doing = Generator<Action, Result, Output>

/** Stops it first, so that it ends as it would by hand. */
export function* removeContainer(args: ContainerArgs, sight: ContainerSight): Doing {
  if (at(sight.container, 'State.Running') === true) yield stopCommand(args)
  yield removeCommand(args, sight)
  return { container: {} }
}

/** Gets the image first; what it brings decides about the container. */
export function* pullAndApply(args: ContainerArgs, sight: ContainerSight, comparisons: Comparisons): Doing {
  const image = args.image ?? ''
  const platform = args.platform === undefined ? [] : ['--platform', args.platform]
  yield {
    do: 'run',
    argv: [...dockerWords(args), 'pull', '--quiet', ...platform, '--', image],
    failure: `docker could not pull the image ${image}`,
  }
  const script = imageKey(args, image).script
  const pulled = theImage(yield { do: 'run', script, ok: 'any', readOnly: true })
  if (pulled === null || typeof pulled === 'string')
    return failedResult(`the image ${image} is not there after it was pulled: ${pulled ?? ''}`)
  const isNew = textAt(pulled, 'Id') !== textAt(sight.image, 'Id')
  const plan = planContainer(args, { ...sight, image: pulled }, comparisons)
  if (typeof plan === 'string') return failedResult(plan)
  const result = yield* applyPlan(args, { ...sight, image: pulled }, plan)
  return { ...result, changed: isNew || plan.changes.length > 0 }
}

export function* applyPlan(args: ContainerArgs, sight: ContainerSight, plan: ContainerPlan): Doing {
  if (plan.makes) {
    if (sight.container !== null) yield* removeContainer(args, sight)
    const made = yield createCommand(args, sight, args.image ?? textAt(sight.container, 'Config.Image'))
    yield* furtherNetworks(args)
    return withWarnings(made, yield* powerUp(args, plan))
  } else {
    if (plan.updates.length > 0) yield updateCommand(args, sight, plan.updates)
    yield* plan.networks.actions
  }
  return yield* powerUp(args, plan)
}

/** What the engine could not honour: it says so and goes on. */
function withWarnings({ stderr }: Output, result: Result): Result {
  const warnings = [...stderr.matchAll(/^WARNING: (.+)$/gm)].map(([, warning = '']) => warning)
  return warnings.length === 0 ? result : { ...result, warnings }
}

function* powerUp(args: ContainerArgs, plan: ContainerPlan): Doing {
  if (plan.power === 'start' && args.detach === false) return yield* runToTheEnd(args)
  if (plan.power === 'start') yield startCommand(args)
  if (plan.power === 'restart') yield restartCommand(args)
  if (plan.power === 'stop') yield stopCommand(args)
  if (plan.pause !== null) yield pauseCommand(args, plan.pause)
  return args.state === 'healthy' ? yield* waitUntilHealthy(args) : { container: yield* lookAgain(args) }
}

export function* waitUntilHealthy(args: ContainerArgs): Doing {
  const { code, stdout } = yield healthCommand(args)
  const container = yield* lookAgain(args)
  if (code === 0) return { container }
  const [status = '', health = ''] = stdout.trim().split(' ')
  const why =
    health === 'without'
      ? 'it has no health check'
      : `it is ${status}${health ? `, ${health}` : ''} (waited up to ${args.healthy_wait_timeout} s)`
  return failedResult(`the container ${args.name} did not become healthy: ${why}`, { container })
}

const READABLE = ['json-file', 'journald', 'local']

/** `detach: false`: waits for the end; the exit code and what was printed are the result. */
function* runToTheEnd(args: ContainerArgs): Doing {
  if (args.auto_remove) return yield* attachToTheEnd(args)
  yield startCommand(args)
  const argv = [...dockerWords(args), 'wait', '--', args.name]
  const waited = yield { do: 'run', argv, failure: `docker could not wait for ${args.name}` }
  const status = Number(waited.stdout.trim())
  const container = yield* lookAgain(args)
  const driver = textAt(container, 'HostConfig.LogConfig.Type')
  const script = `${dockerLine(args, ['logs', '--', args.name])} 2>&1`
  const output = READABLE.includes(driver)
    ? (yield { do: 'run', script, readOnly: true }).stdout
    : `Result logged using \`${driver}\` driver`
  if (args.cleanup)
    yield removeCommand(args, { container, image: null, currentImage: null, ids: new Map(), env: null })
  return ended(status, { ...container, Output: output })
}

/** It is gone as soon as it ends, so its exit code must be waited for from the start. */
function* attachToTheEnd(args: ContainerArgs): Doing {
  const argv = [...dockerWords(args), 'start', '--attach', '--', args.name]
  const output = yield { do: 'run', argv, ok: 'any' }
  const said = output.code === 0 ? 'Cannot retrieve result as auto_remove is enabled' : complaint(output)
  return ended(output.code, { Output: said })
}

function ended(status: number, container: Dict): Result {
  const result = { container, status }
  return status === 0
    ? result
    : failedResult(textAt(container, 'Output') || `it ended with exit code ${status}`, result)
}

function* lookAgain(args: ContainerArgs): Generator<Action, Dict, Output> {
  const answer = yield { do: 'run', script: containerKey(args).script, ok: 'any', readOnly: true }
  const list = readInspected(answer)
  return 'problem' in list ? {} : (named(list.found, args.name) ?? {})
}
