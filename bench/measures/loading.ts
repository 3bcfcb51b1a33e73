/** Reading a large project and telling its tasks; no host is touched. */
import path from 'node:path'
import { writeAnsibleConfig, writeProject } from '../kit/project.ts'
import { faster, type Measure } from '../kit/result.ts'
import { rounds, type Side } from '../kit/rounds.ts'
import { largeProject } from '../plays/large-project.ts'
import { ansibleSide, vpaiSide } from './sides.ts'

const SHAPE = { roles: 80, tasks: 1000, hosts: 500 }

export const loading: Measure = {
  name: 'loading',
  title: 'Loading a large project: --list-tasks',
  run: async lab => {
    const folder = writeProject(path.join(lab.work, 'large'), largeProject(SHAPE))
    writeAnsibleConfig(folder, 'ansible', { forks: 5, mitogen: false })
    const check: Side['check'] = ({ stdout }) => {
      const told = stdout.match(/Task \d+ of/g)?.length
      if (told !== SHAPE.tasks) throw new Error(`${told} of ${SHAPE.tasks} tasks are listed`)
    }
    const sides = [
      { ...vpaiSide(lab, { folder, check }, ['--list-tasks']), beside: undefined },
      ...ansibleSide(lab, 'ansible', { folder, check }).map(side => ({
        ...side,
        repetitions: lab.options.repetitions,
        before: undefined,
        command: () => lab.ansible(folder, 'ansible', ['--list-tasks']),
      })),
    ]
    const what = `${SHAPE.tasks} tasks, ${SHAPE.roles} roles, ${SHAPE.hosts} hosts`
    const rows = await rounds({ what, relay: null, sides, log: lab.log })
    const row = (side: string) => rows.find(each => each.side === side)
    return {
      rows,
      goals: faster('loading a large project, beside ansible', [row('vpai'), row('ansible')], 10),
      notes: [],
    }
  },
}
