/**
 * docker_compose_v2_exec: run a program in a container of a compose service.
 *
 * Args     project_src, service, index, argv or command, chdir, env, user, stdin, privileged, tty, detach …
 * Changes  unknown ahead, so it runs every time.
 * Errors   non-zero rc; compose's own words. Values of `env` travel in compose's environment, never as arguments.
 * Returns  rc, stdout, stderr and their lines.
 */
import type { z } from 'zod'
import { defineModule, type Verdict } from './contract.ts'
import { bool, int } from './shared/arguments.ts'
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
    index: int().optional(),
    privileged: bool().default(false),
  })
    .refine(PROGRAM_RULES.one, 'takes either argv or command')
    .refine(PROGRAM_RULES.stdin, 'stdin cannot be given to a program that is not waited for')
    .refine(args => programOf(args).length > 0, 'needs argv or command')
type Args = z.output<ReturnType<typeof schema>>

export const dockerComposeV2Exec = withHome<Args>(
  () => ['project_src'],
  defineModule<Args>({
    name: 'docker_compose_v2_exec',
    summary: 'Run a program in a container of a compose service',
    args: schema,
    keys: () => [],
    settles: 'a command may do something every time it runs',
    decide(args, _seen, ctx): Verdict {
      const flags = [
        ...(args.index === undefined ? [] : ['--index', String(args.index)]),
        ...(args.privileged ? ['--privileged'] : []),
      ]
      return {
        kind: 'opaque',
        summary: `docker compose exec ${args.service} ${programOf(args)[0] ?? ''}`,
        changes: true,
        apply: composeProgram(args, 'exec', flags),
        warnings: leakWarnings(args, ctx),
      }
    },
  }),
)
