/** A run that changes nothing on many hosts, each with an sshd of its own. */
import path from 'node:path'
import type { Lab } from '../kit/lab.ts'
import { writeAnsibleConfig, writeInventory, writeProject } from '../kit/project.ts'
import { assertNoop } from '../kit/recap.ts'
import { startRelay } from '../kit/relays.ts'
import { atMost, faster, type Measure } from '../kit/result.ts'
import { rounds, type Side } from '../kit/rounds.ts'
import { run } from '../kit/run.ts'
import { mix } from '../plays/mix.ts'
import { longestWait } from './longest-wait.ts'
import { emptyHost, shareOf } from './mix-project.ts'
import { ansibleSide, vpaiSide } from './sides.ts'

const RTT = 30
const FORKS = 50
/** No host may wait this share of the whole run for its next result. */
const STARVED = 0.5

export const fanOut: Measure = {
  name: 'fan-out',
  title: 'A run that changes nothing, many hosts',
  run: async lab => {
    const { fanOutHosts: hosts, fanOutTasks: tasks, share } = lab.options
    const target = await lab.hosts(hosts)
    const relay = await startRelay(RTT, target.ports.slice(0, hosts))
    const project = (count: number) => {
      const folder = writeProject(path.join(lab.work, `fan-out-${count}`), mix({ tasks: count }))
      writeInventory(
        folder,
        relay.ports.map((port, at) => ({ name: `host${at + 1}`, port })),
        target,
      )
      writeAnsibleConfig(folder, 'ansible', { forks: FORKS, mitogen: false })
      return folder
    }
    const folder = project(tasks)
    await emptyHost(target)
    await run(lab.vpai(folder, ['--limit', 'host1']))
    await run(lab.vpai(folder))
    const check: Side['check'] = ({ stdout }) => assertNoop(stdout, hosts)
    const part = shareOf(tasks, share)
    const sides = [
      vpaiSide(lab, { folder, check, watched: true }),
      ...ansibleSide(lab, 'ansible', {
        folder: project(part.tasks),
        check,
        watched: true,
        scale: part.scale,
      }),
    ]
    const what = `no-op, ${hosts} hosts × ${tasks} tasks`
    const rows = await rounds({ what, relay, sides, log: lab.log })
    const wait = await waiting(lab, folder)
    relay.close()
    const row = (side: string) => rows.find(each => each.side === side)
    const goals = [
      ...faster(`${what}, beside ansible with ${FORKS} forks`, [row('vpai'), row('ansible')], 30),
      ...atMost(`${what}: MiB`, row('vpai')?.beside?.MiB, 300),
      ...atMost('longest wait of a host for a result, share of the run', wait, STARVED),
    ]
    return { rows, goals, notes: NOTES }
  },
}

const NOTES = ['All hosts see the same files, so that they were made once; each has an sshd of its own.']

async function waiting(lab: Lab, folder: string): Promise<number> {
  const { stdout } = await run(lab.vpai(folder, ['--output', 'ndjson']))
  return longestWait(stdout)
}
