/** A run that changes nothing, whole process, one host: vpai, Ansible, mitogen, and a script written by hand. */
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Lab } from '../kit/lab.ts'
import { assertNoop } from '../kit/recap.ts'
import { type Relay, startRelay } from '../kit/relays.ts'
import { atMost, faster, type Goal, type Measure, type Row, within } from '../kit/result.ts'
import { rounds, type Side } from '../kit/rounds.ts'
import { run } from '../kit/run.ts'
import { handScript } from '../plays/hand-script.ts'
import { emptyHost, type MixProject, mixProject, shareOf } from './mix-project.ts'
import { ansibleSide, vpaiSide } from './sides.ts'

const ALWAYS = 20

export const noOp: Measure = {
  name: 'no-op',
  title: 'A run that changes nothing, one host',
  run: async lab => {
    const rows: Row[] = []
    for (const rtt of lab.options.rtts) rows.push(...(await atDistance(lab, rtt)))
    return { rows, goals: goals(lab, rows), notes: NOTES }
  },
}

const NOTES = [
  'Every run begins with a login; the masters that ControlPersist keeps are ended before each run of Ansible.',
  '`turns` is what the relay counted: how often the client spoke after it had heard something.',
]

async function atDistance(lab: Lab, rtt: number): Promise<Row[]> {
  const target = await lab.hosts(1)
  const relay = await startRelay(rtt, target.ports.slice(0, 1))
  try {
    const rows: Row[] = []
    for (const always of [0, ALWAYS]) rows.push(...(await one(lab, { relay, always })))
    return rows
  } finally {
    relay.close()
  }
}

async function one(lab: Lab, { relay, always }: { relay: Relay; always: number }): Promise<Row[]> {
  const target = await lab.hosts(1)
  const [port = 0] = relay.ports
  const project = mixProject(lab, target, { tasks: lab.options.tasks, always, port })
  await emptyHost(target)
  await run(lab.vpai(project.folder))
  const script = path.join(project.folder, 'by-hand.sh')
  writeFileSync(script, handScript(target.machine.inside('/'), always))
  const check: Side['check'] = ({ stdout }) => assertNoop(stdout, 1)
  const { tasks, scale } = shareOf(lab.options.tasks, lab.options.share)
  const part = mixProject(lab, target, { tasks, always: 0, port })
  const slow = (name: 'ansible' | 'mitogen') => ansibleSide(lab, name, { folder: part.folder, check, scale })
  const sides = [
    vpaiSide(lab, { folder: project.folder, check }),
    ...scriptSide(lab, { project, script, keyFile: target.keyFile, port }),
    ...(always === 0 ? [...slow('ansible'), ...slow('mitogen')] : []),
  ]
  const what = `no-op, ${lab.options.tasks} tasks${always === 0 ? '' : `, ${always} of them run always`}`
  return rounds({ what, relay, sides, log: lab.log })
}

interface ByHand {
  readonly project: MixProject
  readonly script: string
  readonly keyFile: string
  readonly port: number
}

function scriptSide(lab: Lab, { project, script, keyFile, port }: ByHand): Side[] {
  if (!lab.has('script')) return []
  const known = `UserKnownHostsFile=${project.knownHosts}`
  const options = ['-F', 'none', '-o', known, '-o', 'BatchMode=yes', '-i', keyFile, '-p', String(port)]
  return [
    {
      side: 'script over ssh',
      repetitions: lab.options.repetitions,
      command: () => ({
        argv: ['ssh', ...options, 'root@127.0.0.1', 'sh', '-s'],
        cwd: project.folder,
        env: { PATH: process.env.PATH ?? '', HOME: '/nonexistent' },
        input: script,
      }),
      check: ({ stdout }) => {
        if (stdout.trim() !== 'same') throw new Error('the script by hand found a difference')
      },
    },
  ]
}

function goals(lab: Lab, rows: readonly Row[]): Goal[] {
  const plain = `no-op, ${lab.options.tasks} tasks`
  const always = `${plain}, ${ALWAYS} of them run always`
  const row = (side: string, rtt: number, what = plain) =>
    rows.find(each => each.side === side && each.rtt === rtt && each.what === what)
  const besideScript = (rtt: number) =>
    within(
      `no-op at ${rtt} ms, beside the script`,
      [row('vpai', rtt), row('script over ssh', rtt)],
      rtt === 0 ? 2 : 1.5,
    )
  const asked = row('vpai', 30)?.beside?.requests
  const askedAlways = row('vpai', 30, always)?.beside?.['round trips']
  return [
    ...faster('no-op at 30 ms, beside ansible', [row('vpai', 30), row('ansible', 30)], 200),
    ...faster('no-op at 30 ms, beside mitogen', [row('vpai', 30), row('mitogen', 30)], 25),
    ...[0, 30, 100].flatMap(besideScript),
    ...atMost('requests of a no-op', asked, 1),
    ...atMost(`round trips of a no-op with ${ALWAYS} commands that run always`, askedAlways, 3),
  ]
}
