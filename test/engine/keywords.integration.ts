/** Keywords of Ansible's page of playbook keywords that no other file looks at. */
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
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

describe('fact_path', () => {
  it('names the folder of local facts: JSON, INI and programs', async () => {
    const stage = on(`
- hosts: all
  gather_facts: true
  fact_path: "{{ dir }}/facts.d"
  tasks:
    - name: has them
      assert:
        that:
          - ansible_local.json.a == 1 and ansible_local.ini.part.word == 'x'
          - ansible_local.program.from == 'a program' and ansible_facts.local.json.a == 1 and ansible_facts.ansible_local.json.a == 1
          - ansible_facts.hostname is defined
    - setup: { fact_path: /nowhere, filter: [local] }
    - { name: has none, assert: { that: "ansible_local == {}" } }
`)
    const folder = path.join(stage.dir, 'facts.d')
    mkdirSync(folder)
    writeFileSync(path.join(folder, 'json.fact'), '{"a": 1}')
    writeFileSync(path.join(folder, 'ini.fact'), '[part]\nword = x\n')
    writeFileSync(path.join(folder, 'program.fact'), '#!/bin/sh\necho \'{"from": "a program"}\'\n', {
      mode: 0o755,
    })
    const { results } = await stage.play()
    expect(results.filter(line => line.includes('failed'))).toEqual([])
    expect(results).toHaveLength(4)
  })
})

describe('gather_timeout', () => {
  it('ends a program of local facts that takes longer', async () => {
    const site = (seconds: number) => `
- hosts: all
  gather_facts: true
  gather_timeout: ${seconds}
  fact_path: "{{ dir }}/facts.d"
  tasks: [{ name: looks, debug: { msg: "{{ ansible_local.slow.a | default('late') }}" }, register: told }, { name: "{{ told.msg }}", ping: }]
`
    const stage = on(site(1))
    const folder = path.join(stage.dir, 'facts.d')
    mkdirSync(folder)
    writeFileSync(path.join(folder, 'slow.fact'), '#!/bin/sh\nsleep 2; echo \'{"a": 1}\'\n', { mode: 0o755 })
    expect((await stage.play()).results.at(-1)).toBe('h1 late: ok')
    expect((await stage.play({ files: { 'site.yml': site(20) } })).results.at(-1)).toBe('h1 1: ok')
  })
})

describe('become_exe and become_flags', () => {
  it('name the program; variables of the host are stronger', async () => {
    const stage = on(
      `
- hosts: all
  become: true
  become_user: nobody
  become_exe: "{{ dir }}/mine"
  become_flags: -E
  tasks:
    - { name: as keywords say, command: id -un, register: who }
    - { name: became, assert: { that: who.stdout == 'nobody' } }
    - { name: as variables say, command: id -un, register: who, vars: { ansible_become_exe: "{{ dir }}/other" } }
`,
    )
    const program = (name: string) =>
      writeFileSync(
        path.join(stage.dir, name),
        `#!/bin/sh\necho "${name} $*" >>${stage.dir}/said\nexec sudo "$@"\n`,
        {
          mode: 0o755,
        },
      )
    for (const name of ['mine', 'other']) program(name)
    const { results } = await stage.play()
    expect(results.filter(line => line.includes('failed'))).toEqual([])
    const said = readFileSync(path.join(stage.dir, 'said'), 'utf8')
    expect(said).toMatch(/^mine -E -n -u nobody -- /)
    expect(said).toContain('other -E -n -u nobody -- ')
  })
})

describe('what cannot be honoured', () => {
  it.each([
    ['debugger', '  debugger: on_failed\n  tasks: []'],
    ['strategy debug', '  strategy: debug\n  tasks: []'],
    ['add_host with strategy free', '  strategy: free\n  tasks: [{ add_host: { name: x } }]'],
  ])('is an error before anything runs: %s', async (_what, text) => {
    const played = on(`- hosts: all\n${text}\n`).play()
    await expect(played).rejects.toMatchObject({ problems: [{ code: 'CONFIG_KEYWORD_UNSUPPORTED' }] })
  })
})

it('user is an older name of remote_user', async () => {
  const users: (string | null)[] = []
  await on('- hosts: all\n  user: me\n  tasks: [{ command: "true" }]\n', {
    dial: ({ remoteUser }) => void users.push(remoteUser),
  }).play()
  expect(users).toEqual(['me'])
})

describe('module_defaults', () => {
  it('does not come back where an argument is omitted', async () => {
    const stage = on(`
- hosts: all
  module_defaults: { copy: { mode: "0600" } }
  tasks:
    - copy: { content: x, dest: "{{ dir }}/kept" }
    - copy: { content: x, dest: "{{ dir }}/omitted", mode: "{{ omit }}" }
`)
    await stage.play()
    const mode = (name: string) => statSync(path.join(stage.dir, name)).mode & 0o777
    expect([mode('kept'), mode('omitted')]).toEqual([0o600, 0o644])
  })
})

describe('ansible_play_role_names', () => {
  it('tells a role that is listed twice twice', async () => {
    const { results } = await on(
      `
- hosts: all
  roles: [{ role: web, n: 1 }, { role: web, n: 2 }]
  tasks:
    - { name: both, assert: { that: "ansible_play_role_names == ['web', 'web'] and ansible_role_names == ['web']" } }
`,
      { also: { 'roles/web/tasks/main.yml': '- name: web\n  command: "true"\n' } },
    ).play()
    expect(results.at(-1)).toBe('h1 both: ok')
  })
})

describe('template', () => {
  it('takes marks and the handling of blocks from its arguments', async () => {
    const stage = on(
      `
- hosts: all
  tasks:
    - template:
        src: t.j2
        dest: "{{ dir }}/out"
        trim_blocks: false
        variable_start_string: "[["
        variable_end_string: "]]"
`,
      { also: { 'templates/t.j2': '{% if true %}\n[[ 1 + 1 ]] {{ left }}\n{% endif %}\n' } },
    )
    await stage.play()
    expect(readFileSync(path.join(stage.dir, 'out'), 'utf8')).toBe('\n2 {{ left }}\n')
  })
})

describe('fetch', () => {
  it('puts a relative dest beside the playbook', async () => {
    const stage = on(`
- hosts: all
  tasks:
    - copy: { content: x, dest: "{{ dir }}/from" }
    - { fetch: { src: "{{ dir }}/from", dest: got/, flat: true }, register: got }
    - { name: there, assert: { that: "got.dest == playbook_dir ~ '/got/from'" } }
`)
    expect((await stage.play()).results.at(-1)).toBe('h1 there: ok')
  })
})
