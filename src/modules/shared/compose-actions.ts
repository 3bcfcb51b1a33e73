/** The compose commands of each state, and what they report, as actions in the words of community.docker. */
import type { RunAction, Steps } from '../contract.ts'
import type { ComposeArgs } from '../docker_compose_v2.ts'
import { type ComposeSeen, composeKey, composeWords, readCompose } from './compose-probe.ts'
import { composeReturns } from './compose-returns.ts'
import { complaint, failedResult } from './results.ts'

export function composeSteps(args: ComposeArgs, project: ComposeSeen): Steps {
  return function* () {
    let stdout = ''
    let stderr = ''
    for (const words of commands(args)) {
      const output = yield run(args, words)
      stdout += output.stdout
      stderr += output.stderr
      if (output.code !== 0) {
        const actions = composeEvents(stderr)
        return failedResult(
          `docker compose ${words[0]} failed${images(project, stderr)}: ${complaint(output)}`,
          {
            cmd: words,
            rc: output.code,
            stdout,
            stderr,
            actions,
          },
        )
      }
    }
    const actions = composeEvents(stderr)
    const after = readCompose(yield { do: 'run', script: composeKey(args).script, ok: 'any', readOnly: true })
    const now = typeof after === 'string' ? project : after
    return {
      changed: args.state === 'restarted' || actions.some(one => isWork(args, one.status)),
      actions,
      ...composeReturns(now),
      stdout,
      stderr,
    }
  }
}

/** A build that comes out as it was is no change, unless the task wants to be told of builds. */
const isWork = (args: ComposeArgs, status: string) => status !== 'Building' || !args.ignore_build_events

/** Compose names the service whose pull failed, not its image; people look for the image. */
function images(project: ComposeSeen, stderr: string): string {
  const failing = [...stderr.matchAll(/^\s*(?:[✘!]\s*)?(\S+)\s+(?:Error|Warning)\b/gm)].map(
    ([, service = '']) => project.services.get(service)?.image,
  )
  const known = [...new Set(failing.filter(image => image !== undefined && image !== ''))]
  return known.length === 0 ? '' : ` for the image ${known.join(', ')}`
}

function run(args: ComposeArgs, words: readonly string[]): RunAction {
  return { do: 'run', argv: [...composeWords(args), ...words], cwd: args.project_src, ok: 'any' }
}

function commands(args: ComposeArgs): string[][] {
  const stopTimeout = args.timeout === undefined ? [] : ['--timeout', String(args.timeout)]
  const named = args.services.length > 0 ? ['--', ...args.services] : []
  switch (args.state) {
    case 'present':
      return [['up', '--detach', ...upWords(args), ...named]]
    case 'stopped':
      return [
        ['up', '--no-start', ...upWords({ ...args, wait: false }), ...named],
        ['stop', ...stopTimeout, ...named],
      ]
    case 'restarted':
      return [['restart', ...(args.dependencies ? [] : ['--no-deps']), ...stopTimeout, ...named]]
    case 'absent':
      return [
        [
          'down',
          ...(args.remove_orphans ? ['--remove-orphans'] : []),
          ...(args.remove_images === undefined ? [] : ['--rmi', args.remove_images]),
          ...(args.remove_volumes ? ['--volumes'] : []),
          ...stopTimeout,
          ...named,
        ],
      ]
  }
}

function upWords(args: ComposeArgs): string[] {
  const when = (wanted: boolean, ...words: string[]) => (wanted ? words : [])
  return [
    ...when(args.remove_orphans, '--remove-orphans'),
    ...when(args.pull !== 'policy', '--pull', args.pull),
    ...when(args.build === 'always', '--build'),
    ...when(args.build === 'never', '--no-build'),
    ...when(args.recreate === 'always', '--force-recreate'),
    ...when(args.recreate === 'never', '--no-recreate'),
    ...when(args.renew_anon_volumes, '--renew-anon-volumes'),
    ...when(!args.dependencies, '--no-deps'),
    ...Object.entries(args.scale).flatMap(([service, count]) => ['--scale', `${service}=${count}`]),
    ...when(args.timeout !== undefined, '--timeout', String(args.timeout)),
    ...when(
      args.wait,
      '--wait',
      ...when(args.wait_timeout !== undefined, '--wait-timeout', String(args.wait_timeout)),
    ),
    ...when(args.assume_yes, '-y'),
  ]
}

const WORKING = [
  'Creating',
  'Starting',
  'Restarting',
  'Stopping',
  'Killing',
  'Removing',
  'Recreate',
  'Recreating',
  'Pulling',
  'Building',
]
const KINDS: Readonly<Record<string, string>> = {
  Container: 'container',
  Network: 'network',
  Volume: 'volume',
  Image: 'image',
  Service: 'service',
}

/** Lines such as " Container shop-web-1  Recreate"; only those of work that was done, none for "Running". */
export function composeEvents(stderr: string): { what: string; id: string; status: string }[] {
  const found = stderr.split(/[\r\n]+/).flatMap(line => {
    const [, kind = '', id = '', status = ''] =
      /^\s*(?:[✔⠿]\s*)?(Container|Network|Volume|Image|Service)?\s*"?([\w./:@-]+)"?\s+(\w+)/.exec(line) ?? []
    return WORKING.includes(status) ? [{ what: KINDS[kind] ?? 'service', id, status }] : []
  })
  return found.filter(
    (one, index) => found.findIndex(other => other.id === one.id && other.status === one.status) === index,
  )
}
