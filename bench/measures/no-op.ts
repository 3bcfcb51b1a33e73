/** A run that changes nothing, whole process, one host: vpai, Ansible, mitogen, and a script written by hand. */
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Lab } from '../kit/lab.ts'
import { assertNoop, requests } from '../kit/recap.ts'
import { startRelay } from '../kit/relays.ts'
import { atMost, faster, type Goal, type Measure, type Row, within } from '../kit/result.ts'
import { rounds, type Side } from '../kit/rounds.ts'
import { run } from '../kit/run.ts'
import { handScript } from '../plays/hand-script.ts'
import { emptyHost, type MixProject, mixProject, shareOf } from './mix-project.ts'

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

async function one(
  lab: Lab,
  { relay, always }: { relay: Awaited<ReturnType<typeof startRelay>>; always: number },
): Promise<Row[]> {
  const target = await lab.hosts(1)
  const project = mixProject(lab, target, { tasks: lab.options.tasks, always, port: relay.ports[0]! })
  await emptyHost(target)
  await run(lab.vpai(project.folder))
  const script = path.join(project.folder, 'by-hand.sh')
  writeFileSync(script, handScript(target.machine.inside('/'), always))
  const sides = [
    vpaiSide(lab, project),
    ...scriptSide(lab, { project, script, keyFile: target.keyFile, port: relay.ports[0]! }),
    ...(always === 0 ? slowSides(lab, relay.ports[0]!) : []),
  ]
  const what = `no-op, ${lab.options.tasks} tasks${always === 0 ? '' : `, ${always} of them run always`}`
  return rounds({ what, relay, sides: await Promise.all(sides), log: lab.log })
}

function vpaiSide(lab: Lab, project: MixProject): Side {
  return {
    side: 'vpai',
    repetitions: lab.options.repetitions,
    command: () => lab.vpai(project.folder),
    check: ({ stdout }) => assertNoop(stdout, 1),
    beside: ({ stdout }) => ({ requests: requests(stdout) }),
  }
}

function scriptSide(
  lab: Lab,
  { project, script, keyFile, port }: { project: MixProject; script: string; keyFile: string; port: number },
): Side[] {
  if (!lab.has('script')) return []
  const options = [
    '-F',
    'none',
    '-o',
    `UserKnownHostsFile=${project.knownHosts}`,
    '-o',
    'BatchMode=yes',
    '-i',
    keyFile,
  ]
  return [
    {
      side: 'script over ssh',
      repetitions: lab.options.repetitions,
      command: () => ({
        argv: ['ssh', ...options, '-p', String(port), 'root@127.0.0.1', 'sh', '-s'],
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

/** Ansible's sides run the same play, or a share of it. */
function slowSides(lab: Lab, port: number): Promise<Side>[] {
  return (['ansible', 'mitogen'] as const)
    .filter(name => lab.has(name))
    .map(async (name): Promise<Side> => {
      const target = await lab.hosts(1)
      const { tasks, scale } = shareOf(lab.options.tasks, lab.options.share)
      const project = mixProject(lab, target, { tasks, always: 0, port, forks: 5 })
      return {
        side: name,
        repetitions: lab.options.slowRepetitions,
        before: lab.forgetConnections,
        command: () => lab.ansible(project.folder, name),
        check: ({ stdout }) => assertNoop(stdout, 1),
        scale,
      }
    })
}

function goals(lab: Lab, rows: readonly Row[]): Goal[] {
  const plain = `no-op, ${lab.options.tasks} tasks`
  const always = `${plain}, ${ALWAYS} of them run always`
  const row = (side: string, rtt: number, what = plain) =>
    rows.find(each => each.side === side && each.rtt === rtt && each.what === what)
  return [
    ...faster('no-op at 30 ms, beside ansible', [row('vpai', 30), row('ansible', 30)], 200),
    ...faster('no-op at 30 ms, beside mitogen', [row('vpai', 30), row('mitogen', 30)], 25),
    ...[0, 30, 100].flatMap(rtt =>
      within(
        `no-op at ${rtt} ms, beside the script`,
        [row('vpai', rtt), row('script over ssh', rtt)],
        rtt === 0 ? 2 : 1.5,
      ),
    ),
    ...atMost('requests of a no-op', row('vpai', 30)?.beside?.requests, 1),
    ...atMost(
      `requests of a no-op with ${ALWAYS} commands that run always`,
      row('vpai', 30, always)?.beside?.requests,
      3,
    ),
  ]
}
