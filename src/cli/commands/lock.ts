import { setTimeout as sleep } from 'node:timers/promises'
import type { RunEvent } from '../../base/event.ts'
import { Template } from '../../base/value.ts'
import { recordFolder } from '../../record/layout.ts'
import { leaseState, lookScript, type OpenRun, parseLook, type RecordSeen } from '../../record/look.ts'
import { isHolderGone } from '../../state/run-holder.ts'
import type { Invocation } from '../command.ts'
import { madePlaybook } from '../made-play.ts'
import { play } from '../play.ts'
import type { Project } from '../project/open.ts'
import { recordName } from '../project/record-name.ts'
import { positive } from '../run-settings.ts'

const LOOK_AGAIN_MS = 1000

/** vpai lock [PATTERN]: which run is at work on which host; --wait waits until none is. Exit 2: one is. */
export async function run({ args, options, io }: Invocation): Promise<number> {
  const [pattern = 'all'] = args
  const until = Date.now() + (positive('--wait', options.wait) ?? 0) * 1000
  for (;;) {
    const seen = new Map<string, RecordSeen>()
    const code = await play({
      // What is told is told below.
      io: { ...io, out: { write: () => undefined } },
      options,
      command: `lock ${pattern}`,
      playbooks: () => [],
      made: project => lookPlaybook(project, pattern, io.env.VPAI_HOST_STATE),
      onEvent: event => keep(event, seen),
    })
    const isHeld = [...seen.values()].some(({ open }) => open !== null && isAtWork(open))
    if (isHeld && Date.now() < until) {
      await sleep(LOOK_AGAIN_MS, undefined, { signal: io.signal })
      continue
    }
    for (const [host, record] of seen) io.out.write(`${host}: ${textOf(record)}\n`)
    return code === 0 && isHeld ? HELD : code
  }
}

const HELD = 2

/** `own`: where this machine itself keeps records, as for runs. */
function lookPlaybook(project: Project, pattern: string, own = '') {
  const name = recordName(project)
  const ownHere = `${JSON.stringify(own)} if ansible_connection | default('') == 'local' else ''`
  const script = `F={{ vpai_host_state | default(${ownHere}) | quote }}
{% raw %}if [ -n "$F" ]; then R=$F/${name}; elif [ "$(id -u)" = 0 ]; then R=/var/lib/vpai/${name}; else R=${recordFolder(name, { isRoot: false })}; fi
${lookScript('$R')}{% endraw %}`
  return madePlaybook(project.root, {
    pattern,
    name: 'look at the lease',
    module: 'shell',
    args: { cmd: new Template(script) },
    changedWhen: [false],
    become: true,
  })
}

function keep(event: RunEvent, seen: Map<string, RecordSeen>): void {
  if (event.type !== 'task.result' || typeof event.result.stdout !== 'string') return
  seen.set(event.host, parseLook(event.result.stdout))
}

function isAtWork(open: OpenRun): boolean {
  return leaseState(open, isHolderGone(open.holder)) !== 'free'
}

function textOf({ open, pending }: RecordSeen): string {
  const due =
    pending.length === 0 ? '' : `; handlers due: ${pending.map(({ handler }) => handler).join(', ')}`
  if (open === null) return `free${due}`
  const { command, user, machine, started } = open.holder
  const task = open.task === null ? '' : `, in the task “${open.task}”`
  const who = `“vpai ${String(command)}” of ${String(user)} on ${String(machine)}, begun ${String(started)}${task}`
  return `${isAtWork(open) ? 'held by' : 'cut off:'} ${who}${due}`
}
