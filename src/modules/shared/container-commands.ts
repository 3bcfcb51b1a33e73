/** The docker commands that make, change and remove one container. */
import { quoteAll } from '../../base/quote.ts'
import type { RunAction } from '../contract.ts'
import type { ContainerArgs } from './container-arguments.ts'
import { CONTAINER_OPTIONS, type Difference } from './container-differences.ts'
import { handEnvOver, handLabelsOver } from './container-env.ts'
import { commandWords } from './container-program.ts'
import type { ContainerSight } from './container-wish.ts'
import { at, dockerLine, dockerWords } from './docker-cli.ts'

/** Values of variables and labels travel in files that only the docker program reads. */
export function createCommand(args: ContainerArgs, sight: ContainerSight, image: string): RunAction {
  const env = handEnvOver(sight.env ?? {})
  const labels = handLabelsOver(args.labels ?? {})
  const attached = args.interactive && args.detach !== false ? ['--attach=stdout', '--attach=stderr'] : []
  const flags = [
    `--name=${args.name}`,
    ...CONTAINER_OPTIONS.flatMap(option => option.flags(args)),
    ...attached,
    ...labels.flags,
  ]
  const script = [
    dockerLine(args, ['create', ...flags]),
    ...env.words,
    ...labels.words,
    quoteAll(['--', image, ...commandWords(args)]),
  ].join(' ')
  const files = { ...env.files, ...labels.files }
  return {
    do: 'run',
    script,
    failure: `docker could not make the container ${args.name}`,
    ...(Object.keys(env.env).length > 0 ? { env: env.env } : {}),
    ...(Object.keys(files).length > 0 ? { files } : {}),
  }
}

export function updateCommand(
  args: ContainerArgs,
  { container }: ContainerSight,
  differences: readonly Difference[],
): RunAction {
  const names = new Set(
    differences.map(({ option }) => (option === 'restart_retries' ? 'restart_policy' : option)),
  )
  const flags = CONTAINER_OPTIONS.filter(option => names.has(option.name)).flatMap(option =>
    option.flags(args),
  )
  const memory = Number(at(container, 'HostConfig.Memory'))
  // Unless asked otherwise, docker allows as much swap as memory; left behind, it would forbid more memory than that.
  const doubled = memory > 0 && Number(at(container, 'HostConfig.MemorySwap')) === 2 * memory
  const size = flags.find(flag => flag.startsWith('--memory='))?.slice('--memory='.length)
  const swap =
    doubled && size !== undefined && args.memory_swap === undefined
      ? [`--memory-swap=${2 * Number(size)}`]
      : []
  return one(args, ['update', ...flags, ...swap], 'update')
}

export function startCommand(args: ContainerArgs): RunAction {
  return one(args, ['start'], 'start')
}

export function restartCommand(args: ContainerArgs): RunAction {
  return one(args, ['restart', ...patience(args)], 'restart')
}

export function pauseCommand(args: ContainerArgs, paused: boolean): RunAction {
  return paused ? one(args, ['pause'], 'pause') : one(args, ['unpause'], 'continue')
}

export function stopCommand(args: ContainerArgs): RunAction {
  return args.force_kill
    ? one(args, ['kill', ...(args.kill_signal ? ['--signal', args.kill_signal] : [])], 'kill')
    : one(args, ['stop', ...patience(args)], 'stop')
}

/** One that removes itself may be gone already, or on its way. */
export function removeCommand(args: ContainerArgs, { container }: ContainerSight): RunAction {
  const words = ['rm', '--force', ...(args.keep_volumes ? [] : ['--volumes'])]
  if (at(container, 'HostConfig.AutoRemove') !== true) return one(args, words, 'remove')
  const look = dockerLine(args, ['inspect', '--type', 'container', '--', args.name])
  const script = `i=0; while ${look} >/dev/null 2>&1; do
[ "$i" -ge ${Math.ceil(args.removal_wait_timeout ?? 60)} ] && exit 1
${dockerLine(args, [...words, '--', args.name])} >/dev/null 2>&1 || { i=$((i+1)); sleep 1; }
done`
  return { do: 'run', script, failure: `docker could not remove the container ${args.name}` }
}

function patience({ stop_timeout }: ContainerArgs): string[] {
  return stop_timeout === undefined ? [] : ['-t', String(stop_timeout)]
}

function one(args: ContainerArgs, words: readonly string[], verb: string): RunAction {
  const argv = [...dockerWords(args), ...words, '--', args.name]
  return { do: 'run', argv, failure: `docker could not ${verb} the container ${args.name}` }
}

/** Waits on the host; its output is the last state seen. Ends with 0 when it is healthy. */
export function healthCommand(args: ContainerArgs): RunAction {
  const format = '{{.State.Status}} {{if .State.Health}}{{.State.Health.Status}}{{else}}without{{end}}'
  const look = dockerLine(args, ['inspect', '--type', 'container', '--format', format, '--', args.name])
  const limit = Math.ceil(args.healthy_wait_timeout)
  const script = `i=0; while :; do
s=$(${look} 2>&1) || { echo "$s"; exit 1; }
case $s in *' healthy') exit 0;; *' without'|exited*|dead*) echo "$s"; exit 1;; esac
${limit > 0 ? `[ "$i" -ge ${limit} ] && { echo "$s"; exit 1; }` : ''}
i=$((i+1)); sleep 1
done`
  return { do: 'run', script, ok: 'any', readOnly: true }
}
