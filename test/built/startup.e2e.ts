import { spawnSync } from 'node:child_process'
import { readdirSync, rmSync, statSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { builtProgram } from '../cli/program.ts'
import { BuiltProject } from './built-project.ts'

const ROUNDS = 11

/** Milliseconds above what Node itself takes to start and end. */
const BUDGETS = { version: 60, help: 60, completion: 60, 'list-tasks': 150 }

const TASKS = Array.from(
  { length: 10 },
  (_, number) => `
    - name: Task ${number}
      copy: { content: "{{ inventory_hostname }} ${number}", dest: /tmp/task-${number} }
      when: inventory_hostname != 'web${number}'`,
)

let program: string
let project: BuiltProject

beforeAll(() => {
  program = builtProgram()
  project = new BuiltProject(program)
  project.write('vpai.yml', 'name: shop\n')
  project.write('hosts.yml', 'all: { hosts: { web1: { ansible_port: 1 } } }\n')
  project.write('site.yml', `- hosts: all\n  tasks:${TASKS.join('')}\n`)
})
afterAll(() => {
  project.remove()
  rmSync(path.dirname(program), { recursive: true, force: true })
})

it('what answers without a host answers soon after Node has started', ({ annotate }) => {
  const argv = {
    node: ['-e', '0'],
    version: [program, '--version'],
    help: [program, '--help'],
    completion: [program, '__complete', '--', 'dep'],
    'list-tasks': [program, 'run', 'site.yml', '-i', 'hosts.yml', '--list-tasks'],
  }
  const medians = mediansOf(argv)
  const above = (name: keyof typeof BUDGETS) => medians[name] - medians.node
  const text = Object.entries(medians).map(([name, ms]) => `${name} ${ms.toFixed(0)} ms`)
  console.log(`start-up, medians of ${ROUNDS}: ${text.join(', ')}`)
  annotate(text.join(', '))
  const over = (Object.keys(BUDGETS) as (keyof typeof BUDGETS)[]).filter(name => {
    // A machine that is slow or busy is so for Node, too; 80 ms is what Node takes on an idle small one.
    return above(name) > BUDGETS[name] * Math.max(1, medians.node / 80)
  })
  expect(over).toEqual([])
})

it('what V8 made of the code is taken by the next run, which says the same', () => {
  const folder = path.join(project.folder, 'codes')
  const argv = [program, 'run', 'site.yml', '-i', 'hosts.yml', '--list-tasks']
  const listed = (cache: string) => {
    const ran = spawnSync(process.execPath, argv, {
      cwd: project.folder,
      encoding: 'utf8',
      env: { ...process.env, VPAI_CODE_CACHE: cache },
    })
    return [ran.stdout, ran.stderr, ran.status]
  }
  const plain = listed('off')
  expect(plain[2]).toBe(0)
  expect([listed(folder), listed(folder)]).toEqual([plain, plain])
  const [file = '', ...others] = readdirSync(folder)
  expect([file.slice(0, 4), others]).toEqual(['run-', []])
  const { ino, size } = statSync(path.join(folder, file))
  expect(size).toBeGreaterThan(100_000)
  expect(listed(folder)).toEqual(plain)
  expect(statSync(path.join(folder, file)).ino).toBe(ino)
})

/** Run one after the other in turns, so that what else the machine does weighs on all alike. */
function mediansOf<Name extends string>(
  argv: Readonly<Record<Name, readonly string[]>>,
): Record<Name, number> {
  const names = Object.keys(argv) as Name[]
  const times = Object.fromEntries(names.map(name => [name, [] as number[]])) as Record<Name, number[]>
  for (let round = 0; round < ROUNDS; round++) {
    for (const name of names) times[name].push(timed(argv[name]))
  }
  const median = (all: number[]) => all.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)] as number
  return Object.fromEntries(names.map(name => [name, median(times[name])])) as Record<Name, number>
}

function timed(argv: readonly string[]): number {
  const started = performance.now()
  const { status, stdout, stderr } = spawnSync(process.execPath, argv, {
    cwd: project.folder,
    encoding: 'utf8',
    env: { ...process.env, VPAI_CODE_CACHE: path.join(project.folder, 'kept') },
  })
  const elapsed = performance.now() - started
  if (status !== 0) throw new Error(`${argv.join(' ')} ended with ${status}: ${stdout}${stderr}`)
  return elapsed
}
