/** The first run of the mix on a host that has nothing of it, at 30 ms. */
import type { Lab } from '../kit/lab.ts'
import { startRelay } from '../kit/relays.ts'
import { faster, type Measure } from '../kit/result.ts'
import { rounds } from '../kit/rounds.ts'
import { emptyHost, mixProject, shareOf } from './mix-project.ts'
import { ansibleSide, assertChanged, vpaiSide } from './sides.ts'

const RTT = 30

export const first: Measure = {
  name: 'first',
  title: 'The first run, one host',
  run: async (lab: Lab) => {
    const target = await lab.hosts(1)
    const relay = await startRelay(RTT, target.ports.slice(0, 1))
    const [port = 0] = relay.ports
    const before = () => emptyHost(target)
    const check = ({ stdout }: { stdout: string }) => assertChanged(stdout, 1)
    const whole = mixProject(lab, target, { tasks: lab.options.tasks, always: 0, port })
    const { tasks, scale } = shareOf(lab.options.tasks, lab.options.share)
    const part = mixProject(lab, target, { tasks, always: 0, port })
    const slow = (name: 'ansible' | 'mitogen') =>
      ansibleSide(lab, name, { folder: part.folder, check, before, scale })
    const sides = [
      vpaiSide(lab, { folder: whole.folder, check, before }),
      ...slow('ansible'),
      ...slow('mitogen'),
    ]
    const rows = await rounds({ what: `first run, ${lab.options.tasks} tasks`, relay, sides, log: lab.log })
    relay.close()
    const row = (side: string) => rows.find(each => each.side === side)
    const goals = faster('first run at 30 ms, beside ansible', [row('vpai'), row('ansible')], 40)
    return { rows, goals, notes: [] }
  },
}
