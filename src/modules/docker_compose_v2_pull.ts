/**
 * docker_compose_v2_pull: get the images of a compose project.
 *
 * Args     project_src, services, policy (always | missing), include_deps, ignore_buildable, files, profiles …
 * Changes  images that are missing or newer at the registry; only asking it tells.
 * Errors   compose's own words.
 * Returns  actions, stdout, stderr.
 */
import type { z } from 'zod'
import { quoteAll } from '../base/quote.ts'
import { type Action, defineModule, type Output, type Result, type Verdict } from './contract.ts'
import { bool, choice, list } from './shared/arguments.ts'
import { composeWords } from './shared/compose-probe.ts'
import { projectShape } from './shared/compose-project.ts'
import { dockerArguments } from './shared/docker-cli.ts'
import { withHome } from './shared/home.ts'
import { complaint, failedResult } from './shared/results.ts'

const schema = () =>
  dockerArguments({
    ...projectShape(),
    services: list().default([]),
    policy: choice(['always', 'missing']).default('always'),
    include_deps: bool().default(false),
    ignore_buildable: bool().default(false),
  })
type Args = z.output<ReturnType<typeof schema>>

export const dockerComposeV2Pull = withHome<Args>(
  () => ['project_src'],
  defineModule<Args>({
    name: 'docker_compose_v2_pull',
    summary: 'Get the images of a compose project',
    args: schema,
    keys: () => [],
    settles: 'what the registry has is found out by asking it',
    decide: (args): Verdict => ({
      kind: 'opaque',
      summary: `docker compose pull (${args.project_src})`,
      apply: () => pulling(args),
    }),
  }),
)

/** Which image each of the project's names stands for, before and after: compose says "Pulled" either way. */
function imagesScript(args: Args): string {
  const images = quoteAll([...composeWords(args), 'config', '--images'])
  const docker = quoteAll(composeWords(args).slice(0, composeWords(args).indexOf('compose')))
  return `for i in $(${images}); do printf '%s %s\\n' "$i" "$(${docker} image inspect --format '{{.Id}}' "$i" 2>/dev/null)"; done`
}

function* pulling(args: Args): Generator<Action, Result, Output> {
  const look: Action = {
    do: 'run',
    script: imagesScript(args),
    cwd: args.project_src,
    ok: 'any',
    readOnly: true,
  }
  const before = (yield look).stdout.split('\n')
  const words = [
    'pull',
    ...(args.policy === 'always' ? [] : ['--policy', args.policy]),
    ...(args.include_deps ? ['--include-deps'] : []),
    ...(args.ignore_buildable ? ['--ignore-buildable'] : []),
    ...['--', ...args.services],
  ]
  const done = yield { do: 'run', argv: [...composeWords(args), ...words], cwd: args.project_src, ok: 'any' }
  const { stdout, stderr, code: rc } = done
  if (rc !== 0)
    return failedResult(`docker compose pull failed: ${complaint(done)}`, { rc, stdout, stderr, actions: [] })
  const newer = (yield look).stdout.split('\n').filter(line => line !== '' && !before.includes(line))
  const actions = newer.map(line => ({ what: 'image', id: line.split(' ')[0] ?? '', status: 'Pulling' }))
  return { changed: newer.length > 0, actions, rc, stdout, stderr }
}
