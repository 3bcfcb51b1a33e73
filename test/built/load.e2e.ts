import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { writeProject } from '../../bench/kit/project.ts'
import { largeProject } from '../../bench/plays/large-project.ts'
import { builtProgram } from '../cli/program.ts'
import { BuiltProject } from './built-project.ts'

const ROUNDS = 3
const SHAPE = { roles: 80, tasks: 1000, hosts: 500 }

const BUDGET_S = 1
/** For machines that are slower, or share their processor. */
const SLACK = 2.5

let program: string
let project: BuiltProject

beforeAll(() => {
  program = builtProgram()
  project = new BuiltProject(program)
  writeProject(project.folder, largeProject(SHAPE))
})
afterAll(() => {
  project.remove()
  rmSync(path.dirname(program), { recursive: true, force: true })
})

it(`${SHAPE.roles} roles and ${SHAPE.tasks} tasks are read, checked and listed within a second`, ({
  annotate,
}) => {
  const rounds = Array.from({ length: ROUNDS }, () => listed())
  expect(rounds[0]?.output.match(/Task \d+ of/g)).toHaveLength(SHAPE.tasks)
  const best = Math.min(...rounds.map(({ seconds }) => seconds))
  const text = `a large project: ${best.toFixed(2)} s of a processor, best of ${ROUNDS}`
  console.log(text)
  annotate(text)
  expect(best).toBeLessThan(BUDGET_S * SLACK)
})

/** What the shell says of the processor time of its children does not count the time that others had. */
function listed(): { seconds: number; output: string } {
  const argv = [process.execPath, program, 'run', 'play.yml', '-i', 'inventory.yml', '--list-tasks']
  const { status, stdout, stderr } = spawnSync('sh', ['-c', '"$@" && times', 'sh', ...argv], {
    cwd: project.folder,
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`${argv.join(' ')} ended with ${status}: ${stdout}${stderr}`)
  const [, ...times] = /(\d+)m([\d.]+)s (\d+)m([\d.]+)s\s*$/.exec(stdout)?.map(Number) ?? []
  const [minutes = 0, seconds = 0, ofKernel = 0, inKernel = 0] = times
  return { seconds: (minutes + ofKernel) * 60 + seconds + inKernel, output: stdout }
}
