import { existsSync, readFileSync, writeFileSync } from 'node:fs'
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

const FILES = `
- hosts: all
  tasks:
    - name: folder
      file: { path: "{{ dir }}/{{ inventory_hostname }}", state: directory, mode: "0750" }
    - name: text
      copy: { content: "hello {{ inventory_hostname }}\\n", dest: "{{ dir }}/{{ inventory_hostname }}/motd", mode: "0644" }
      notify: told
    - name: look
      stat: { path: "{{ dir }}/{{ inventory_hostname }}/motd" }
      register: motd
    - name: size is known
      assert: { that: motd.stat.size == 9 }
  handlers:
    - name: told
      copy: { content: told, dest: "{{ dir }}/{{ inventory_hostname }}/told" }
`

describe('a run', () => {
  it('makes what is asked for, and changes nothing the second time', async () => {
    const stage = on(FILES)
    const first = await stage.play()
    expect(first.results).toEqual([
      'h1 folder: changed',
      'h1 text: changed',
      'h1 look: ok',
      'h1 size is known: ok',
      'h1 told: changed',
    ])
    expect(readFileSync(`${stage.dir}/h1/motd`, 'utf8')).toBe('hello h1\n')
    const second = await stage.play()
    expect(second.summary.stats.h1).toMatchObject({ ok: 4, changed: 0, failed: 0 })
  })

  it('asks a converged host everything in one request', async () => {
    const stage = on(FILES)
    await stage.play()
    const second = await stage.play()
    expect(second.requests).toBe(1)
  })

  it('keeps hosts in step: every host has done a task before any begins the next', async () => {
    const { results } = await on(FILES, { hosts: ['h1', 'h2'] }).play()
    expect(results.slice(0, 2).sort()).toEqual(['h1 folder: changed', 'h2 folder: changed'])
    expect(results.slice(2, 4).sort()).toEqual(['h1 text: changed', 'h2 text: changed'])
  })
})

describe('check mode', () => {
  it('says what would change and changes nothing', async () => {
    const stage = on(FILES)
    const checked = await stage.play({ options: { check: true } })
    expect(checked.results[0]).toBe('h1 folder: changed')
    expect(existsSync(`${stage.dir}/h1`)).toBe(false)
  })

  it('calls what hangs on an unapplied change known after apply, and never guesses', async () => {
    const checked = await on(FILES).play({ options: { check: true } })
    expect(checked.results).toContain('h1 look: late')
    expect(checked.results).toContain('h1 size is known: late')
  })

  it('fails what looks at nothing of the host, whatever else would change', async () => {
    const { results } = await on(
      `
- hosts: all
  tasks:
    - { name: file, copy: { content: x, dest: "{{ dir }}/x" } }
    - { name: wrong, assert: { that: 1 == 2 } }
`,
      { options: { check: true } },
    ).play()
    expect(results).toEqual(['h1 file: changed', 'h1 wrong: failed'])
  })

  it('does not run a command, and what looks at its result is known after apply', async () => {
    const stage = on(`
- hosts: all
  tasks:
    - command: touch {{ dir }}/made
      register: made
    - name: after
      debug: { msg: "{{ made.rc }}" }
    - name: read
      command: echo read
      check_mode: false
      changed_when: false
      register: read
    - name: known
      assert: { that: read.stdout == 'read' }
`)
    const { results } = await stage.play({ options: { check: true } })
    expect(results).toEqual(['h1 command: changed', 'h1 after: late', 'h1 read: ok', 'h1 known: ok'])
    expect(existsSync(`${stage.dir}/made`)).toBe(false)
  })

  it.each([
    ['a command would change', 'command: "true"', 'changed'],
    ['with changed_when false it would not', 'command: "true"\n      changed_when: false', 'skipped'],
    ['with a condition on variables that is told', 'command: "true"\n      changed_when: wanted', 'changed'],
    [
      'with a condition on its output it is known after apply',
      'command: "true"\n      register: out\n      changed_when: out.stdout != ""',
      'late',
    ],
    ['until is not waited for', 'command: "false"\n      until: no\n      delay: 9', 'changed'],
    ['waiting changes nothing', 'wait_for: { path: /nowhere }', 'skipped'],
  ])('%s', async (_fact, task, status) => {
    const { results } = await on(`
- hosts: all
  vars: { wanted: true }
  tasks:
    - name: t
      ${task}
`).play({ options: { check: true } })
    expect(results).toEqual([`h1 t: ${status}`])
  })

  it('whether a handler runs hangs on a task that is known after apply', async () => {
    const { results } = await on(`
- hosts: all
  tasks:
    - { name: t, command: "true", register: out, changed_when: out.stdout != "", notify: [h, both] }
    - { name: u, command: "true", notify: both }
  handlers:
    - { name: h, command: "true" }
    - { name: both, command: "true" }
`).play({ options: { check: true } })
    expect(results).toEqual(['h1 t: late', 'h1 u: changed', 'h1 h: late', 'h1 both: changed'])
  })

  it('a command that would run would notify its handler', async () => {
    const { results } = await on(`
- hosts: all
  tasks:
    - { name: t, command: "true", notify: h }
  handlers:
    - { name: h, command: "true" }
`).play({ options: { check: true } })
    expect(results).toEqual(['h1 t: changed', 'h1 h: changed'])
  })
})

describe('failures', () => {
  it('end a host, run rescue and always, and count as rescued', async () => {
    const { results, summary } = await on(`
- hosts: all
  tasks:
    - block:
        - name: breaks
          command: sh -c "echo bad >&2; exit 3"
        - name: never
          debug: { msg: x }
      rescue:
        - name: rescued
          assert: { that: "ansible_failed_result.rc == 3 and ansible_failed_task.name == 'breaks'" }
      always:
        - name: always
          debug: { msg: x }
    - name: goes on
      debug: { msg: x }
`).play()
    expect(results).toEqual(['h1 breaks: failed', 'h1 rescued: ok', 'h1 always: ok', 'h1 goes on: ok'])
    expect(summary.stats.h1).toMatchObject({ failed: 0, rescued: 1, ok: 3 })
  })

  it('leave other hosts running', async () => {
    const { results } = await on(
      `
- hosts: all
  tasks:
    - name: breaks on one
      fail: { msg: no }
      when: inventory_hostname == 'h1'
    - name: after
      debug: { msg: x }
`,
      { hosts: ['h1', 'h2'] },
    ).play()
    expect(results).toContain('h1 breaks on one: failed')
    expect(results).toContain('h2 after: ok')
    expect(results).not.toContain('h1 after: ok')
  })

  it('are passed over with ignore_errors, and decided by failed_when', async () => {
    const { results, summary } = await on(`
- hosts: all
  tasks:
    - name: ignored
      command: "false"
      ignore_errors: true
    - name: fine
      command: sh -c "exit 4"
      register: r
      failed_when: r.rc != 4
      changed_when: r.rc == 5
    - name: not fine
      command: "true"
      register: r
      failed_when: "'x' not in r.stdout"
`).play()
    expect(results).toEqual(['h1 ignored: ignored', 'h1 fine: ok', 'h1 not fine: failed'])
    expect(summary.stats.h1).toMatchObject({ ignored: 1, failed: 1 })
  })
})

it('a command that failed_when calls fine has changed something, and notifies', async () => {
  const { results } = await on(`
- hosts: all
  tasks:
    - { name: odd, command: "false", failed_when: false, notify: told }
  handlers:
    - { name: told, debug: { msg: x } }
`).play()
  expect(results).toEqual(['h1 odd: changed', 'h1 told: ok'])
})

describe('loops and retries', () => {
  it('run once an item, with labels, an index and one registered list', async () => {
    const { events, results } = await on(`
- hosts: all
  tasks:
    - name: each
      copy: { content: "{{ item.v }}", dest: "{{ dir }}/{{ item.n }}" }
      loop: [{ n: a, v: 1 }, { n: b, v: 2 }]
      loop_control: { label: "{{ item.n }}", index_var: i }
      when: i < 5
      register: made
    - name: list
      assert: { that: "made.results | length == 2 and made.results[1].item.n == 'b' and made is changed" }
    - name: dict
      debug: { msg: "{{ item.key }}={{ item.value }}" }
      with_dict: { x: 1, y: 2 }
`).play()
    expect(results).toEqual(['h1 each: changed', 'h1 list: ok', 'h1 dict: ok'])
    expect(events.flatMap(event => (event.type === 'task.item' ? [event.item] : [])).slice(0, 2)).toEqual([
      'a',
      'b',
    ])
  })

  it('try until the condition holds, and fail when it never does', async () => {
    const stage = on(`
- hosts: all
  tasks:
    - name: third time
      shell: echo x >> {{ dir }}/tries; wc -l < {{ dir }}/tries
      register: tries
      until: tries.stdout | int >= 3
      retries: 5
      delay: 0
    - name: counted
      assert: { that: tries.attempts == 3 }
    - name: never
      command: "true"
      register: never
      until: never.rc == 9
      retries: 2
      delay: 0
`)
    const { results } = await stage.play()
    expect(results).toEqual(['h1 third time: changed', 'h1 counted: ok', 'h1 never: failed'])
  })
})

describe('handlers', () => {
  it('run once, in the order they are written, after the tasks, and at flush', async () => {
    const { results } = await on(`
- hosts: all
  tasks:
    - { name: one, command: "true", notify: [second, topic] }
    - { name: two, command: "true", notify: first }
    - meta: flush_handlers
    - { name: three, command: "true", changed_when: false, notify: first }
  handlers:
    - { name: first, debug: { msg: x } }
    - { name: second, debug: { msg: x } }
    - { name: third, debug: { msg: x }, listen: topic }
`).play()
    expect(results).toEqual([
      'h1 one: changed',
      'h1 two: changed',
      'h1 first: ok',
      'h1 second: ok',
      'h1 third: ok',
      'h1 three: ok',
    ])
  })
})

describe('variables', () => {
  it('are stronger the nearer they stand, and hostvars reach other hosts', async () => {
    const { results } = await on(
      `
- hosts: all
  vars: { who: play }
  tasks:
    - { name: play var, assert: { that: who == 'play' } }
    - { name: task var, assert: { that: who == 'task' }, vars: { who: task } }
    - set_fact: { who: "fact {{ inventory_hostname }}" }
    - { name: fact, assert: { that: "who == 'fact ' ~ inventory_hostname" } }
    - { name: others, assert: { that: "hostvars['h2'].who == 'fact h2' and groups['all'] | length == 2" } }
    - { name: extra, assert: { that: given == 'x' } }
`,
      { hosts: ['h1', 'h2'], options: { extraVars: { given: 'x' } } },
    ).play()
    expect(results.filter(line => !/: ok$/.test(line))).toEqual([])
  })

  it('give roles their defaults, parameters and files, also when included by a computed name', async () => {
    const also = {
      'roles/web/defaults/main.yml': 'http_port: 80\nname: web\n',
      'roles/web/tasks/main.yml':
        '- name: page\n  template: { src: page.j2, dest: "{{ dir }}/{{ name }}" }\n  notify: reload\n- include_tasks: "{{ name }}.yml"\n  when: name == "more"\n',
      'roles/web/tasks/more.yml': '- name: inner\n  debug: { msg: "{{ role_name }}" }\n',
      'roles/web/templates/page.j2': '{{ name }}:{{ http_port }}\n',
      'roles/web/handlers/main.yml': '- name: reload\n  debug: { msg: "{{ http_port }}" }\n',
    }
    const stage = on(
      `
- hosts: all
  roles:
    - { role: web, http_port: 81 }
  tasks:
    - include_role: { name: "{{ 'we' ~ 'b' }}" }
      vars: { name: more, http_port: 82 }
`,
      { also },
    )
    const { results } = await stage.play()
    // Of the two handlers of that name the last one is meant.
    expect(results).toEqual(['h1 page: changed', 'h1 page: changed', 'h1 inner: ok', 'h1 reload: ok'])
    expect(readFileSync(`${stage.dir}/web`, 'utf8')).toBe('web:81\n')
    expect(readFileSync(`${stage.dir}/more`, 'utf8')).toBe('more:82\n')
  })
})

describe('tags', () => {
  const site = `
- hosts: all
  tasks:
    - { name: a, debug: { msg: x }, tags: [one] }
    - { name: b, debug: { msg: x }, tags: [always] }
    - { name: c, debug: { msg: x }, tags: [never, one] }
    - { name: d, debug: { msg: x } }
`
  it.each([
    ['nothing asked', {}, 'a b d'],
    ['one tag', { tags: ['one'] }, 'a b c'],
    ['skipped', { skipTags: ['one'] }, 'b d'],
    ['untagged', { tags: ['untagged'] }, 'b d'],
    ['tagged', { tags: ['tagged'] }, 'a b'],
  ])('%s', async (_situation, options, expected) => {
    const { results } = await on(site).play({ options })
    expect(results.map(line => line.split(' ')[1]?.slice(0, 1)).join(' ')).toBe(expected)
  })
})

describe('the door', () => {
  it('notices that somebody else changed a file between looking and changing', async () => {
    const stage = on(`
- hosts: all
  tasks:
    - name: text
      copy: { content: "ours\\n", dest: "{{ dir }}/file" }
`)
    writeFileSync(`${stage.dir}/file`, 'theirs\n')
    const { results } = await stage.play()
    expect(results).toEqual(['h1 text: changed'])
    expect(readFileSync(`${stage.dir}/file`, 'utf8')).toBe('ours\n')
  })

  it('warns of a secret in a command line, and refuses it where secrets are strict', async () => {
    const site = '- hosts: all\n  tasks:\n    - { name: leak, command: "echo {{ token }}" }\n'
    const secrets = { token: 'correct-horse-battery' }
    const warned = await on(site, { secrets }).play()
    expect(warned.events.some(event => event.type === 'warning' && /secret/.test(event.message))).toBe(true)
    expect(JSON.stringify(warned.events)).not.toContain('correct-horse')
    const refused = await open?.play({ options: { strictSecrets: true } })
    expect(refused?.results).toEqual(['h1 leak: failed'])
  })
})

it('hosts and groups added on the way take part in later plays', async () => {
  const { results } = await on(
    `
- hosts: all
  tasks:
    - { name: group, group_by: { key: "n_{{ inventory_hostname }}" } }
    - { name: host, add_host: { name: h9, groups: [late], colour: red }, run_once: true }
- hosts: n_h1:late
  tasks:
    - { name: there, assert: { that: "inventory_hostname == 'h1' or colour == 'red'" } }
`,
    { hosts: ['h1', 'h2'] },
  ).play()
  expect(results.filter(line => / there: /.test(line)).sort()).toEqual(['h1 there: ok', 'h9 there: ok'])
})

it('serial takes hosts in batches', async () => {
  const { results } = await on(
    '- hosts: all\n  serial: [1, "100%"]\n  tasks:\n    - { name: a, debug: { msg: x } }\n    - { name: b, debug: { msg: x } }\n',
    {
      hosts: ['h1', 'h2', 'h3'],
    },
  ).play()
  expect(results.slice(0, 2)).toEqual(['h1 a: ok', 'h1 b: ok'])
  expect(results).toHaveLength(6)
})

it('run_once acts on one host and shares what it registered', async () => {
  const { results } = await on(
    '- hosts: all\n  tasks:\n    - { name: once, command: "echo {{ inventory_hostname }}", run_once: true, register: r }\n    - { name: shared, assert: { that: r.stdout == "h1" } }\n',
    { hosts: ['h1', 'h2'] },
  ).play()
  expect(results).toEqual(['h1 once: changed', 'h1 shared: ok', 'h2 shared: ok'])
})
