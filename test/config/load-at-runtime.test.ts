import { describe, expect, it } from 'vitest'
import { loadIncluded } from '../../src/config/load-at-runtime.ts'
import { loadPlaybooks } from '../../src/config/load-playbooks.ts'
import type { Block, Include, Task } from '../../src/config/model.ts'
import { aLoadOptions } from './load-options.ts'
import { memoryReader } from './memory-reader.ts'

const FILES = {
  'plays/site.yml': [
    '- hosts: all',
    '  tasks:',
    '    - include_tasks: "{{ ansible_os_family }}.yml"',
    '    - include_role:',
    '        name: "{{ ansible_role }}"',
    '        tasks_from: "{{ ansible_part }}"',
    '    - include_tasks: fixed.yml',
    '',
  ].join('\n'),
  'plays/debian.yml': '- ping:\n- include_tasks: fixed.yml\n',
  'plays/broken.yml': '- pign:\n',
  'plays/torn.yml': '- ping: {a: 1\n- ping:\n',
  'plays/fixed.yml': '- ping:\n',
  'roles/web/tasks/install.yml': '- ping:\n',
  'roles/web/handlers/main.yml': '- name: again\n  ping:\n',
  'roles/web/meta/main.yml': 'dependencies: [base]\n',
  'roles/base/tasks/main.yml': '- ping:\n',
}

function loaded() {
  const { playbooks, context } = loadPlaybooks(memoryReader(FILES), ['plays/site.yml'], aLoadOptions())
  const includes = playbooks[0]!.plays[0]!.tasks as Include[]
  const load = (index: number, target: string, options = {}, include = includes[index]!) =>
    loadIncluded(context, { include, target, options, playbookDirectory: 'plays' })
  return { includes, load }
}

describe('loadIncluded', () => {
  it('loads a file of tasks beside the including one', () => {
    const { nodes, handlers, problems } = loaded().load(0, 'debian.yml')
    expect(problems).toEqual([])
    expect(handlers).toEqual([])
    expect(nodes.map(node => node.kind)).toEqual(['task', 'include'])
    expect((nodes[0] as Task).id).toBe('plays/site.yml:3:7>plays/debian.yml:1:3')
  })

  it('loads a role with its dependencies and handlers', () => {
    const { nodes, handlers, problems } = loaded().load(1, 'web', { tasks_from: 'install' })
    expect(problems).toEqual([])
    const uses = nodes.map(node => (node as Block).use!)
    expect(uses.map(use => [use.role.name, use.tasksFrom])).toEqual([
      ['base', 'main'],
      ['web', 'install'],
    ])
    expect(handlers.map(handler => handler.name)).toEqual(['again'])
  })

  it('gives the same ids each time', () => {
    const { load } = loaded()
    const ids = () => load(0, 'debian.yml').nodes.map(node => (node as Task).id)
    expect(ids()).toEqual(ids())
  })

  it('keeps the way to the include in the ids', () => {
    const { load } = loaded()
    const inner = load(0, 'debian.yml').nodes[1] as Include
    const ids = load(0, 'fixed.yml', {}, inner).nodes.map(node => (node as Task).id)
    const way = 'plays/site.yml:3:7>plays/debian.yml:2:3'
    expect(inner.id).toBe(way)
    expect(ids).toEqual([`${way}>plays/fixed.yml:1:3`])
  })

  it('gives the tasks of a static include the ids they were checked under', () => {
    const { includes, load } = loaded()
    expect(includes[2]!.id).toBe('plays/site.yml:7:7')
    expect((load(2, 'fixed.yml').nodes[0] as Task).id).toBe('plays/site.yml:7:7>plays/fixed.yml:1:3')
  })

  it.each([
    ['a file that is not there', 0, 'none.yml', 'CONFIG_FILE_NOT_FOUND', 'plays/site.yml'],
    ['a role that is not there', 1, 'none', 'CONFIG_ROLE_NOT_FOUND', 'plays/site.yml'],
    ['a mistake in the file', 0, 'broken.yml', 'CONFIG_UNKNOWN_MODULE', 'plays/broken.yml'],
  ])('tells %s', (_, index, target, code, file) => {
    const { problems } = loaded().load(index, target)
    expect(problems.map(problem => [problem.code, problem.position?.file])).toEqual([[code, file]])
  })

  it('tells the problems of a file each time it is asked for', () => {
    const { load } = loaded()
    const codes = () => load(0, 'torn.yml').problems.map(problem => problem.code)
    expect([codes(), codes()]).toEqual([['YAML_SYNTAX'], ['YAML_SYNTAX']])
  })
})
