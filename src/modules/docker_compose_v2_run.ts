/**
 * docker_compose_v2_run: run a program in a new container of a compose service.
 *
 * Args     project_src, service, argv or command, build, cap_add, cap_drop, entrypoint, interactive, labels, name, no_deps,
 *          publish, quiet_pull, remove_orphans, cleanup, service_ports, use_aliases, volumes, chdir, env, user, stdin …
 * Changes  unknown ahead, so it runs every time.
 * Errors   non-zero rc; compose's own words. Values of `env` travel in compose's environment, never as arguments.
 * Returns  rc, stdout, stderr and their lines; container_id with detach.
 */
import type { z } from 'zod'
import { defineModule, type Verdict } from './contract.ts'
import { bool, list, text } from './shared/arguments.ts'
import {
  composeProgram,
  leakWarnings,
  PROGRAM_RULES,
  programOf,
  programShape,
} from './shared/compose-program.ts'
import { projectShape } from './shared/compose-project.ts'
import { dockerArguments } from './shared/docker-cli.ts'
import { withHome } from './shared/home.ts'

const schema = () =>
  dockerArguments({
    ...projectShape(),
    ...programShape(),
    build: bool().default(false),
    cap_add: list().default([]),
    cap_drop: list().default([]),
    cleanup: bool().default(false),
    entrypoint: text().optional(),
    interactive: bool().default(true),
    labels: list().default([]),
    name: text().optional(),
    no_deps: bool().default(false),
    publish: list().default([]),
    quiet_pull: bool().default(false),
    remove_orphans: bool().default(false),
    service_ports: bool().default(false),
    use_aliases: bool().default(false),
    volumes: list().default([]),
  })
    .refine(PROGRAM_RULES.one, 'takes either argv or command')
    .refine(PROGRAM_RULES.stdin, 'stdin cannot be given to a program that is not waited for')
type Args = z.output<ReturnType<typeof schema>>

export const dockerComposeV2Run = withHome<Args>(
  () => ['project_src'],
  defineModule<Args>({
    name: 'docker_compose_v2_run',
    summary: 'Run a program in a new container of a compose service',
    args: schema,
    keys: () => [],
    settles: 'a command may do something every time it runs',
    decide(args, _seen, ctx): Verdict {
      return {
        kind: 'opaque',
        summary: `docker compose run ${args.service} ${programOf(args)[0] ?? ''}`.trimEnd(),
        changes: true,
        apply: composeProgram(args, 'run', flagsOf(args)),
        warnings: leakWarnings(args, ctx),
      }
    },
  }),
)

function flagsOf(args: Args): string[] {
  const when = (wanted: boolean, word: string) => (wanted ? [word] : [])
  const each = (flag: string, values: readonly string[]) => values.map(value => `${flag}=${value}`)
  return [
    ...when(args.build, '--build'),
    ...each('--cap-add', args.cap_add),
    ...each('--cap-drop', args.cap_drop),
    ...when(args.cleanup, '--rm'),
    ...(args.entrypoint === undefined ? [] : [`--entrypoint=${args.entrypoint}`]),
    ...when(!args.interactive, '--interactive=false'),
    ...each('--label', args.labels),
    ...(args.name === undefined ? [] : [`--name=${args.name}`]),
    ...when(args.no_deps, '--no-deps'),
    ...each('--publish', args.publish),
    ...when(args.quiet_pull, '--quiet-pull'),
    ...when(args.remove_orphans, '--remove-orphans'),
    ...when(args.service_ports, '--service-ports'),
    ...when(args.use_aliases, '--use-aliases'),
    ...each('--volume', args.volumes),
  ]
}
