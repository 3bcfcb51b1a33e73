/** What must happen so that a container is as wanted. */
import type { Change } from '../contract.ts'
import type { ContainerArgs } from './container-arguments.ts'
import {
  type Comparisons,
  containerDifferences,
  type Difference,
  imageDifference,
  strangeLabels,
} from './container-differences.ts'
import { type NetworkSteps, networkSteps } from './container-networks.ts'
import type { ContainerSight } from './container-wish.ts'
import { at, textAt } from './docker-cli.ts'

export interface ContainerPlan {
  readonly changes: readonly Change[]
  /** The container is made, in the place of the one that is there, if any. */
  readonly makes: boolean
  readonly updates: readonly Difference[]
  readonly networks: NetworkSteps
  readonly power: 'start' | 'restart' | 'stop' | null
  readonly pause: boolean | null
}

/** A sentence when it cannot be. */
export function planContainer(
  args: ContainerArgs,
  sight: ContainerSight,
  comparisons: Comparisons,
): ContainerPlan | string {
  const { container } = sight
  if (container === null && args.image === undefined)
    return `there is no container ${args.name}, and without image none can be made`
  const strange = strangeLabels(args, sight, comparisons)
  if (strange.length > 0) return `the image has labels that the task does not set: ${strange.join(', ')}`
  const differences = containerDifferences(args, sight, comparisons)
  const image = imageDifference(args, sight, comparisons)
  const fixed = differences.filter(one => !one.updates)
  const makes = container === null || args.recreate || image !== null || fixed.length > 0
  const strict = comparisons.of('networks') === 'strict'
  const networks =
    makes || container === null || comparisons.of('networks') === 'ignore'
      ? { changes: [], actions: [] }
      : networkSteps(args, container, strict)
  const power = powerOf(args, sight, makes)
  const pause = pauseOf(args, sight, makes)
  return {
    makes,
    updates: makes ? [] : differences,
    networks,
    power,
    pause,
    changes: [
      ...(image === null ? [] : [image]),
      ...differences.map(one => one.change),
      ...networks.changes,
      ...stateChanges(args, sight, { makes, power, pause }),
    ],
  }
}

function isUp({ container }: ContainerSight): boolean {
  return at(container, 'State.Running') === true
}

function wantsUp({ state }: ContainerArgs): boolean {
  return state === 'started' || state === 'healthy'
}

function powerOf(args: ContainerArgs, sight: ContainerSight, makes: boolean): ContainerPlan['power'] {
  if (wantsUp(args)) return makes || !isUp(sight) ? 'start' : args.restart ? 'restart' : null
  return args.state === 'stopped' && !makes && isUp(sight) ? 'stop' : null
}

function pauseOf(args: ContainerArgs, sight: ContainerSight, makes: boolean): boolean | null {
  if (!wantsUp(args) || args.paused === undefined) return null
  const isPaused = !makes && at(sight.container, 'State.Paused') === true
  return args.paused === isPaused ? null : args.paused
}

function stateChanges(
  args: ContainerArgs,
  { container }: ContainerSight,
  { makes, power, pause }: Pick<ContainerPlan, 'makes' | 'power' | 'pause'>,
): Change[] {
  const was = container === null ? 'absent' : textAt(container, 'State.Status')
  const change = (what: string, from: string, to: string): Change => ({ what, subject: args.name, from, to })
  if (container === null) return [change('state', was, power === 'start' ? 'running' : 'present')]
  return [
    ...(makes && args.recreate ? [change('container', 'present', 'made anew')] : []),
    ...(power === 'start' && was !== 'running' ? [change('state', was, 'running')] : []),
    ...(power === 'restart' ? [change('state', was, 'restarted')] : []),
    ...(power === 'stop' ? [change('state', was, 'stopped')] : []),
    ...(pause === null ? [] : [change('paused', String(!pause), String(pause))]),
  ]
}
