import type { Invocation } from '../command.ts'
import { madePlaybook } from '../made-play.ts'
import { play } from '../play.ts'
import { positive } from '../run-settings.ts'
import { searchForService, serviceScript } from '../service-script.ts'

/** vpai logs SERVICE: the last lines of a container or a systemd unit, on the hosts that have it. */
export async function run({ args, options, io }: Invocation): Promise<number> {
  const [service = ''] = args
  const lines = positive('--lines', options.lines) ?? 100
  const search = searchForService(service)
  const exitCode = await play({
    io,
    options,
    command: `logs ${service}`,
    playbooks: () => [],
    made: project =>
      madePlaybook(project.root, {
        pattern: 'all',
        name: `logs of ${service}`,
        module: 'shell',
        args: {
          cmd: serviceScript(service, project.settings.name, {
            container: `docker logs --tail ${lines} "$c" 2>&1`,
            unit: `journalctl --no-pager --lines=${lines} --unit="$u"`,
          }),
        },
        changedWhen: [false],
        become: true,
      }),
    showOutput: true,
    onEvent: search.onEvent,
  })
  return search.verdict(exitCode)
}
