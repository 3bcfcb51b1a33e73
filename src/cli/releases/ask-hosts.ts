/** Asks hosts something with sh, as root, beside their records; nothing of it is shown, and it changes nothing. */
import type { RunEvent } from '../../base/event.ts'
import { Template } from '../../base/value.ts'
import type { Playbook } from '../../config/model.ts'
import { recordFolder } from '../../record/layout.ts'
import type { Io } from '../io.ts'
import { madePlaybook, playbookOf } from '../made-play.ts'
import { play } from '../play.ts'
import type { Project } from '../project/open.ts'
import { recordName } from '../project/record-name.ts'

export interface HostQuestion {
  readonly io: Io
  readonly options: Readonly<Record<string, unknown>>
  readonly command: string
  /** A group or pattern, and the sh for all of it; `$R` is the record's folder. */
  readonly scripts: ReadonlyMap<string, string>
  /** Only hosts of this pattern. */
  readonly within?: string
  /** Hosts that do not answer are told of by who asks. */
  readonly isQuiet?: boolean
}

export interface HostAnswers {
  readonly code: number
  /** What was printed, secrets masked, by host. */
  readonly said: ReadonlyMap<string, string>
  /** Why a host said nothing. */
  readonly silent: ReadonlyMap<string, Silence>
}

export interface Silence {
  readonly status: 'failed' | 'unreachable'
  readonly reason: string
}

export async function askHosts({
  io,
  options,
  command,
  scripts,
  within,
  isQuiet = false,
}: HostQuestion): Promise<HostAnswers> {
  const said = new Map<string, string>()
  const silent = new Map<string, Silence>()
  const code = await play({
    io: { ...io, out: { write: () => undefined } },
    options: { ...options, output: 'plain' },
    check: false,
    command,
    playbooks: () => [],
    made: project => asking(project, scripts, io.env.VPAI_HOST_STATE),
    onEvent: event => keep(event, said, silent),
    isLook: true,
    ...(within === undefined ? {} : { within }),
  })
  if (!isQuiet) for (const [host, { reason }] of silent) io.err.write(`${host}: ${reason}\n`)
  return { code, said, silent }
}

/** `own`: where this machine itself keeps records, as for runs. */
export function besideRecord(project: Project, script: string, own = ''): Template {
  const name = recordName(project)
  const ownHere = `${JSON.stringify(own)} if ansible_connection | default('') == 'local' else ''`
  return new Template(`F={{ vpai_host_state | default(${ownHere}) | quote }}
{% raw %}if [ -n "$F" ]; then R=$F/${name}; elif [ "$(id -u)" = 0 ]; then R=/var/lib/vpai/${name}; else R=${recordFolder(name, { isRoot: false })}; fi
${script}{% endraw %}`)
}

function asking(project: Project, scripts: ReadonlyMap<string, string>, own: string | undefined): Playbook {
  const books = [...scripts].map(([pattern, script]) =>
    madePlaybook(project.root, {
      pattern,
      name: 'look at the record',
      module: 'shell',
      args: { cmd: besideRecord(project, script, own) },
      changedWhen: [false],
      become: true,
    }),
  )
  return playbookOf(books.flatMap(({ plays }) => plays))
}

function keep(event: RunEvent, said: Map<string, string>, silent: Map<string, Silence>): void {
  if (event.type !== 'task.result') return
  const { host, status, reason, result } = event
  if (status === 'failed' || status === 'unreachable') silent.set(host, { status, reason: reason ?? status })
  else if (typeof result.stdout === 'string') said.set(host, result.stdout)
}
