import { askYes } from '../ask.ts'
import type { Invocation } from '../command.ts'
import { madePlaybook } from '../made-play.ts'
import { play } from '../play.ts'
import { NOT_HERE, searchForService, serviceScript } from '../service-script.ts'

/** vpai restart SERVICE: a container of that name (with or without the project's prefix), else a systemd unit. */
export async function run({ args, options, io }: Invocation): Promise<number> {
  const [service = ''] = args
  const search = searchForService(service)
  const exitCode = await play({
    io,
    options,
    command: `restart ${service}`,
    playbooks: () => [],
    made: project =>
      madePlaybook(project.root, {
        pattern: 'all',
        name: `restart ${service}`,
        module: 'shell',
        args: {
          cmd: serviceScript(service, project.settings.name, {
            container: 'docker restart "$c"',
            unit: 'systemctl restart "$u"',
          }),
        },
        register: 'restarted',
        changedWhen: [`'${NOT_HERE}' not in restarted.stdout`],
        become: true,
      }),
    showOutput: true,
    onEvent: search.onEvent,
    confirm: async () => options.yes === true || !io.stdinIsTty || askYes(`Restart ${service}?`),
  })
  return search.verdict(exitCode)
}
