/**
 * docker_compose_v2: a compose project, service by service.
 *
 * Args     project_src, project_name, files, env_files, profiles, services, state
 *          present|stopped|restarted|absent, pull, build, recreate, remove_orphans, dependencies, wait,
 *          wait_timeout, timeout, scale, renew_anon_volumes, remove_images, remove_volumes …
 * Changes  create, recreate, start, stop, remove for each service: from compose's own config hash and image
 *          ids against the containers, so a project that is in order runs no `up`, also in check mode.
 * Errors   compose's own words. A service that exited with 0 is in order when others wait for it to complete.
 */

import type { z } from 'zod'
import type { Resource } from '../base/resource.ts'
import type { Seen } from '../probes/contract.ts'
import { type Context, defineModule, type Result, type Verdict } from './contract.ts'
import { bool, choice, dict, int, list } from './shared/arguments.ts'
import { composeSteps } from './shared/compose-actions.ts'
import { composeDifferences } from './shared/compose-differences.ts'
import { type ComposeSeen, composeKey, readCompose } from './shared/compose-probe.ts'
import { projectShape } from './shared/compose-project.ts'
import { composeReturns } from './shared/compose-returns.ts'
import { ofOwnEngine } from './shared/declared.ts'
import { dockerArguments } from './shared/docker-cli.ts'
import { withHome } from './shared/home.ts'
import { baseName } from './shared/paths.ts'
import { fail } from './shared/results.ts'

const schema = () =>
  dockerArguments({
    ...projectShape(),
    services: list().default([]),
    state: choice(['present', 'stopped', 'restarted', 'absent']).default('present'),
    pull: choice(['always', 'missing', 'never', 'policy']).default('policy'),
    build: choice(['always', 'never', 'policy']).default('policy'),
    recreate: choice(['auto', 'never', 'always']).default('auto'),
    renew_anon_volumes: bool().default(false),
    remove_orphans: bool().default(false),
    remove_images: choice(['all', 'local']).optional(),
    remove_volumes: bool().default(false),
    dependencies: bool().default(true),
    scale: dict().default({}),
    timeout: int().optional(),
    wait: bool().default(false),
    wait_timeout: int().optional(),
    ignore_build_events: bool().default(true),
    assume_yes: bool().default(false),
  })
export type ComposeArgs = z.output<ReturnType<typeof schema>>

export const dockerComposeV2 = withHome<ComposeArgs>(
  () => ['project_src'],
  defineModule<ComposeArgs>({
    name: 'docker_compose_v2',
    summary: 'A compose project, service by service',
    args: schema,
    keys: args => [composeKey(args)],
    decide(args, seen: Seen, ctx): Verdict {
      const answer = seen.get(composeKey(args))
      const project = readCompose(answer)
      if (typeof project === 'string') return fail(project)
      const unknown = args.services.find(name => !project.services.has(name))
      if (unknown !== undefined && args.state !== 'absent') return fail(`no such service: ${unknown}`)
      return verdictFor(args, project, ctx)
    },
    declares: declaredBy,
    settles: 'restarted, recreate: always and pull: always act or look each time they are asked for',
  }),
)

function verdictFor(args: ComposeArgs, project: ComposeSeen, ctx: Context): Verdict {
  const changes = composeDifferences(args, project)
  const result: Result = {
    project: project.name,
    actions: [],
    ...composeReturns(project),
  }
  const looks = args.state === 'present' && (args.pull === 'always' || args.build === 'always')
  const apply = composeSteps(args, project)
  if (changes.length > 0) {
    const actions = changes.map(({ what, subject, to }) => ({
      what,
      id: subject,
      status: String(to ?? 'Removing'),
    }))
    return { kind: 'change', changes, apply, result: { ...result, actions }, touches: [composeKey(args)] }
  }
  // What the registry or a build would bring is known only by asking it.
  if (looks && !ctx.check)
    return { kind: 'opaque', summary: `docker compose up (${args.project_src})`, apply }
  const warnings = looks
    ? ['check mode does not ask the registry or build: newer images would be found only then']
    : []
  return { kind: 'ok', result, warnings }
}

/** Named as compose names it, unless the files themselves say otherwise, which only the result tells. */
function declaredBy(args: ComposeArgs, result: Result): readonly Resource[] {
  const { project_src: directory, project_name, files = [] } = args
  if (args.state === 'absent' || !directory.startsWith('/')) return []
  const base = baseName(directory)
    .toLowerCase()
    .replace(/[^a-z0-9_-]/g, '')
    .replace(/^[_-]+/, '')
  const project = typeof result.project === 'string' ? result.project : (project_name ?? base)
  return ofOwnEngine(args, [{ kind: 'compose', project, directory, files }])
}
