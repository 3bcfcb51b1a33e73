import { describe, expect, it } from 'vitest'
import { loadPlaybooks } from '../../src/config/load-playbooks.ts'
import type { Node } from '../../src/config/model.ts'
import { aLoadOptions } from './load-options.ts'
import { memoryReader } from './memory-reader.ts'

const TASK = '- command: "true"\n'
const ROLES = {
  'roles/db/tasks/main.yml': TASK,
  'roles/db/tasks/snapshot.yml': '- command: keep {{ vpai_snapshot }}\n',
  'roles/db/tasks/restore.yml': '- command: restore\n',
  'roles/db/tasks/schema.yml': '- command: describe\n',
  'roles/app/tasks/main.yml': '- import_role: { name: db }\n  when: has_db | default(true)\n',
  'roles/web/tasks/main.yml': TASK,
}
const load = (site: string, files: Readonly<Record<string, string>> = ROLES) =>
  loadPlaybooks(memoryReader({ ...files, 'site.yml': site }), ['site.yml'], aLoadOptions())

/** Commands, each under the conditions that lead to it. */
function commands(nodes: readonly Node[], under: readonly unknown[] = []): string[] {
  return nodes.flatMap(node => {
    const when = [...under, ...(node.when ?? [])]
    if (node.kind === 'block') return commands(node.block, when)
    return [`${when.join(' ')}: ${JSON.stringify(node.kind === 'task' ? node.freeText : node.target)}`]
  })
}

function tagsOf(nodes: readonly Node[]): readonly string[] {
  return nodes.flatMap(node => [...(node.tags ?? []), ...(node.kind === 'block' ? tagsOf(node.block) : [])])
}

describe('plays of data', () => {
  it('hold the tasks of the roles that keep data, and nothing else', () => {
    const { data, problems } = load(
      '- hosts: all\n  pre_tasks: [{ command: before }]\n  roles: [web, db]\n  tasks: [{ command: after }]\n',
    )
    expect(problems).toEqual([])
    expect(data.roles).toEqual(['db'])
    const [play, ...more] = data.plays('restore')
    expect(more).toEqual([])
    expect(commands([...(play?.preTasks ?? []), ...(play?.roles ?? []), ...(play?.tasks ?? [])])).toEqual([
      ': "restore"',
    ])
  })

  it('come also by import_role within a role, with its conditions and without its tags', () => {
    const { data } = load('- hosts: all\n  roles: [{ role: app, tags: [x], when: wanted is defined }]\n')
    const plays = data.plays('schema')
    expect(plays.map(({ tasks }) => commands(tasks))).toEqual([
      [expect.stringMatching(/wanted is defined.*has_db.*: "describe"$/)],
    ])
    expect(tagsOf(plays[0]?.tasks ?? [])).toEqual([])
  })

  it('are none where no role keeps data', () => {
    const { data } = load('- hosts: all\n  roles: [web]\n')
    expect([data.roles, data.plays('snapshot')]).toEqual([[], []])
  })

  it.each([
    ['snapshot', 'restore'],
    ['restore', 'snapshot'],
  ])('of a role with %s and no %s are refused', (has, lacks) => {
    const { [`roles/db/tasks/${lacks}.yml`]: _, ...files } = ROLES as Record<string, string>
    const { problems } = load('- hosts: all\n  roles: [db]\n', files)
    expect(problems.map(({ message }) => message)).toEqual([
      `The role db has tasks/${has}.yml and no tasks/${lacks}.yml`,
    ])
  })

  it('are checked with the rest of the project', () => {
    const files = { ...ROLES, 'roles/db/tasks/restore.yml': '- nonsense: x\n' }
    expect(load('- hosts: all\n  roles: [db]\n', files).problems).not.toEqual([])
  })
})
