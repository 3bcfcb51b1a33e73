/** A thousand hosts: what each costs, and whether the thousandth costs more than the first. */
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { startEmbeddedHosts } from '../kit/embedded.ts'
import type { Lab } from '../kit/lab.ts'
import { writeInventory, writeProject } from '../kit/project.ts'
import { assertNoop } from '../kit/recap.ts'
import { figures, type Goal, type Measure, type Row } from '../kit/result.ts'
import { rounds } from '../kit/rounds.ts'
import { run } from '../kit/run.ts'
import { mix } from '../plays/mix.ts'
import { vpaiSide } from './sides.ts'

const TASKS = 20

export const simulated: Measure = {
  name: 'simulated',
  title: 'Simulated hosts: one process with an ssh server for each',
  run: async lab => {
    const most = lab.options.simulatedHosts
    const target = await lab.hosts(1)
    const hosts = await startEmbeddedHosts(most, path.join(path.dirname(target.keyFile), 'host_key'))
    const rows: Row[] = []
    for (const count of [most / 4, most / 2, most].map(Math.round))
      rows.push(...(await many(lab, hosts.ports.slice(0, count))))
    hosts.close()
    return { rows, goals: goals(rows), notes: NOTES }
  },
}

const NOTES = [
  `${TASKS} tasks a host. CPU and memory are those of vpai; the servers and their shells share the machine with it.`,
]

async function many(lab: Lab, ports: readonly number[]): Promise<Row[]> {
  const target = await lab.hosts(1)
  const base = path.join(lab.work, 'simulated')
  mkdirSync(base, { recursive: true })
  const folder = writeProject(
    path.join(lab.work, 'simulated-project'),
    mix({ tasks: TASKS, base: `${base}/{{ inventory_hostname }}` }),
  )
  const hosts = ports.map((port, at) => ({ name: `host${at + 1}`, port }))
  for (const { name } of hosts) mkdirSync(path.join(base, name), { recursive: true })
  writeInventory(folder, hosts, target)
  await run(lab.vpai(folder))
  const side = vpaiSide(lab, {
    folder,
    watched: true,
    check: ({ stdout }) => assertNoop(stdout, hosts.length),
  })
  const rows = await rounds({
    what: `no-op, ${hosts.length} hosts × ${TASKS} tasks`,
    relay: null,
    sides: [side],
    log: lab.log,
  })
  return rows.map(row => ({ ...row, beside: { ...row.beside, ...perHost(row, hosts.length) } }))
}

function perHost({ beside }: Row, hosts: number): Record<string, number> {
  return {
    'CPU ms a host': (1000 * (beside?.['CPU seconds'] ?? Number.NaN)) / hosts,
    'KiB a host': (1024 * (beside?.MiB ?? Number.NaN)) / hosts,
  }
}

/** Start-up is in all of them, so the cost of a host falls with their number unless it is more than linear. */
function goals(rows: readonly Row[]): Goal[] {
  const costs = rows.map(row => row.beside?.['CPU ms a host'] ?? Number.NaN)
  const ratio = (costs.at(-1) ?? Number.NaN) / (costs[0] ?? Number.NaN)
  return [
    {
      text: 'CPU of a host among all, beside a quarter of them: ≤ 1.25×',
      measured: `${figures(ratio)}× (${costs.map(figures).join(', ')} ms)`,
      holds: ratio <= 1.25,
    },
  ]
}
