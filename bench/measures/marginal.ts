/** What one more task costs that does nothing: the difference of a long and a short play, divided by their difference in tasks. */
import type { Lab } from '../kit/lab.ts'
import { assertNoop } from '../kit/recap.ts'
import { type Relay, startRelay } from '../kit/relays.ts'
import { atMost, type Measure, type Row } from '../kit/result.ts'
import { rounds, type Side } from '../kit/rounds.ts'
import { run } from '../kit/run.ts'
import { emptyHost, mixProject } from './mix-project.ts'
import { ansibleSide, vpaiSide } from './sides.ts'

const RTT = 30
const LENGTHS = { vpai: [100, 600], slow: [20, 60] } as const

export const marginal: Measure = {
  name: 'marginal',
  title: 'One more task that does nothing',
  run: async lab => {
    const target = await lab.hosts(1)
    const relay = await startRelay(RTT, target.ports.slice(0, 1))
    await emptyHost(target)
    const rows = [
      ...(await perTask(lab, {
        relay,
        lengths: LENGTHS.vpai,
        side: folder => [vpaiSide(lab, { folder, check })],
      })),
      ...(await perTask(lab, {
        relay,
        lengths: LENGTHS.slow,
        side: folder =>
          (['ansible', 'mitogen'] as const).flatMap(name => ansibleSide(lab, name, { folder, check })),
      })),
    ]
    relay.close()
    const ours = rows.find(row => row.side === 'vpai')
    const cost = ours === undefined ? undefined : ours.seconds * 1000
    return { rows, goals: atMost('milliseconds for one more task that does nothing', cost, 1), notes: NOTES }
  },
}

const NOTES = [
  `vpai: plays of ${LENGTHS.vpai.join(' and ')} tasks; ansible and mitogen: of ${LENGTHS.slow.join(' and ')}.`,
]

const check: Side['check'] = ({ stdout }) => assertNoop(stdout, 1)

interface Lengths {
  readonly relay: Relay
  readonly lengths: readonly [number, number]
  readonly side: (folder: string) => Side[]
}

async function perTask(lab: Lab, { relay, lengths, side }: Lengths): Promise<Row[]> {
  const target = await lab.hosts(1)
  const [port = 0] = relay.ports
  const [short, long] = lengths
  const projects = lengths.map(tasks => mixProject(lab, target, { tasks, always: 0, port }))
  if (side(projects[0]!.folder).length === 0) return []
  await run(lab.vpai(projects[1]!.folder))
  const [few = [], many = []] = [
    await rounds({ what: `${short} tasks`, relay, sides: side(projects[0]!.folder), log: lab.log }),
    await rounds({ what: `${long} tasks`, relay, sides: side(projects[1]!.folder), log: lab.log }),
  ]
  return many.flatMap(row => {
    const other = few.find(each => each.side === row.side)
    if (other === undefined) return []
    const cost = (seconds: number) => (seconds - other.seconds) / (long - short)
    return [{ ...row, what: 'one more task', seconds: cost(row.seconds), runs: row.runs.map(cost) }]
  })
}
