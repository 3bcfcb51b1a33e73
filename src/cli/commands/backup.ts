import { VpaiError } from '../../base/error.ts'
import type { RunEvent } from '../../base/event.ts'
import { callProgram, NOT_HERE } from '../backups/host-program.ts'
import type { Invocation } from '../command.ts'
import { madePlaybook } from '../made-play.ts'
import { play } from '../play.ts'

/** vpai backup ENV [ITEM…]: what cron does each night, now. */
export async function run({ args, options, io }: Invocation): Promise<number> {
  const [env = '', ...items] = args
  let asked = 0
  let without = 0
  const onEvent = (event: RunEvent) => {
    if (event.type !== 'task.result') return
    asked++
    if (event.result.stdout === NOT_HERE) without++
  }
  const code = await play({
    io,
    options,
    command: `backup ${env}`,
    playbooks: () => [],
    made: project =>
      madePlaybook(project.root, {
        pattern: env,
        name: 'backup',
        module: 'shell',
        args: { cmd: callProgram(project, ['run', ...items]) },
        register: 'vpai_backup',
        changedWhen: [`'${NOT_HERE}' not in vpai_backup.stdout`],
        become: true,
      }),
    showOutput: true,
    onEvent,
    within: env,
    extraVars: { target_env: env },
  })
  if (asked === 0 || without < asked) return code
  throw noProgram(env)
}

export function noProgram(env: string): VpaiError {
  return new VpaiError('BACKUP_NOT_CONFIGURED', `no host of ${env} has backups configured`, {
    hint: 'Role backup-config puts the program there, which `vpai deploy` does behind docker-stack.',
  })
}
