/** Calls the program that role backup-config puts on hosts, as root. A host without one says so, and that is no failure. */
import type { RunEvent } from '../../base/event.ts'
import { quoteAll } from '../../base/quote.ts'
import { Template } from '../../base/value.ts'
import type { Invocation } from '../command.ts'
import { madePlaybook } from '../made-play.ts'
import { play } from '../play.ts'
import type { Project } from '../project/open.ts'
import { recordName } from '../project/record-name.ts'
import type { Silence } from '../releases/ask-hosts.ts'

/** What a host without the program prints. */
export const NOT_HERE = 'no backups are configured here'

/** The sh that calls it. Where it is, only variables of the inventory can say otherwise. */
export function callProgram(project: Project, words: readonly string[]): Template {
  const name = JSON.stringify(recordName(project))
  return new Template(`B={{ (backup_scripts | default('/opt/' ~ (project_name | default(${name})) ~ '/scripts/backup')) | quote }}/backup.sh
{% raw %}if [ ! -x "$B" ]; then echo '${NOT_HERE}'; else "$B" ${quoteAll(words)}; fi{% endraw %}`)
}

export interface ProgramQuestion {
  readonly io: Invocation['io']
  readonly options: Invocation['options']
  readonly command: string
  readonly env: string
  readonly words: readonly string[]
  /** Before a host is asked. */
  readonly onProject?: (project: Project) => void
}

export interface ProgramAnswers {
  readonly code: number
  /** Lines, their fields apart, by host; hosts without the program are left out. */
  readonly said: ReadonlyMap<string, readonly (readonly string[])[]>
  readonly silent: ReadonlyMap<string, Silence>
}

/** Asks it something that changes nothing anybody declares; nothing of it is shown. */
export async function askProgram(question: ProgramQuestion): Promise<ProgramAnswers> {
  const { io, options, command, env, words, onProject } = question
  const said = new Map<string, readonly (readonly string[])[]>()
  const silent = new Map<string, Silence>()
  const hear = (event: RunEvent) => {
    if (event.type !== 'task.result') return
    const { host, status, reason, result } = event
    const text = typeof result.stdout === 'string' ? result.stdout : ''
    if (status === 'failed' || status === 'unreachable')
      silent.set(host, {
        status,
        reason:
          typeof result.stderr === 'string' && result.stderr !== '' ? result.stderr : (reason ?? status),
      })
    else if (text !== NOT_HERE)
      said.set(
        host,
        text
          .split('\n')
          .filter(line => line !== '')
          .map(line => line.split('\t')),
      )
  }
  const code = await play({
    io: { ...io, out: { write: () => undefined } },
    options: { ...options, output: 'plain', check: false },
    check: false,
    command,
    playbooks: () => [],
    made: project => {
      onProject?.(project)
      return madePlaybook(project.root, {
        pattern: env,
        name: command,
        module: 'shell',
        args: { cmd: callProgram(project, words) },
        changedWhen: [false],
        become: true,
      })
    },
    onEvent: hear,
    isLook: true,
    within: env,
    extraVars: { target_env: env },
  })
  return { code, said, silent }
}
