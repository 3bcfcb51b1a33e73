import { describe, expect, it } from 'vitest'
import type { LoadOptions } from '../../src/config/load-context.ts'
import { loadPlaybooks } from '../../src/config/load-playbooks.ts'
import type { Block, Task } from '../../src/config/model.ts'
import { aLoadOptions } from './load-options.ts'
import { memoryReader } from './memory-reader.ts'

function load(
  files: Readonly<Record<string, string>>,
  options: Partial<LoadOptions> = {},
  playbooks = ['site.yml'],
) {
  return loadPlaybooks(memoryReader(files), playbooks, aLoadOptions(options))
}

function play(tasks: string): Record<string, string> {
  return { 'site.yml': `- hosts: all\n  tasks:\n${tasks.replaceAll(/^/gm, '    ')}\n` }
}

const codesOf = (files: Readonly<Record<string, string>>, options: Partial<LoadOptions> = {}) =>
  load(files, options).problems.map(problem => problem.code)

describe('roles', () => {
  const task = '- ping:\n'
  const files = { 'plays/site.yml': '- hosts: all\n  roles: [web]\n' }
  const pathOf = (more: Record<string, string>) => {
    const { playbooks } = load({ ...files, ...more }, { rolesPath: ['extra'], shippedRoles: '/opt/roles' }, [
      'plays/site.yml',
    ])
    return playbooks[0]!.plays[0]!.roles[0]?.use?.role.path
  }
  const places = ['plays/roles/web', 'roles/web', 'extra/web', '/opt/roles/web']

  it.each(places.map((place, index) => [place, index] as const))(
    'are found in %s before all later places',
    (place, index) => {
      const there = places.slice(index).map(path => [`${path}/tasks/main.yml`, task])
      expect(pathOf(Object.fromEntries(there))).toBe(place)
    },
  )

  it('that are near in name are suggested', () => {
    const { problems } = load({ ...files, 'roles/wbe/tasks/main.yml': task }, {}, ['plays/site.yml'])
    expect(problems[0]?.hint).toBe('Did you mean wbe? Looked for plays/roles, roles.')
  })
})

it('a mapping with an argument called source is no free text', () => {
  const { playbooks, problems } = load(play('- docker_image: {name: a, source: build}'))
  expect(problems).toEqual([])
  expect((playbooks[0]!.plays[0]!.tasks[0] as Task).args).toEqual({ name: 'a', source: 'build' })
})

describe('hints', () => {
  it.each([
    ['a module', '- tempalte: {src: a}', 'Did you mean template?'],
    ['a keyword', '- ping:\n  notfy: x', 'Did you mean notify?'],
    ['an argument', '- file: {pth: /x}', 'Did you mean path?'],
    ['all arguments when none is near', '- stat: {colour: red}', 'It takes: path'],
    ['a variable', '- debug: msg={{ web_prot }}\n  vars: {web_port: 1}', 'Did you mean web_port?'],
    [
      'the right place of a keyword',
      '- include_tasks: site.yml\n  become: true',
      'Put it under apply: to give it to what is included',
    ],
    [
      'a usable name',
      '- command: ls\n  register: my-result',
      'Letters, digits and _ only, not beginning with a digit, for example my_result.',
    ],
    ['how to write a loop', '- ping:\n  loop: things', 'Write loop: "{{ things }}"'],
  ])('name %s', (_, tasks, hint) => {
    expect(load(play(tasks)).problems.map(problem => problem.hint)).toContain(hint)
  })
})

describe('undefined variables', () => {
  const use = play('- debug: msg={{ port }}')
  const severity = (files: Record<string, string>, options: Partial<LoadOptions> = {}) =>
    load(files, options).problems.map(problem => problem.severity ?? 'error')

  it('are errors', () => {
    expect(severity(use)).toEqual(['error'])
  })

  it('are one problem each, at their first place, with the others in the hint', () => {
    const uses = Array.from({ length: 6 }, () => '- debug: msg="{{ port }} {{ port }}"').join('\n')
    const { problems } = load(play(uses))
    expect(problems).toMatchObject([{ code: 'CONFIG_UNDEFINED_VARIABLE', position: { line: 3, column: 22 } }])
    expect(problems[0]!.hint).toMatch(/Also used at site.yml:4, site.yml:5, site.yml:6 and 2 more places\.$/)
  })

  it('are warnings where names cannot be listed', () => {
    expect(severity(use, { hasDynamicNames: true })).toEqual(['warning'])
  })

  it.each([
    ['the inventory', use, { definedNames: new Set(['port']) }],
    ['set_fact', play('- set_fact: port=1\n- debug: msg={{ port }}'), {}],
    [
      'set_fact in a static include',
      { ...play('- include_tasks: a.yml\n- debug: msg={{ port }}'), 'a.yml': '- set_fact: {port: 1}\n' },
      {},
    ],
    ['register', play('- command: ls\n  register: port\n- debug: msg={{ port }}'), {}],
    ['a block', play('- vars: {port: 1}\n  block:\n    - debug: msg={{ port }}'), {}],
    ['a loop', play('- debug: msg={{ port }}\n  loop: [1]\n  loop_control: {loop_var: port}'), {}],
    [
      'include_vars by name',
      play('- include_vars: {file: "{{ ansible_os_family }}.yml", name: port}\n- debug: msg={{ port }}'),
      {},
    ],
    ['a fact', play('- debug: msg={{ ansible_port }}'), {}],
    ['the template itself', play('- debug: msg="{% set port = 1 %}{{ port }}"'), {}],
    ['nobody, with a default', play('- debug: msg={{ port | default(1) }}'), {}],
    ['nobody, under a condition', play('- debug: msg={{ port }}\n  when: port is defined'), {}],
    [
      'nobody, under a condition of the include',
      { ...play('- include_tasks: a.yml\n  when: port is defined'), 'a.yml': '- debug: msg={{ port }}\n' },
      {},
    ],
    [
      'the command line, as fail insists',
      play('- fail: msg=no\n  when: port is not defined\n- debug: msg={{ port }}'),
      {},
    ],
    [
      'role parameters',
      {
        'site.yml': '- hosts: all\n  roles: [{role: r, door: 1}]\n',
        'roles/r/tasks/main.yml': '- debug: msg={{ door }}\n',
      },
      {},
    ],
  ])('are none when defined by %s', (_, files, options) => {
    expect(codesOf(files as Record<string, string>, options)).toEqual([])
  })
})

describe('handlers', () => {
  const handlers = (list: string, notify: string) => ({
    'site.yml': `- hosts: all\n  tasks:\n    - ping:\n      notify: ${notify}\n  handlers:\n${list}`,
  })

  it.each([
    ['by name', '    - name: again\n      ping:\n', 'again'],
    ['by topic', '    - name: other\n      listen: again\n      ping:\n', 'again'],
    [
      'by a name with a template',
      '    - name: restart {{ ansible_x }} now\n      ping:\n',
      'restart web now',
    ],
    ['by a template', '    - name: again\n      ping:\n', '"{{ ansible_x }}"'],
  ])('are notified %s', (_, list, notify) => {
    expect(codesOf(handlers(list, notify))).toEqual([])
  })

  it('are only warned about while a role is not known yet', () => {
    const files = play('- include_role: {name: "{{ ansible_role }}"}\n- ping:\n  notify: somebody')
    expect(load(files).problems).toMatchObject([{ code: 'CONFIG_HANDLER_NOT_FOUND', severity: 'warning' }])
  })

  it('stay includes for the engine when they include', () => {
    const files = {
      'site.yml': '- hosts: all\n  handlers:\n    - name: again\n      include_tasks: a.yml\n',
      'a.yml': '- ping:\n',
    }
    const { playbooks, problems } = load(files)
    expect(problems).toEqual([])
    expect(playbooks[0]!.plays[0]!.handlers).toMatchObject([
      { kind: 'task', name: 'again', module: 'include_tasks', args: { file: 'a.yml' } },
    ])
  })
})

describe('problems', () => {
  it('are told once, however often a role is used', () => {
    const files = {
      'site.yml': '- hosts: all\n  roles: [r, r, {role: r, x: 1}]\n- hosts: all\n  roles: [r]\n',
      'roles/r/tasks/main.yml': '- pign:\n',
    }
    expect(codesOf(files)).toEqual(['CONFIG_UNKNOWN_MODULE'])
  })

  it('come in the order of files and lines', () => {
    const files = {
      'site.yml': '- hosts: all\n  nonsense: 1\n  tasks:\n    - import_tasks: a.yml\n    - pign:\n',
      'a.yml': '- pign:\n',
    }
    const places = load(files).problems.map(({ position }) => `${position?.file}:${position?.line}`)
    expect(places).toEqual(['a.yml:1', 'site.yml:2', 'site.yml:5'])
  })
})

describe('playbooks', () => {
  it('given twice have tasks with ids of their own', () => {
    const { playbooks } = load(play('- ping:'), {}, ['site.yml', 'site.yml'])
    const ids = playbooks.map(playbook => (playbook.plays[0]!.tasks[0] as Task).id)
    expect(new Set(ids).size).toBe(2)
  })

  it('may be imported by full name', () => {
    const files = {
      'site.yml': '- ansible.builtin.import_playbook: sub/a.yml\n',
      'sub/a.yml': '- hosts: all\n',
    }
    const { playbooks, problems } = load(files)
    expect(problems).toEqual([])
    expect(playbooks[0]!.plays[0]).toMatchObject({ file: 'sub/a.yml', directory: 'sub' })
  })

  it('may be empty', () => {
    expect(load({ 'site.yml': '' }).problems).toEqual([])
  })
})

describe('notify of a block', () => {
  it('reaches what it imports, but not other blocks', () => {
    const files = {
      'site.yml': [
        '- hosts: all',
        '  tasks:',
        '    - notify: again',
        '      block:',
        '        - import_tasks: a.yml',
        '    - ping:',
        '  handlers:',
        '    - {name: again, ping: }',
        '',
      ].join('\n'),
      'a.yml': '- ping:\n',
    }
    const [block, after] = load(files).playbooks[0]!.plays[0]!.tasks
    const imported = (block as Block).block[0] as Block
    expect((imported.block[0] as Task).notify).toEqual(['again'])
    expect((after as Task).notify).toEqual([])
  })
})
