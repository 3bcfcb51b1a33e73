/** What the controlling side holds in memory while it looks after one host. */
import { assertNoop } from '../kit/recap.ts'
import { startRelay } from '../kit/relays.ts'
import type { Goal, Measure, Row } from '../kit/result.ts'
import { figures } from '../kit/result.ts'
import { rounds, type Side } from '../kit/rounds.ts'
import { run } from '../kit/run.ts'
import { emptyHost, mixProject, shareOf } from './mix-project.ts'
import { ansibleSide, vpaiSide } from './sides.ts'

export const memory: Measure = {
  name: 'memory',
  title: 'Memory of the controlling side, one host',
  run: async lab => {
    const target = await lab.hosts(1)
    const relay = await startRelay(0, target.ports.slice(0, 1))
    const [port = 0] = relay.ports
    const whole = mixProject(lab, target, { tasks: lab.options.tasks, always: 0, port })
    const part = mixProject(lab, target, {
      tasks: shareOf(lab.options.tasks, lab.options.share).tasks,
      always: 0,
      port,
    })
    await emptyHost(target)
    await run(lab.vpai(whole.folder))
    const shared = { check: (({ stdout }) => assertNoop(stdout, 1)) as Side['check'], watched: true }
    const sides = [
      vpaiSide(lab, { folder: whole.folder, ...shared }),
      ...ansibleSide(lab, 'ansible', { folder: part.folder, ...shared }),
      ...ansibleSide(lab, 'mitogen', { folder: part.folder, ...shared }),
    ]
    const rows = await rounds({ what: 'no-op, watched', relay, sides, log: lab.log })
    relay.close()
    return { rows, goals: goals(rows), notes: NOTES }
  },
}

const NOTES = [
  'MiB: the peak of the proportional set sizes of a process and its children, looked at 50 times a second; ' +
    'the ssh masters that Ansible leaves in the background are not counted.',
]

function goals(rows: readonly Row[]): Goal[] {
  const held = (side: string) => rows.find(row => row.side === side)?.beside?.MiB
  const [ours, theirs] = [held('vpai'), held('ansible')]
  if (ours === undefined || theirs === undefined) return []
  const measured = `${figures(ours / theirs)} (${figures(ours)} and ${figures(theirs)} MiB)`
  return [{ text: "memory beside ansible's: ≤ 1/2", measured, holds: ours <= theirs / 2 }]
}
