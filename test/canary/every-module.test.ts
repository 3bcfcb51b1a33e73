/** The canaries promise to go through every module, where it works and where it fails: a new one must join them. */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { ALL_MODULES, findModule } from '../../src/modules/index.ts'
import { type ModuleRow, moduleRows, TABLE, type Task } from './host/plays.ts'

/**
 * Modules without a row so far: a canary goes through them in test/canary/project alone, where they fail or run in
 * check mode. Nothing new belongs here.
 */
const IN_PROJECT_ONLY: readonly string[] = [
  'docker_compose_v2_exec',
  'docker_compose_v2_pull',
  'docker_compose_v2_run',
  'docker_config',
  'docker_host_info',
  'docker_image',
  'docker_image_build',
  'docker_image_export',
  'docker_image_info',
  'docker_image_load',
  'docker_image_pull',
  'docker_image_push',
  'docker_image_remove',
  'docker_image_tag',
  'docker_network_info',
  'docker_node',
  'docker_node_info',
  'docker_secret',
  'docker_stack',
  'docker_stack_info',
  'docker_stack_task_info',
  'docker_swarm',
  'docker_swarm_info',
  'docker_swarm_service',
  'docker_volume',
  'docker_volume_info',
  'mysql_db',
  'mysql_user',
  'mysql_variables',
]

const ROWS = moduleRows()
const NAMES = ALL_MODULES.map(module => module.name)
const FILE = path.relative(process.cwd(), TABLE)

const WITH_ROWS = NAMES.filter(name => !IN_PROJECT_ONLY.includes(name))

it.each(WITH_ROWS)('%s has a row: a task that works and one that fails, or why it has not', name => {
  const add = `add to ${FILE} a line such as\n${name}: { works: [{ ${name}: {arguments} }], fails: [{ ${name}: {arguments} }] }`
  const row = ROWS[name]
  if (row === undefined) throw new Error(`no canary goes through ${name}: ${add}`)
  expect(problemsOf(name, row), add).toEqual([])
})

it.each(IN_PROJECT_ONLY)('%s is given a canary in the project', name => {
  const project = path.join(import.meta.dirname, 'project')
  const files = readdirSync(project).filter(file => file.endsWith('.yml'))
  const texts = files.map(file => readFileSync(path.join(project, file), 'utf8'))
  expect(texts.join('\n')).toContain(` ${name}:`)
  expect(Object.keys(ROWS)).not.toContain(name)
})

it('no row is left over', () => {
  expect(Object.keys(ROWS).filter(name => !NAMES.includes(name))).toEqual([])
})

function problemsOf(name: string, row: ModuleRow): string[] {
  return [
    ...problemsOfSide(name, { side: 'works', tasks: row.works, why: row.cannot_work }),
    ...problemsOfSide(name, { side: 'fails', tasks: row.fails, why: row.cannot_fail }),
  ]
}

interface Side {
  readonly side: string
  readonly tasks: readonly Task[] | undefined
  /** Why there are none. */
  readonly why: string | undefined
}

function problemsOfSide(name: string, { side, tasks, why }: Side): string[] {
  if (why !== undefined) return tasks === undefined ? [] : [`${side}: tasks, and a reason to have none`]
  const uses = (tasks ?? []).filter(task => Object.keys(task).some(key => findModule(key)?.name === name))
  return uses.length > 0 ? [] : [`${side}: no task with ${name}`]
}
