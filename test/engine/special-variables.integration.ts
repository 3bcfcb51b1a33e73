/** Ansible's page of special variables, one by one. */
import { afterEach, describe, expect, it } from 'vitest'
import { type Stage, type Theatre, theatre } from './stage.ts'

let open: Theatre | null = null

function on(site: string, more: Partial<Stage> & { also?: Record<string, string> } = {}): Theatre {
  const { also, ...stage } = more
  open = theatre({ files: { 'site.yml': site, ...also }, ...stage })
  return open
}

afterEach(() => {
  open?.close()
  open = null
})

function failures(events: Awaited<ReturnType<Theatre['play']>>['events']): unknown[] {
  return events.flatMap(event =>
    event.type === 'task.result' && event.status === 'failed' ? [`${event.name}: ${event.reason}`] : [],
  )
}

const ROLES = {
  'roles/outer/meta/main.yml': 'dependencies: [needed]\n',
  'roles/needed/tasks/main.yml': '- { name: as needed, assert: { that: role_name == "needed" } }\n',
  'roles/outer/tasks/main.yml': `
- name: in a role
  assert:
    that:
      - role_name == 'outer' and ansible_role_name == 'outer' and role_path == playbook_dir ~ '/roles/outer'
      - ansible_play_role_names == ['outer'] and role_names == ['outer']
      - ansible_dependent_role_names == ['needed']
      - ansible_role_names | sort == ['needed', 'outer']
      - ansible_parent_role_names == [] or ansible_parent_role_names is not defined
      - ansible_search_path[0] == role_path
- include_role: { name: inner }
`,
  'roles/inner/tasks/main.yml': `
- name: in a role of a role
  assert: { that: "ansible_parent_role_names == ['outer'] and ansible_parent_role_paths == [playbook_dir ~ '/roles/outer']" }
`,
}

const CONDITIONS = [
  'ansible_check_mode == false and ansible_diff_mode == true and ansible_verbosity == 2 and ansible_forks == 5',
  "ansible_run_tags == ['a', 'always'] and ansible_skip_tags == ['b']",
  "ansible_version.full is version('2.19', '>=') and ansible_version.major == 2 and vpai_version == 'test'",
  "ansible_version.full is version('2.20', '<')",
  'ansible_limit is not defined and ansible_inventory_sources == [] and ansible_config_file is none',
  "ansible_playbook_python is search('python') and playbook_dir is match('/')",
  "ansible_play_name == 'one' and ansible_play_hosts == ['h1.lan', '10.0.0.2']",
  "ansible_play_hosts_all == ['h1.lan', '10.0.0.2'] and play_hosts == ansible_play_hosts",
  'ansible_play_batch == [inventory_hostname]',
  "inventory_hostname_short in ['h1', '10.0.0.2'] and hostvars['h1.lan'].inventory_hostname_short == 'h1'",
  "group_names == ['ungrouped'] and groups.all == ['h1.lan', '10.0.0.2']",
  "ansible_host == inventory_hostname and ansible_user == 'me' and hostvars[inventory_hostname].ansible_host is not defined",
  "environment == [{'A': 'b'}]",
  "vars.own == 3 and lookup('vars', 'own') == 3 and 'own' in lookup('varnames', '^ow')",
  "q('vars', 'own') == [3] and omit is defined",
]

describe('special variables', () => {
  it('tell of the run, the play, the host and the task', async () => {
    const { events } = await on(
      `
- hosts: all
  name: one
  serial: 1
  remote_user: me
  environment: { A: b }
  vars: { own: 3 }
  tags: a
  tasks:
${CONDITIONS.map(one => `    - { name: "${one.replaceAll('"', '\\"')}", assert: { that: "${one}" }, ignore_errors: false, when: true }`).join('\n')}
`,
      {
        hosts: ['h1.lan', '10.0.0.2'],
        options: { diff: true, verbosity: 2, tags: ['a', 'always'], skipTags: ['b'] },
      },
    ).play()
    expect(failures(events)).toEqual([])
    expect(events.filter(event => event.type === 'task.result')).toHaveLength(CONDITIONS.length * 2)
  })

  it('tell of roles', async () => {
    const { events } = await on('- hosts: all\n  roles: [outer]\n', { also: ROLES }).play()
    expect(failures(events)).toEqual([])
    expect(events.filter(event => event.type === 'task.result')).toHaveLength(3)
  })

  it('tell what failed, with what can be known of it', async () => {
    const { events } = await on(`
- hosts: all
  tasks:
    - block:
        - name: "breaks {{ 1 + 1 }}"
          command: "false {{ word }} {{ nowhere | default('x') }}"
          args: { chdir: "{{ dir }}" }
          register: broken
          tags: t1
          vars: { word: hello }
      rescue:
        - name: knows
          assert:
            that:
              - ansible_failed_task.name == 'breaks 2' and ansible_failed_task.action == 'command'
              - ansible_failed_task.args._raw_params == 'false hello x' and ansible_failed_task.args.chdir == dir
              - ansible_failed_task.register == 'broken' and 't1' in ansible_failed_task.tags
              - ansible_failed_result.rc == 1 and ansible_failed_result is failed
`).play()
    expect(failures(events)).toEqual(['breaks 2: non-zero return code'])
  })

  it('tell of loops', async () => {
    const { events } = await on(`
- hosts: all
  tasks:
    - name: has all
      assert: { that: "ansible_loop.allitems == [4, 5] and ansible_index_var == 'at' and ansible_loop_var == 'one' and ansible_loop.length == 2" }
      loop: [4, 5]
      loop_control: { extended: true, index_var: at, loop_var: one }
    - name: has no items
      assert: { that: "ansible_loop.allitems is not defined and ansible_loop.first == (item == 4)" }
      loop: [4, 5]
      loop_control: { extended: true, extended_allitems: "{{ 1 == 2 }}" }
    - name: stops
      debug: { msg: "{{ item }}" }
      loop: [1, 2, 3]
      loop_control: { break_when: item == 2 }
      register: told
    - { name: has stopped, assert: { that: told.results | length == 2 } }
`).play()
    expect(failures(events)).toEqual([])
  })
})

describe('facts', () => {
  it('of set_fact are facts only when cacheable', async () => {
    const { events } = await on(`
- hosts: all
  tasks:
    - set_fact: { kept: 1, cacheable: true }
    - set_fact: { passing: 1 }
    - { name: are kept, assert: { that: "ansible_facts.kept == 1 and kept == 1 and ansible_facts.passing is not defined" } }
    - set_fact: { kept: 2 }
    - { name: are weaker, assert: { that: "ansible_facts.kept == 1 and kept == 2" } }
`).play()
    expect(failures(events)).toEqual([])
  })
})

describe('hosts made in the run', () => {
  it('add_host adds one for all hosts, group_by groups with parents, and both tell whether that is new', async () => {
    const { events, results } = await on(
      `
- hosts: all
  tasks:
    - { name: adds, add_host: { name: "new-{{ inventory_hostname }}", groups: [fresh], word: hello } }
    - { name: adds again, add_host: { name: "new-h1", groups: [fresh], word: hello } }
    - { name: groups, group_by: { key: "os {{ inventory_hostname }}", parents: [systems] } }
    - { name: groups again, group_by: { key: "os {{ inventory_hostname }}", parents: [systems] } }
- hosts: fresh
  tasks: [{ name: is new, assert: { that: "word == 'hello' and groups.fresh == ['new-h1']" } }]
- hosts: os-h1
  tasks: [{ name: is grouped, assert: { that: "group_names == ['os-h1', 'systems']" } }]
- hosts: systems
  tasks: [{ name: is below, ping: }]
`,
      { hosts: ['h1', 'h2'] },
    ).play()
    expect(failures(events)).toEqual([])
    expect([...results].sort()).toEqual(
      [
        'h1 adds: changed',
        'h1 adds again: ok',
        'h1 groups: changed',
        'h2 groups: changed',
        'h1 groups again: ok',
        'h2 groups again: ok',
        'new-h1 is new: ok',
        'h1 is grouped: ok',
        'h1 is below: ok',
        'h2 is below: ok',
      ].sort(),
    )
  })
})
